// The running whole: a store, a watcher for each target, and jobs. Owns every lifetime; views.ts answers questions about it.

import { randomUUID } from 'node:crypto'
import { homedir, hostname } from 'node:os'
import { join } from 'node:path'
import { Collector } from '../collect/collector.ts'
import { LET_SLEEP } from '../collect/rest.ts'
import { ServerReadings } from '../collect/server-readings.ts'
import { ALL_FACTS } from '../facts/all.ts'
import { indexes } from '../facts/indexes.ts'
import { rangePartitions } from '../facts/range-partitions.ts'
import { tables } from '../facts/tables.ts'
import type { Notice } from '../model/open-finding.ts'
import type { Target } from '../model/target.ts'
import { openSession } from '../postgres/connect.ts'
import type { Store } from '../store/store.ts'
import { ActivityWatch } from './activity/activity-watch.ts'
import { AdviceRuns } from './advise/advice-runs.ts'
import type { AlertDesk } from './alerts/alert-desk.ts'
import { openAlertDesk } from './alerts/open-alert-desk.ts'
import { assetFolders } from './asset-folders.ts'
import { plannedProbes } from './availability/planned-probes.ts'
import { TargetProbes } from './availability/target-probes.ts'
import type { Config, TargetConfig } from './config/config-schema.ts'
import { RunningCounters } from './counters/running-counters.ts'
import { IndexWatch } from './effect/index-watch.ts'
import { tellChanges } from './govern/changes-by-maintenance.ts'
import { GovernanceDesks } from './govern/governance-desks.ts'
import { IncidentDesk } from './govern/incident-desk.ts'
import { OnCallDesk } from './govern/on-call-desk.ts'
import { OptimizationDesk } from './govern/optimization-desk.ts'
import { LeaseKeeper } from './lease-keeper.ts'
import { LogIntakes } from './logs/log-intakes.ts'
import type { Ticked } from './loop.ts'
import { MaintenanceDesk } from './maintenance/maintenance-desk.ts'
import { keepLoggedPlan } from './plans/keep-logged-plan.ts'
import { PlanWatches } from './plans/plan-watches.ts'
import { rowsOf } from './reading.ts'
import { openReportDesk } from './reports/open-report-desk.ts'
import type { BuildReport, ReportDesk } from './reports/report-desk.ts'
import { buildNamedReport } from './reports/report-of-target.ts'
import { checkPages } from './rules/check-pages.ts'
import { configuredChecks } from './rules/rule-checks.ts'
import { type SelectedChecks, selectChecks } from './select-checks.ts'
import { targetId } from './target-id.ts'
import { textKeeper } from './text-keeper.ts'
import { watcherOf } from './views/watcher-of.ts'
import { Watcher } from './watcher.ts'
import { WhatIfDesk } from './what-if/what-if-desk.ts'

/** Windows open and tries are due by the minute. */
const LOOK_AFTER_MS = 30_000
/** Between the beginnings of two targets; all have begun within the longest. */
const BEGIN_EVERY_MS = 50
const ALL_BEGUN_AFTER_MS = 10_000

export interface StewardEvents {
  readonly onTick?: (targetId: string, ticked: Ticked) => void
  readonly onFailure?: (targetId: string, error: unknown) => void
  readonly notify?: (notices: readonly Notice[]) => Promise<void>
  /** A channel that does not take alerts, in words. */
  readonly onAlertTrouble?: (text: string) => void
  /** Keeps what planner twins are built from. Default: pgsteward's folder in the user's .cache. */
  readonly cacheDir?: string
  /** Default: of the store. */
  readonly buildReport?: BuildReport
}

export class Steward {
  readonly config: Config
  readonly store: Store
  readonly selected: SelectedChecks
  readonly advice: AdviceRuns
  readonly logs: LogIntakes
  readonly plans: PlanWatches
  readonly alerts: AlertDesk
  readonly counters: RunningCounters
  readonly incidents: IncidentDesk
  readonly whatIf: WhatIfDesk
  readonly maintenance: MaintenanceDesk
  readonly onCall: OnCallDesk
  readonly reports: ReportDesk
  readonly governance: GovernanceDesks
  readonly optimizations: OptimizationDesk
  readonly #watchers: ReadonlyMap<string, Watcher>
  readonly #activity = new Map<string, ActivityWatch>()
  readonly #probes: readonly TargetProbes[]
  readonly #indexWatch: IndexWatch
  readonly #onAlertTrouble: (text: string) => void
  readonly #onGovernanceTrouble: (error: unknown) => void
  #noticing: Promise<void> = Promise.resolve()
  #starting: Promise<void> = Promise.resolve()
  #isStopping = false
  /** Containers may all be called alike, with a process of number 1 each. */
  readonly #holder = `${hostname()}/${process.pid}/${randomUUID()}`
  readonly #leases: LeaseKeeper
  readonly #serverReadings = new ServerReadings()

  constructor(config: Config, store: Store, events: StewardEvents = {}) {
    this.config = config
    this.store = store
    this.selected = selectChecks(configuredChecks(config), config)
    this.#indexWatch = new IndexWatch(store)
    const labels = new Map(config.targets.map((target) => [targetId(target), target.labels]))
    this.counters = new RunningCounters(new Date(), (id) => ({ ...labels.get(id), target: id }))
    this.#onAlertTrouble = (text) => events.onAlertTrouble?.(text)
    this.onCall = new OnCallDesk({ config, store, now: () => new Date() })
    this.#onGovernanceTrouble = (error) => events.onFailure?.('reviews', error)
    this.alerts = openAlertDesk({
      config,
      store,
      now: () => new Date(),
      chance: Math.random,
      onTrouble: this.#onAlertTrouble,
      onCall: this.onCall,
      onSteps: (id) => this.#record(() => this.incidents.reconcile(id)),
    })
    this.reports = openReportDesk({
      config,
      store,
      build:
        events.buildReport ??
        ((kind, id, name) => buildNamedReport({ store, config, kind, targetId: id, name, now: new Date() })),
      now: () => new Date(),
      chance: Math.random,
      onTrouble: this.#onAlertTrouble,
    })
    this.incidents = new IncidentDesk({ store, config: config.incidents, now: () => new Date() })
    this.#leases = new LeaseKeeper({
      store,
      holder: this.#holder,
      targetIds: config.targets.map(targetId),
      onGained: (ids) => this.#takeOver(ids),
    })
    this.#watchers = new Map(
      config.targets.map((target) => [targetId(target), this.#watcher(target, events)]),
    )
    const cacheDir = events.cacheDir ?? join(homedir(), '.cache', 'pgsteward')
    this.whatIf = new WhatIfDesk(cacheDir)
    this.advice = new AdviceRuns({
      store,
      config: config.advise,
      targets: this.watchers.map((watcher) => ({
        id: watcher.target.id,
        url: watcher.target.url,
        // another process' target has no snapshot here
        database: () => watcher.state.snapshot?.server.database ?? null,
      })),
      cacheDir,
      now: () => new Date(),
    })
    this.logs = this.#logIntakes(events)
    this.#probes = config.targets.map((target) => this.#targetProbes(target, events))
    this.governance = new GovernanceDesks({
      config,
      store,
      now: () => new Date(),
      hasTarget: (id) => void watcherOf(this, id),
    })
    this.optimizations = new OptimizationDesk({
      store,
      pageOf: checkPages(config, assetFolders().docs),
      now: () => new Date(),
    })
    this.maintenance = new MaintenanceDesk({
      store,
      config: config.maintenance,
      // what is to be done comes from readings
      everyMs: Math.min(LOOK_AFTER_MS, config.collect.every),
      targets: config.targets.map((target) => {
        const id = targetId(target)
        return {
          id,
          maintenanceUrl: target.maintenanceUrl ?? null,
          labels: target.labels,
          tables: () => rowsOf(this.#watchers.get(id)?.state.snapshot ?? null, tables),
          indexes: () => rowsOf(this.#watchers.get(id)?.state.snapshot ?? null, indexes),
          partitions: () => rowsOf(this.#watchers.get(id)?.state.snapshot ?? null, rangePartitions),
          server: () => this.#watchers.get(id)?.state.snapshot?.server ?? null,
          isOurs: () => this.#watchers.get(id)?.isOurs ?? false,
          onChanged: () => this.#watchers.get(id)?.readAgain(),
        }
      }),
      now: () => new Date(),
      onFailure: (id, error) => events.onFailure?.(id, error),
      onJob: async (news) => {
        await tellChanges(this.governance.book, news)
        this.#record(() => this.optimizations.reconcile(news.job.targetId))
      },
    })
    this.plans = new PlanWatches({
      store,
      targets: config.targets.map((target) => ({
        id: targetId(target),
        url: target.url,
        letSleep: target.letSleep,
      })),
      ...config.plans,
      onFailure: (id, error) => events.onFailure?.(id, error),
    })
  }

  #logIntakes(events: StewardEvents): LogIntakes {
    return new LogIntakes({
      targets: this.config.targets.map((config) => {
        const id = targetId(config)
        return { id, config, snapshot: () => this.#watchers.get(id)?.state.snapshot ?? null }
      }),
      store: this.store,
      config: this.config.logs,
      now: () => new Date(),
      mayRead: (id) => this.#watchers.get(id)?.isOurs ?? false,
      onPlan: (id, event) => keepLoggedPlan(this.store, id, event),
      onFailure: (id, error) => events.onFailure?.(id, error),
    })
  }

  get watchers(): readonly Watcher[] {
    return [...this.#watchers.values()]
  }

  watcher(id: string): Watcher | undefined {
    return this.#watchers.get(id)
  }

  activity(id: string): ActivityWatch | undefined {
    return this.#activity.get(id)
  }

  start(): void {
    this.#starting = this.alerts
      .start([...this.#watchers.keys()])
      .catch((error) => this.#onAlertTrouble(`alerts: ${(error as Error).message}`))
      .then(() => {
        if (this.#isStopping) return
        this.#leases.start()
        const all = this.watchers
        const everyMs = Math.min(BEGIN_EVERY_MS, ALL_BEGUN_AFTER_MS / all.length)
        for (const [place, watcher] of all.entries()) {
          watcher.start(place * everyMs)
          this.#activity.get(watcher.target.id)?.start(place * everyMs)
        }
      })
    for (const probes of this.#probes) probes.start()
    this.advice.start()
    this.logs.start()
    this.maintenance.start()
    this.reports.start()
    this.governance.reviews.start((error) => this.#onGovernanceTrouble(error))
  }

  /** One after the other, as they begin. */
  #takeOver(ids: readonly string[]): void {
    for (const [place, id] of ids.entries())
      setTimeout(() => this.#watchers.get(id)?.takeOver(), place * BEGIN_EVERY_MS).unref()
  }

  /** Ends the rounds under way, gives the leases back and closes the store. */
  async stop(): Promise<void> {
    this.#isStopping = true
    await this.#starting
    await this.reports.stop()
    await this.maintenance.stop()
    await this.governance.reviews.stop()
    await this.logs.stop()
    await Promise.all([...this.#activity.values(), ...this.#probes].map((each) => each.stop()))
    await Promise.all([
      this.advice.stop(),
      this.whatIf.stop(),
      ...this.watchers.map((watcher) => watcher.stop()),
    ])
    await this.alerts.stop()
    await this.#noticing
    await this.plans.stop()
    await this.#leases.stop()
    await this.store.releaseLeases(this.#holder).catch(() => undefined)
    await this.store.close()
  }

  /** One after the other, and none holds up what it follows from; what is missed is made up for at the next. */
  #record(work: () => Promise<void>): void {
    this.#noticing = this.#noticing.then(work).catch((error: Error & { code?: string }) => {
      // another process that wrote first has written the same; a store that was closed says so elsewhere
      if (!this.#isStopping && error.code !== 'record-changed')
        this.#onAlertTrouble(`records: ${error.message}`)
    })
  }

  #targetProbes(target: TargetConfig, events: StewardEvents): TargetProbes {
    const id = targetId(target)
    return new TargetProbes({
      targetId: id,
      probes: plannedProbes(this.config, target),
      store: this.store,
      isOurs: () => this.#watchers.get(id)?.isOurs ?? false,
      now: () => new Date(),
      onNews: () => this.#watchers.get(id)?.judgeSoon(),
      onFailure: (error) => events.onFailure?.(id, error),
    })
  }

  #watcher(config: TargetConfig, events: StewardEvents): Watcher {
    const { every, interval } = this.config.collect
    const id = targetId(config)
    const target: Target = { id, url: config.url, labels: config.labels }
    const sessionOptions = {
      statementTimeoutMs: config.statementTimeout,
      lockTimeoutMs: config.lockTimeout,
    }
    const collector = new Collector({
      target,
      facts: ALL_FACTS,
      open: ({ url }) => openSession(url, sessionOptions),
      alsoSent: () => (this.#activity.get(id)?.state.statementsSent ?? 0) + this.plans.statementsSent(id),
      intervalMs: interval,
      everyMs: every,
      serverReadings: this.#serverReadings,
      ...(config.letSleep ? { rest: LET_SLEEP } : {}),
    })
    const activity = new ActivityWatch({
      targetId: id,
      open: () => openSession(config.url, { ...sessionOptions, purpose: 'activity' }),
      store: this.store,
      enabled: this.config.activity.enabled,
      everyMs: this.config.activity.every,
      isOurs: () => this.#watchers.get(id)?.isOurs ?? false,
      restUntil: (now) => collector.restUntil(now),
      serverReadings: this.#serverReadings,
    })
    this.#activity.set(id, activity)
    return new Watcher({
      target,
      loop: {
        targetId: id,
        collector,
        store: this.store,
        keepTexts: textKeeper(id, collector, this.store),
        checks: this.selected.checks,
        options: this.selected.options,
        notify: async (notices) => {
          await events.notify?.(notices)
          await this.alerts.reconcile(id)
        },
      },
      everyMs: every,
      leases: this.#leases,
      onTick: (ticked) => {
        // behind the reading, which it must not delay; a store that fails is told of by the next reading
        this.#record(() => this.#indexWatch.notice(ticked.snapshot))
        this.#record(() => this.optimizations.reconcile(id))
        this.#record(() => this.incidents.reconcile(id))
        this.plans.notice(ticked.snapshot)
        this.counters.noticeSnapshot(ticked.snapshot)
        events.onTick?.(id, ticked)
      },
      onFailure: (error) => events.onFailure?.(id, error),
    })
  }
}
