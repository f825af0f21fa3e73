// A target's plan by the configuration: for the API and the command line.

import type { CapacityPlanWire } from '../../model/capacity.ts'
import type { Store } from '../../store/store.ts'
import type { Config } from '../config/config-schema.ts'
import { limitsOf } from './capacity-config.ts'
import { capacityPlan } from './capacity-plan.ts'

export interface PlanOf {
  readonly config: Pick<Config, 'capacity'>
  readonly store: Store
  readonly targetId: string
  readonly now: Date
  /** Absent: as configured. */
  readonly users?: number | undefined
}

export function planOfTarget({ config, store, targetId, now, users }: PlanOf): Promise<CapacityPlanWire> {
  const { capacity } = config
  return capacityPlan({
    store,
    targetId,
    now,
    users: users ?? capacity.users,
    confidence: capacity.confidence,
    configured: limitsOf(capacity, targetId),
  })
}
