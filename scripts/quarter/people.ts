// The team's desks, the same that the API and the commands use, on the clock of the quarter; and what people do from day to day.

import { setTimeout as sleep } from 'node:timers/promises'
import type { AlertDesk } from '../../packages/pgsteward/src/app/alerts/alert-desk.ts'
import { openAlertDesk } from '../../packages/pgsteward/src/app/alerts/open-alert-desk.ts'
import { assetFolders } from '../../packages/pgsteward/src/app/asset-folders.ts'
import type { Config } from '../../packages/pgsteward/src/app/config/config-schema.ts'
import { tellChanges } from '../../packages/pgsteward/src/app/govern/changes-by-maintenance.ts'
import { GovernanceDesks } from '../../packages/pgsteward/src/app/govern/governance-desks.ts'
import { IncidentDesk } from '../../packages/pgsteward/src/app/govern/incident-desk.ts'
import { OnCallDesk } from '../../packages/pgsteward/src/app/govern/on-call-desk.ts'
import { OptimizationDesk } from '../../packages/pgsteward/src/app/govern/optimization-desk.ts'
import { MaintenanceDesk } from '../../packages/pgsteward/src/app/maintenance/maintenance-desk.ts'
import type { MaintainedTarget } from '../../packages/pgsteward/src/app/maintenance/proposals.ts'
import { openReportDesk } from '../../packages/pgsteward/src/app/reports/open-report-desk.ts'
import type { ReportDesk } from '../../packages/pgsteward/src/app/reports/report-desk.ts'
import { buildNamedReport } from '../../packages/pgsteward/src/app/reports/report-of-target.ts'
import { checkPages } from '../../packages/pgsteward/src/app/rules/check-pages.ts'
import type { Store } from '../../packages/pgsteward/src/store/store.ts'
import { TARGET, TROUBLES } from './calendar.ts'
import { Diary, later, type Story } from './diary.ts'
import { noise } from './traffic.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

export interface Clock {
  at: Date
}

export interface Team {
  readonly clock: Clock
  readonly store: Store
  readonly alerts: AlertDesk
  readonly maintenance: MaintenanceDesk
  readonly onCall: OnCallDesk
  readonly incidents: IncidentDesk
  readonly optimizations: OptimizationDesk
  readonly governance: GovernanceDesks
  readonly reports: ReportDesk
  /** Name of whoever is primary at the clock's moment. */
  readonly primary: () => Promise<string>
  /** After each moment that was judged. */
  readonly act: (at: Date) => Promise<void>
  readonly stop: () => Promise<void>
}

export interface TeamOptions {
  readonly store: Store
  readonly config: Config
  readonly clock: Clock
  readonly shopUrl: string
  readonly diary: readonly Story[]
  readonly onTrouble: (text: string) => void
  /** A remedy was run. */
  readonly onMaintained: () => Promise<void>
}

export async function gatherTeam(options: TeamOptions): Promise<Team> {
  const { store, config, clock, shopUrl, onTrouble, onMaintained } = options
  const now = () => clock.at
  const onCall = new OnCallDesk({ config, store, now })
  const alerts = openAlertDesk({ config, store, now, chance: () => 0.5, onTrouble, onCall })
  await alerts.start([TARGET])
  const target: MaintainedTarget = {
    id: TARGET,
    maintenanceUrl: shopUrl,
    labels: { environment: 'production' },
    tables: () => null,
    isOurs: () => true,
    onChanged: () => undefined,
  }
  const governance = new GovernanceDesks({ config, store, now, hasTarget: () => undefined })
  const incidents = new IncidentDesk({ store, config: config.incidents, now })
  const pageOf = checkPages(config, assetFolders().docs)
  const optimizations = new OptimizationDesk({ store, pageOf, now })
  const maintenance = new MaintenanceDesk({
    store,
    config: config.maintenance,
    everyMs: MINUTE,
    targets: [target],
    now,
    onFailure: (_, error) => onTrouble((error as Error).message),
    onJob: async (news) => {
      await tellChanges(governance.book, news)
      await optimizations.reconcile(TARGET)
    },
  })
  const reports = openReportDesk({
    config,
    store,
    build: (kind, targetId, name) => buildNamedReport({ config, store, kind, targetId, name, now: now() }),
    now,
    chance: () => 0.5,
    onTrouble,
  })
  const diary = new Diary(options.diary, clock.at)
  const team: Team = {
    clock,
    store,
    alerts,
    maintenance,
    onCall,
    incidents,
    optimizations,
    governance,
    reports,
    primary: async () => {
      const [shift] = await onCall.shifts({ from: clock.at, until: later(clock.at, 1) })
      return shift!.primary!.person
    },
    act: async (at) => {
      await diary.doDue(team, at)
      await alerts.reconcile(TARGET)
      await delivered(store)
      await incidents.reconcile(TARGET)
      await acknowledge(team, at)
      await maintenance.round(target)
      await onMaintained()
      if (at.getTime() % HOUR !== 0) return
      await optimizations.reconcile(TARGET)
      await reports.look()
    },
    stop: () => alerts.stop(),
  }
  return team
}

/** The clock stands until what was told is delivered. */
async function delivered(store: Store): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    const waiting = await store.deliveries({ states: ['waiting', 'sending'], limit: 1 })
    if (waiting.length === 0) return
    await sleep(10)
  }
}

/** Whoever is on call has it in hand four to eleven minutes after it was told; what nobody waits for is left. */
async function acknowledge({ store, alerts, incidents, primary }: Team, at: Date): Promise<void> {
  for (const alert of await store.alerts({ targetId: TARGET, states: ['firing'] })) {
    if (alert.severity !== 'critical') continue
    const trouble = TROUBLES.find(({ from, to }) => alert.openedAt >= from && alert.openedAt <= to)
    const afterMs = (7.5 + 3.5 * noise(alert.openedAt, 200)) * MINUTE
    if (trouble === undefined || at.getTime() - alert.openedAt.getTime() < afterMs) continue
    await alerts.acknowledge(alert, await primary(), null, 'looking at it')
    await incidents.reconcile(TARGET)
  }
}
