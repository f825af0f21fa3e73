// What the team does in the quarter, through the same desks that the API and the commands use: acknowledges alerts, decides on remedies,
// lets maintenance run at night.

import { setTimeout as sleep } from 'node:timers/promises'
import type { AlertDesk } from '../../packages/pgsteward/src/app/alerts/alert-desk.ts'
import { openAlertDesk } from '../../packages/pgsteward/src/app/alerts/open-alert-desk.ts'
import type { Config } from '../../packages/pgsteward/src/app/config-schema.ts'
import { OnCallDesk } from '../../packages/pgsteward/src/app/govern/on-call-desk.ts'
import { MaintenanceDesk } from '../../packages/pgsteward/src/app/maintenance/maintenance-desk.ts'
import type { MaintainedTarget } from '../../packages/pgsteward/src/app/maintenance/proposals.ts'
import type { Store } from '../../packages/pgsteward/src/store/store.ts'
import { OPTIMIZATIONS, TARGET, TROUBLES } from './calendar.ts'
import { noise } from './traffic.ts'

const MINUTE = 60_000

export interface Clock {
  at: Date
}

export interface Team {
  readonly alerts: AlertDesk
  readonly maintenance: MaintenanceDesk
  /** After each moment that was judged. */
  readonly act: (at: Date) => Promise<void>
  readonly stop: () => Promise<void>
}

export interface TeamOptions {
  readonly store: Store
  readonly config: Config
  readonly clock: Clock
  readonly shopUrl: string
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
  const maintenance = new MaintenanceDesk({
    store,
    config: config.maintenance,
    everyMs: MINUTE,
    targets: [target],
    now,
    onFailure: (_, error) => onTrouble((error as Error).message),
  })
  return {
    alerts,
    maintenance,
    act: async (at) => {
      await alerts.reconcile(TARGET)
      await delivered(store)
      await acknowledge(alerts, store, at)
      await approve(maintenance, at)
      await maintenance.round(target)
      await onMaintained()
    },
    stop: () => alerts.stop(),
  }
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
async function acknowledge(desk: AlertDesk, store: Store, at: Date): Promise<void> {
  for (const alert of await store.alerts({ targetId: TARGET, states: ['firing'] })) {
    if (alert.severity !== 'critical') continue
    const trouble = TROUBLES.find(({ from, to }) => alert.openedAt >= from && alert.openedAt <= to)
    const afterMs = (7.5 + 3.5 * noise(alert.openedAt, 200)) * MINUTE
    if (trouble === undefined || at.getTime() - alert.openedAt.getTime() < afterMs) continue
    await desk.acknowledge(alert, 'on call', null, 'looking at it')
  }
}

async function approve(desk: MaintenanceDesk, at: Date): Promise<void> {
  const due = OPTIMIZATIONS.find(({ decidedAt }) => decidedAt.getTime() === at.getTime())
  if (due === undefined) return
  await desk.approveFinding(
    TARGET,
    `unindexed-foreign-key:table/parish/public/${due.table}`,
    'change board',
    `the delete of a ${due.refers} reads all of ${due.table}`,
  )
}
