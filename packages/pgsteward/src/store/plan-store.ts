// The store's side of plans: one row a shape, their changes, and what happened to the target.

import type { PlanMemory } from '../model/plan.ts'
import type { StoreDatabase } from './database.ts'
import type { Names } from './names.ts'

export interface PlanStore extends PlanMemory {}

export function planStore(_database: StoreDatabase, _names: Names): PlanStore {
  return {
    plansOf: async () => [],
    currentPlans: async () => [],
    planChanges: async () => [],
    targetEvents: async () => [],
  }
}
