// The store's side of plans: one row a shape, their changes, and what happened to the target.

import type { PlanMemory, PlanSight, TargetEvent } from '../../model/plan.ts'
import { consistently, type Sql, type StoreDatabase } from '../database.ts'
import type { Names } from '../names.ts'
import { topStatements } from '../statements/statements.ts'
import { planChanges } from './plan-changes.ts'
import { savePlanSights } from './plan-sights.ts'
import { currentPlans, plansOf } from './plans.ts'
import { saveTargetEvents, targetEvents } from './target-events.ts'

export interface PlanStore extends PlanMemory {
  /** One transaction. Expects them redacted. */
  savePlans(targetId: string, sights: readonly PlanSight[]): Promise<void>
  /** The same event twice is one. */
  saveTargetEvents(targetId: string, events: readonly TargetEvent[]): Promise<void>
}

const MOST_PLANS = 300

export function planStore(database: StoreDatabase, names: Names): PlanStore {
  const ofTarget = async <T>(name: string, read: (targetId: number, tx: Sql) => Promise<readonly T[]>) => {
    const id = await names.knownTarget(name)
    return id === null ? [] : await consistently(database, (tx) => read(id, tx))
  }
  return {
    savePlans: async (targetId, sights) => {
      if (sights.length === 0) return
      const id = await names.target(targetId)
      await database.transaction((tx) => savePlanSights(tx, id, sights))
    },
    plansOf: (targetId, statement) => ofTarget(targetId, (id, tx) => plansOf(tx, id, statement)),
    currentPlans: (targetId, window, limit = MOST_PLANS) =>
      ofTarget(targetId, async (id, tx) => {
        const heaviest = await topStatements(tx, id, window, 'totalTime', 1_000)
        return await currentPlans(
          tx,
          id,
          window,
          heaviest.map(({ queryId }) => queryId),
          limit,
        )
      }),
    planChanges: (targetId, window) => ofTarget(targetId, (id, tx) => planChanges(tx, id, window, window.to)),
    saveTargetEvents: async (targetId, events) => {
      await saveTargetEvents(database, await names.target(targetId), events)
    },
    targetEvents: (targetId, window) => ofTarget(targetId, (id, tx) => targetEvents(tx, id, window)),
  }
}
