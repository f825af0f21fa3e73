// Answers about applications: the list, one in detail, slow queries, and who sends a statement.

import type { ApplicationSummary, SlowQueryFilter } from '../../model/application.ts'
import { StewardError } from '../../model/error.ts'
import type { Window } from '../../model/units.ts'
import type {
  ApplicationDetailWire,
  ApplicationWire,
  OperationWire,
  PerformanceMetricsWire,
  SlowQueriesWire,
  SlowQueryWire,
} from '../../model/wire.ts'
import { fingerprintOf } from '../../sql/fingerprint.ts'
import type { Store } from '../../store/store.ts'
import type { Steward } from '../steward.ts'
import { applicationSeries } from './application-series.ts'
import type { FindingViews } from './finding-views.ts'
import { modelTotals } from './model-totals.ts'
import { operationView, poolView, repeatView, slowQueryGroupView, slowQueryView } from './operation-view.ts'
import { poolSeries } from './pool-series.ts'
import { queryLinks } from './query-links.ts'
import { taggedCaller } from './tagged-caller.ts'
import { watcherOf } from './watcher-of.ts'

const CHART_BUCKETS = 180
const MOST_OPERATIONS = 200
const MOST_REPEATS = 100
/** With their text and their links, which cost a lookup each. */
const MOST_QUERIES = 100
const SLOW_OF_STATEMENT = 20
/** Somebody who looks at the last hour should still see what reported yesterday, and that it is silent. */
const REMEMBERED_MS = 7 * 86_400_000

export class ApplicationViews {
  readonly #steward: Steward
  readonly #findings: FindingViews

  constructor(steward: Steward, findings: FindingViews) {
    this.#steward = steward
    this.#findings = findings
  }

  get #store(): Store {
    return this.#steward.store
  }

  /** Also those that were silent in the window, with zeros. */
  async list(targetId: string, window: Window): Promise<readonly ApplicationWire[]> {
    const known = await this.#known(targetId, window)
    return Promise.all(known.map((each) => this.#view(targetId, window, each)))
  }

  async detail(targetId: string, name: string, window: Window): Promise<ApplicationDetailWire> {
    const summary = (await this.#known(targetId, window)).find((each) => each.application === name)
    if (summary === undefined) {
      throw new StewardError('finding-unknown', `there is no application "${name}"`, {
        hint: 'It may not have reported for long; the list shows those that did.',
      })
    }
    const store = this.#store
    const totals = (kind: OperationWire['kind'], limit = MOST_OPERATIONS) =>
      store.operations(targetId, window, { kind, application: name, limit })
    const [
      application,
      requests,
      queries,
      calls,
      metrics,
      repeats,
      requestHistory,
      queryHistory,
      pools,
      findings,
    ] = await Promise.all([
      this.#view(targetId, window, summary),
      totals('request'),
      totals('query', 1000),
      totals('call'),
      totals('metric'),
      store.repeats(targetId, window),
      store.operationHistory(targetId, name, { kind: 'request' }, window, CHART_BUCKETS),
      store.operationHistory(targetId, name, { kind: 'query' }, window, CHART_BUCKETS),
      poolSeries(store, targetId, name, window),
      this.#findings.list(targetId, ['open', 'pending', 'muted']),
    ])
    const own = repeats.filter((each) => each.application === name).slice(0, MOST_REPEATS)
    const shown = queries.slice(0, MOST_QUERIES)
    const [linksOf, texts] = await Promise.all([
      queryLinks(
        store,
        targetId,
        [...own, ...shown].map((each) => each.fingerprint),
      ),
      this.#texts(shown.map((each) => each.fingerprint)),
    ])
    const seconds = reportedSeconds(application, window)
    return {
      application,
      series: [...applicationSeries(requestHistory, queryHistory), ...pools],
      routes: requests.map((each) => operationView(each, seconds)),
      models: modelTotals(queries)
        .slice(0, MOST_OPERATIONS)
        .map((each) => operationView(each, seconds)),
      queries: shown.map((each) => ({
        ...operationView(each, seconds),
        text: texts.get(each.fingerprint ?? '') ?? null,
        queryIds: [...linksOf(each.fingerprint)],
      })),
      calls: calls.map((each) => operationView(each, seconds)),
      metrics: metrics.map((each) => operationView(each, seconds)),
      repeats: own.map((each) => repeatView(each, linksOf(each.fingerprint))),
      findings: findings.filter(
        ({ subject }) =>
          subject.application === name || (subject.kind === 'application' && subject.name === name),
      ),
    }
  }

  async slowQueries(targetId: string, window: Window, filter: SlowQueryFilter): Promise<SlowQueriesWire> {
    watcherOf(this.#steward, targetId)
    const store = this.#store
    const remembered = { from: new Date(window.to.getTime() - REMEMBERED_MS), to: window.to }
    const [groups, latest, { kept, dropped }, applications] = await Promise.all([
      store.slowQueryGroups(targetId, window, filter),
      store.slowQueries(targetId, window, filter),
      store.slowQueryCounts(targetId, window),
      store.applications(targetId, remembered),
    ])
    const linksOf = await queryLinks(
      store,
      targetId,
      [...groups, ...latest].map((each) => each.fingerprint),
    )
    return {
      groups: groups.map((each) => slowQueryGroupView(each, linksOf(each.fingerprint))),
      latest: latest.map((each) => slowQueryView(each, linksOf(each.fingerprint))),
      kept,
      dropped,
      hasSource: kept > 0 || applications.length > 0,
    }
  }

  /** Who sends a statement of pg_stat_statements: as applications tell, else by the tags in its comment. */
  async callersOf(
    targetId: string,
    statement: { readonly text: string; readonly calls: number; readonly totalExecMs: number },
    window: Window,
  ): Promise<{ readonly callers: OperationWire[]; readonly slowQueries: SlowQueryWire[] }> {
    if (statement.text === '') return { callers: [], slowQueries: [] }
    const fingerprint = fingerprintOf(statement.text)
    const [totals, slow, links, applications] = await Promise.all([
      this.#store.operations(targetId, window, { kind: 'query', fingerprint, limit: MOST_OPERATIONS }),
      this.#store.slowQueries(targetId, window, { fingerprint, order: 'slowest', limit: SLOW_OF_STATEMENT }),
      queryLinks(this.#store, targetId, [fingerprint]),
      this.#store.applications(targetId, window),
    ])
    const secondsOf = new Map(
      applications.map((each) => [
        each.application,
        reportedSeconds({ firstSeenAt: each.firstSeenAt.toISOString() }, window),
      ]),
    )
    const told = totals.map((each) => operationView(each, secondsOf.get(each.application) ?? 0))
    const tagged = told.length > 0 ? null : taggedCaller(statement, fingerprint, window)
    return {
      callers: tagged === null ? told : [tagged],
      slowQueries: slow.map((each) => slowQueryView(each, links(each.fingerprint))),
    }
  }

  /** Of all applications, as each process told last. */
  async pools(targetId: string, window: Window): Promise<NonNullable<PerformanceMetricsWire['pools']>> {
    const applications = await this.#store.applications(targetId, window)
    return applications.flatMap(({ application, instances }) =>
      instances.flatMap(({ instance, pools }) =>
        pools.map((pool) => ({ application, ...poolView(instance, pool) })),
      ),
    )
  }

  async #known(targetId: string, window: Window): Promise<readonly ApplicationSummary[]> {
    watcherOf(this.#steward, targetId)
    const remembered = {
      from: new Date(Math.min(window.from.getTime(), window.to.getTime() - REMEMBERED_MS)),
      to: window.to,
    }
    const [all, current] = await Promise.all([
      this.#store.applications(targetId, remembered),
      this.#store.applications(targetId, window),
    ])
    // processes and pools are those of the window: a week's worth of restarts is of no use
    const byName = new Map(current.map((each) => [each.application, each]))
    return all.map((each) => byName.get(each.application) ?? { ...each, instances: [], dropped: {} })
  }

  async #view(targetId: string, window: Window, summary: ApplicationSummary): Promise<ApplicationWire> {
    const { application } = summary
    const store = this.#store
    const [routes, requests, queries] = await Promise.all([
      store.operations(targetId, window, { kind: 'request', application }),
      store.operationHistory(targetId, application, { kind: 'request' }, window, 1),
      store.operationHistory(targetId, application, { kind: 'query' }, window, 1),
    ])
    const seconds = reportedSeconds({ firstSeenAt: summary.firstSeenAt.toISOString() }, window)
    const requestCount = sum(requests.map((point) => point.count))
    const perSecond = (count: number) => (seconds > 0 ? count / seconds : 0)
    return {
      application,
      sdk: summary.sdk,
      version: summary.version,
      environment: summary.environment,
      firstSeenAt: summary.firstSeenAt.toISOString(),
      lastSeenAt: summary.lastSeenAt.toISOString(),
      instances: summary.instances.length,
      requestsPerSecond: perSecond(requestCount),
      errorRatio: requestCount > 0 ? sum(requests.map((point) => point.errors)) / requestCount : null,
      requestP95Ms: requests.toSorted((a, b) => b.count - a.count)[0]?.p95Ms ?? null,
      queriesPerSecond: perSecond(sum(queries.map((point) => point.count))),
      queriesPerRequest: requestCount > 0 ? sum(routes.map((route) => route.rows)) / requestCount : null,
      pools: summary.instances.flatMap(({ instance, pools }) =>
        pools.map((pool) => poolView(instance, pool)),
      ),
      dropped: { ...summary.dropped },
    }
  }

  async #texts(fingerprints: readonly (string | null)[]): Promise<ReadonlyMap<string, string | null>> {
    const wanted = [...new Set(fingerprints.filter((each) => each !== null))]
    return new Map(
      await Promise.all(
        wanted.map(async (each) => [each, await this.#store.textOfFingerprint(each)] as const),
      ),
    )
  }
}

/** Of the window, since the application first reported: a rate over the time before would be too low. */
function reportedSeconds({ firstSeenAt }: { readonly firstSeenAt: string }, { from, to }: Window): number {
  const since = Math.max(from.getTime(), Math.min(new Date(firstSeenAt).getTime(), to.getTime() - 60_000))
  return (to.getTime() - since) / 1000
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
