// Applications in /metrics: requests, statements, errors and durations by route over the last ten minutes, and pools as last told.

import type { MetricFamily } from '../../export/prometheus-text.ts'
import type { ApplicationSummary, OperationTotals } from '../../model/application.ts'
import type { Window } from '../../model/units.ts'
import type { Store } from '../../store/store.ts'

export interface ApplicationMetrics {
  /** The target's labels and its id. */
  readonly labels: Readonly<Record<string, string>>
  readonly seconds: number
  readonly applications: readonly ApplicationSummary[]
  readonly requests: readonly OperationTotals[]
  readonly queries: readonly OperationTotals[]
  readonly calls: readonly OperationTotals[]
}

/** More make scrapes dear, and nobody looks at them: the heaviest stay. */
const MOST_ROUTES = 100
const MOST_CALLS = 50

export async function readApplicationMetrics(
  store: Store,
  targetId: string,
  labels: Readonly<Record<string, string>>,
  window: Window,
): Promise<ApplicationMetrics> {
  const applications = await store.applications(targetId, window)
  const seconds = (window.to.getTime() - window.from.getTime()) / 1000
  if (applications.length === 0)
    return { labels, seconds, applications, requests: [], queries: [], calls: [] }
  const [requests, queries, calls] = await Promise.all([
    store.operations(targetId, window, { kind: 'request', limit: MOST_ROUTES }),
    store.operations(targetId, window, { kind: 'query' }),
    store.operations(targetId, window, { kind: 'call', limit: MOST_CALLS }),
  ])
  return { labels, seconds, applications, requests, queries, calls }
}

/** Gauges over ten minutes, as the store's windows give them: counters would fall when history is thinned out. */
export function applicationFamilies(targets: readonly ApplicationMetrics[]): readonly MetricFamily[] {
  const family = (
    name: string,
    help: string,
    samples: (each: ApplicationMetrics) => readonly Sample[],
  ): MetricFamily => ({
    name,
    help,
    type: 'gauge',
    samples: targets.flatMap((each) =>
      samples(each).map(({ labels, value }) => ({ labels: { ...each.labels, ...labels }, value })),
    ),
  })
  return [
    family(
      'pgsteward_application_last_report_timestamp_seconds',
      'When the application reported last, since the epoch.',
      ({ applications }) =>
        applications.map(({ application, lastSeenAt }) => ({
          labels: { application },
          value: lastSeenAt.getTime() / 1000,
        })),
    ),
    family('pgsteward_application_processes', 'Processes of the application that report.', (each) =>
      each.applications.map(({ application, instances }) => ({
        labels: { application },
        value: instances.length,
      })),
    ),
    family(
      'pgsteward_application_requests_per_second',
      'Requests served, by route, over ten minutes.',
      ({ requests, seconds }) =>
        requests.map((row) => ({ labels: routeOf(row), value: row.count / seconds })),
    ),
    family(
      'pgsteward_application_request_error_ratio',
      'Requests that ended in status 500 or above, by route, over ten minutes.',
      ({ requests }) =>
        requests.map((row) => ({ labels: routeOf(row), value: ratioOf(row.errors, row.count) })),
    ),
    family(
      'pgsteward_application_request_duration_seconds',
      'How long requests took, by route and quantile, over ten minutes.',
      ({ requests }) => requests.flatMap((row) => quantiles(row, routeOf(row))),
    ),
    family(
      'pgsteward_application_statements_per_request',
      'Statements sent a request, by route, over ten minutes.',
      ({ requests }) =>
        requests.map((row) => ({ labels: routeOf(row), value: ratioOf(row.rows, row.count) })),
    ),
    family(
      'pgsteward_application_statements_per_second',
      'Statements sent by the application, over ten minutes.',
      ({ applications, queries, seconds }) =>
        applications.map(({ application }) => ({
          labels: { application },
          value:
            queries
              .filter((row) => row.application === application)
              .reduce((sum, row) => sum + row.count, 0) / seconds,
        })),
    ),
    family(
      'pgsteward_application_call_error_ratio',
      'Calls to other services that failed, over ten minutes.',
      ({ calls }) => calls.map((row) => ({ labels: callOf(row), value: ratioOf(row.errors, row.count) })),
    ),
    family(
      'pgsteward_application_call_duration_seconds',
      'How long calls to other services took, by quantile, over ten minutes.',
      ({ calls }) => calls.flatMap((row) => quantiles(row, callOf(row))),
    ),
    family(
      'pgsteward_application_pool_connections',
      "Connections of the application's pools by state, as last told.",
      (each) =>
        pools(each, ({ used, idle }, labels) => [
          { labels: { ...labels, state: 'used' }, value: used },
          { labels: { ...labels, state: 'idle' }, value: idle },
        ]),
    ),
    family('pgsteward_application_pool_connections_max', 'Most connections that the pool may have.', (each) =>
      pools(each, ({ max }, labels) => [{ labels, value: max }]),
    ),
    family('pgsteward_application_pool_waiting', 'Callers that wait for a connection of the pool.', (each) =>
      pools(each, ({ waiting }, labels) => [{ labels, value: waiting }]),
    ),
  ]
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number | null
}

function ratioOf(sum: number, count: number): number | null {
  return count > 0 ? sum / count : null
}

function routeOf({ application, name }: OperationTotals): Readonly<Record<string, string>> {
  return { application, route: name }
}

function callOf({ application, name, route }: OperationTotals): Readonly<Record<string, string>> {
  return { application, call: name, route: route ?? '' }
}

function quantiles(
  { p50Ms, p95Ms, p99Ms }: OperationTotals,
  labels: Readonly<Record<string, string>>,
): readonly Sample[] {
  const at = (quantile: string, ms: number | null): Sample => ({
    labels: { ...labels, quantile },
    value: ms === null ? null : ms / 1000,
  })
  return [at('0.5', p50Ms), at('0.95', p95Ms), at('0.99', p99Ms)]
}

function pools(
  { applications }: ApplicationMetrics,
  samples: (
    pool: ApplicationSummary['instances'][number]['pools'][number],
    labels: Readonly<Record<string, string>>,
  ) => readonly Sample[],
): readonly Sample[] {
  return applications.flatMap(({ application, instances }) =>
    instances.flatMap(({ instance, pools: of }) =>
      of.flatMap((pool) => samples(pool, { application, instance, pool: pool.pool })),
    ),
  )
}
