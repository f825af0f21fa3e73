// Answers to every question of the API, from the store and the watchers' latest snapshots.

import type { MetricFamily } from '../export/metric-family.ts'
import { prometheusText } from '../export/prometheus-text.ts'
import { JUDGED_MS } from '../facts/application-reading.ts'
import { indexes } from '../facts/indexes.ts'
import { statements } from '../facts/statements.ts'
import { tableActivity } from '../facts/table-activity.ts'
import { tables } from '../facts/tables.ts'
import { isQueryId } from '../model/activity.ts'
import { StewardError } from '../model/error.ts'
import type { Milliseconds, Window } from '../model/units.ts'
import type {
  FindingWire,
  IndexWire,
  OutcomeWire,
  OverviewWire,
  PerformanceMetricsWire,
  SeriesWire,
  SlowStatementWire,
  StatementDetailWire,
  TableWire,
  TargetWire,
} from '../model/wire.ts'
import { fingerprintOf } from '../sql/fingerprint.ts'
import type { StatementOrder } from '../store/store.ts'
import { AccessDesk } from './access/access-desk.ts'
import { AuditDesk } from './access/audit-desk.ts'
import { RecordTargets } from './access/record-targets.ts'
import type { GovernanceDesks } from './govern/governance-desks.ts'
import { intervalOf, rowsOf } from './reading.ts'
import type { Steward } from './steward.ts'
import { activityFamilies } from './views/activity-metrics.ts'
import { ActivityViews } from './views/activity-views.ts'
import { AdviceViews } from './views/advice-views.ts'
import { AlertViews } from './views/alert-views.ts'
import { AnnotationViews } from './views/annotation-views.ts'
import { applicationFamilies, readApplicationMetrics } from './views/application-metrics.ts'
import { ApplicationViews } from './views/application-views.ts'
import { availabilityFamilies } from './views/availability-metrics.ts'
import { AvailabilityViews } from './views/availability-views.ts'
import { CapacityViews } from './views/capacity-views.ts'
import { findingFamilies } from './views/finding-metrics.ts'
import { FindingViews } from './views/finding-views.ts'
import { type Health, healthView } from './views/health-view.ts'
import { IncidentViews } from './views/incident-views.ts'
import { LoadViews } from './views/load-views.ts'
import { LogViews } from './views/log-views.ts'
import { MaintenanceViews } from './views/maintenance-views.ts'
import { metricFamilies } from './views/metric-families.ts'
import { OnCallViews } from './views/on-call-views.ts'
import { OptimizationViews } from './views/optimization-views.ts'
import { overviewHeadline } from './views/overview-headline.ts'
import { ownFamilies } from './views/own-metrics.ts'
import { PageViews } from './views/page-views.ts'
import { performanceMetrics } from './views/performance-metrics.ts'
import { PlanViews } from './views/plan-views.ts'
import { PracticeViews } from './views/practice-views.ts'
import { indexView, tableView } from './views/relation-views.ts'
import { ReportViews } from './views/report-views.ts'
import { RunbookViews } from './views/runbook-views.ts'
import { SearchViews } from './views/search-views.ts'
import { overviewSeries, seriesView } from './views/series-views.ts'
import { statementSeries, statementView } from './views/statement-views.ts'
import { tableGrowth } from './views/table-growth.ts'
import { targetView } from './views/target-view.ts'
import { watcherOf } from './views/watcher-of.ts'
import { WhatIfViews } from './views/what-if-views.ts'
import type { Watcher } from './watcher.ts'

const HOUR_MS = 3_600_000
const CHART_BUCKETS = 180

export class Views {
  readonly #steward: Steward
  readonly #now: () => Date
  readonly findings: FindingViews
  readonly applications: ApplicationViews
  readonly advice: AdviceViews
  readonly logs: LogViews
  readonly activity: ActivityViews
  readonly plans: PlanViews
  readonly annotations: AnnotationViews
  readonly load: LoadViews
  readonly alerts: AlertViews
  readonly availability: AvailabilityViews
  readonly maintenance: MaintenanceViews
  readonly onCall: OnCallViews
  readonly governance: GovernanceDesks
  readonly capacity: CapacityViews
  readonly reports: ReportViews
  readonly optimizations: OptimizationViews
  readonly incidents: IncidentViews
  readonly practice: PracticeViews
  readonly runbooks: RunbookViews
  readonly search: SearchViews
  readonly whatIf: WhatIfViews
  readonly pages: PageViews
  readonly access: AccessDesk
  readonly audit: AuditDesk
  readonly recordTargets: RecordTargets

  constructor(steward: Steward, now: () => Date, docsDir: string | null) {
    this.#steward = steward
    this.#now = now
    this.practice = new PracticeViews(steward, now)
    this.runbooks = new RunbookViews(steward, docsDir)
    this.search = new SearchViews(steward, now)
    this.findings = new FindingViews(steward, now, docsDir)
    this.applications = new ApplicationViews(steward, this.findings)
    this.advice = new AdviceViews(steward, now)
    this.logs = new LogViews(steward, docsDir)
    this.activity = new ActivityViews(steward, now)
    this.plans = new PlanViews(steward)
    this.annotations = new AnnotationViews(steward)
    this.load = new LoadViews(steward, now)
    this.alerts = new AlertViews(steward, now)
    this.availability = new AvailabilityViews(steward, now)
    this.maintenance = new MaintenanceViews(steward)
    this.onCall = new OnCallViews(steward, now)
    this.governance = steward.governance
    this.capacity = new CapacityViews(steward, now)
    this.reports = new ReportViews(steward, now)
    this.optimizations = new OptimizationViews(steward)
    this.incidents = new IncidentViews(steward)
    this.whatIf = new WhatIfViews(steward, now)
    this.access = new AccessDesk({
      store: steward.store,
      limits: steward.config.server,
      targetIds: steward.watchers.map(({ target }) => target.id),
      now,
    })
    this.audit = new AuditDesk(steward.store, now)
    this.recordTargets = new RecordTargets(steward.store)
    this.pages = new PageViews(steward.config, docsDir)
  }

  get targetIds(): readonly string[] {
    return this.#steward.watchers.map(({ target }) => target.id)
  }

  async targets(): Promise<readonly TargetWire[]> {
    return Promise.all(this.#steward.watchers.map((watcher) => targetView(watcher, this.#steward.store)))
  }

  async overview(targetId: string, window: Window): Promise<OverviewWire> {
    const watcher = watcherOf(this.#steward, targetId)
    const [target, metrics, findings, series, overdueReviews] = await Promise.all([
      targetView(watcher, this.#steward.store),
      this.#metrics(watcher, window),
      this.findings.list(targetId, ['open', 'pending']),
      overviewSeries(this.#steward.store, targetId, watcher.state.snapshot?.server.database ?? null, window),
      this.governance.reviews.overdue(targetId),
    ])
    return {
      target,
      headline: overviewHeadline(target, findings, this.#now()),
      metrics,
      findings: [...findings],
      series: [...series],
      overdueReviews,
    }
  }

  async statements(
    targetId: string,
    window: Window,
    order: StatementOrder,
    limit: number,
  ): Promise<readonly SlowStatementWire[]> {
    watcherOf(this.#steward, targetId)
    const { store } = this.#steward
    const [totals, sums] = await Promise.all([
      store.topStatements(targetId, window, order, limit),
      store.statementSums(targetId, window),
    ])
    return totals.map((each) => statementView(each, sums))
  }

  async statement(
    targetId: string,
    queryId: string,
    window: Window,
    database?: string,
  ): Promise<StatementDetailWire> {
    watcherOf(this.#steward, targetId)
    const { store } = this.#steward
    const [found, sums] = await Promise.all([
      isQueryId(queryId) ? store.statementTotals(targetId, queryId, window) : [],
      store.statementSums(targetId, window),
    ])
    const totals = found.find((each) => database === undefined || each.database === database)
    if (totals === undefined) {
      throw new StewardError('finding-unknown', `statement ${queryId} did not run in this time range`, {
        hint: 'Choose a longer range.',
      })
    }
    const statement = statementView(totals, sums)
    const [points, findings, callers, advice, rewrites] = await Promise.all([
      store.statementHistory(targetId, queryId, window, CHART_BUCKETS),
      this.findings.list(targetId, ['open', 'pending', 'muted']),
      this.applications.callersOf(targetId, statement, window),
      this.advice.servingStatement(targetId, queryId),
      this.advice.rewritesOf(targetId, queryId),
    ])
    const about = findings.filter((finding) => isAbout(finding, queryId))
    const fingerprint = statement.text === '' ? null : fingerprintOf(statement.text)
    return {
      statement,
      series: [...statementSeries(points)],
      findings: about,
      ...callers,
      fingerprint,
      advice,
      rewrites,
    }
  }

  async tables(targetId: string): Promise<readonly TableWire[]> {
    const { snapshot } = watcherOf(this.#steward, targetId).state
    const activity = intervalOf(snapshot, tableActivity)
    const [growth, advised] = await Promise.all([
      tableGrowth(this.#steward.store, targetId, this.#now()),
      this.advice.ofTables(targetId),
    ])
    const byName = new Map(activity?.rows.map((row) => [`${row.schema}.${row.name}`, row]))
    return (rowsOf(snapshot, tables) ?? []).map((row) => {
      const name = `${row.schema}.${row.name}`
      const view = tableView(row, byName.get(name) ?? null, activity?.seconds ?? 0, growth.get(name) ?? null)
      return { ...view, advised: advised.get(name) ?? [] }
    })
  }

  async indexes(targetId: string): Promise<readonly IndexWire[]> {
    return (rowsOf(watcherOf(this.#steward, targetId).state.snapshot, indexes) ?? []).map(indexView)
  }

  async series(targetId: string, names: readonly string[], window: Window): Promise<readonly SeriesWire[]> {
    watcherOf(this.#steward, targetId)
    const found = await Promise.all(names.map((name) => this.#steward.store.series(targetId, name, window)))
    return found.flat().map(seriesView)
  }

  async outcomes(targetId: string): Promise<readonly OutcomeWire[]> {
    watcherOf(this.#steward, targetId)
    const latest = new Map(
      (await this.#steward.store.latestOutcomes(targetId)).map((outcome) => [outcome.checkId, outcome]),
    )
    return this.#steward.selected.checks.map((check) => {
      const outcome = latest.get(check.id)
      return {
        checkId: check.id,
        title: check.title,
        area: check.area,
        status: outcome?.status ?? 'waiting',
        because: outcome?.because ?? (outcome === undefined ? 'its facts have not been read yet' : null),
        at: outcome?.at.toISOString() ?? null,
      }
    })
  }

  async performanceMetrics(): Promise<{ targets: readonly PerformanceMetricsWire[] }> {
    const window = this.#last(HOUR_MS)
    return {
      targets: await Promise.all(this.#steward.watchers.map((watcher) => this.#metrics(watcher, window))),
    }
  }

  async prometheus(): Promise<string> {
    return prometheusText(await this.metricFamilies())
  }

  /** What /metrics and OTLP tell. */
  async metricFamilies(): Promise<readonly MetricFamily[]> {
    const window = this.#last(HOUR_MS)
    const { store, watchers } = this.#steward
    const targets = await Promise.all(
      watchers.map(async (watcher) => ({
        target: await targetView(watcher, store),
        metrics: await this.#metrics(watcher, window),
        state: watcher.state,
      })),
    )
    const applications = await Promise.all(
      watchers.map(({ target: { id, labels } }) =>
        readApplicationMetrics(store, id, { ...labels, target: id }, this.#last(JUDGED_MS)),
      ),
    )
    const activity = watchers.flatMap(({ target: { id, labels } }) => {
      const watch = this.#steward.activity(id)
      return watch === undefined ? [] : [{ labels: { ...labels, target: id }, watch }]
    })
    const availability = await Promise.all(
      watchers.map(async ({ target: { id, labels } }) => ({
        labels: { ...labels, target: id },
        availability: await this.availability.all(id),
      })),
    )
    const { alerts, counters } = this.#steward
    const told = await Promise.all(
      watchers.map(async ({ target: { id, labels } }) => ({
        labels: { ...labels, target: id },
        findings: await store.findings({ targetId: id, states: ['open'], limit: 1000 }),
        alerts: await store.alerts({ targetId: id, states: ['firing', 'acknowledged'] }),
      })),
    )
    return [
      ...metricFamilies(targets),
      ...findingFamilies(told, alerts.channels),
      ...applicationFamilies(applications),
      ...activityFamilies(activity),
      ...availabilityFamilies(availability),
      ...counters.families(),
      ...ownFamilies(counters.startedAt),
    ]
  }

  health(): Promise<Health> {
    return healthView(this.#steward.store, this.#steward.watchers)
  }

  async #metrics(watcher: Watcher, window: Window): Promise<PerformanceMetricsWire> {
    const { snapshot } = watcher.state
    const id = watcher.target.id
    const [slowestStatements, growth, pools] = await Promise.all([
      this.statements(id, window, 'totalTime', 10),
      tableGrowth(this.#steward.store, id, this.#now()),
      this.applications.pools(id, this.#last(JUDGED_MS)),
    ])
    const interval = intervalOf(snapshot, statements)
    const calls = interval?.rows.reduce((sum, row) => sum + (row.isTopLevel ? row.calls : 0), 0)
    const queriesPerSecond = interval === null || interval.seconds === 0 ? null : calls! / interval.seconds
    return performanceMetrics({
      targetId: id,
      snapshot,
      slowestStatements,
      queriesPerSecond,
      tableGrowth: growth,
      pools,
    })
  }

  #last(ms: Milliseconds): Window {
    const to = this.#now()
    return { from: new Date(to.getTime() - ms), to }
  }
}

/** Also what applications do with a statement: a call site's finding names the statement in its evidence. */
function isAbout({ subject, evidence }: FindingWire, queryId: string): boolean {
  if (subject.kind === 'query') return subject.queryId === queryId
  return evidence.some(
    ({ label, value }) => label === 'query id' && String(value).split(', ').includes(queryId),
  )
}
