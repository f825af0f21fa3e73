// Applications in /metrics as they are now: which report, and their pools as last told. What they did is counted in app/counters/.

import type { NumberFamily } from '../../export/metric-family.ts'
import type { ApplicationSummary } from '../../model/application.ts'
import type { Window } from '../../model/units.ts'
import type { Store } from '../../store/store.ts'

export interface ApplicationMetrics {
  /** The target's labels and its id. */
  readonly labels: Readonly<Record<string, string>>
  readonly applications: readonly ApplicationSummary[]
}

export async function readApplicationMetrics(
  store: Store,
  targetId: string,
  labels: Readonly<Record<string, string>>,
  window: Window,
): Promise<ApplicationMetrics> {
  return { labels, applications: await store.applications(targetId, window) }
}

export function applicationFamilies(targets: readonly ApplicationMetrics[]): readonly NumberFamily[] {
  const family = (
    name: string,
    help: string,
    samples: (each: ApplicationMetrics) => readonly Sample[],
  ): NumberFamily => ({
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
