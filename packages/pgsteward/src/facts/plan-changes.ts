// Plans that changed over the last day, with what a call took before and takes since.

import { defineStoredFact } from '../model/fact.ts'
import type { PlanChange } from '../model/plan.ts'

const LOOK_BACK_MS = 86_400_000

export const planChanges = defineStoredFact<readonly PlanChange[]>({
  id: 'plan-changes',
  title: 'Plans that changed over the last day, with what a call took before and takes since',
  keptFor: 'round',
  read: (memory, targetId, now) =>
    memory.planChanges(targetId, { from: new Date(now.getTime() - LOOK_BACK_MS), to: now }),
})
