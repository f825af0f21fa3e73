// Spilling to disk as two checks see it: from where on it counts, and which steps a plan that ran tells of.

import { z } from 'zod'
import type { KnownPlan } from '../../facts/statement-plans.ts'
import { size } from '../../model/units.ts'
import { planSteps } from '../../plans/insights/plan-steps.ts'
import { type Spill, spills } from '../../plans/insights/spill.ts'
import { planFor } from './planned-statements.ts'
import type { StatementLoad } from './statement-load.ts'

export const spillOptions = z.object({
  minPerCall: size()
    .prefault('1MB')
    .describe('Less stays in the memory of the operating system and is not felt.'),
  minCalls: z
    .number()
    .int()
    .positive()
    .prefault(5)
    .describe('Within the interval: a monthly report may spill.'),
  warnPerSecond: size()
    .prefault('10MB')
    .describe(
      'Written each second on average: as much is written again when read, a visible part of a cloud disk’s bandwidth.',
    ),
  maxWorkMem: size()
    .prefault('256MB')
    .describe(
      'No remedy beyond this: every sort of every session may take as much, so the statement has to change.',
    ),
})

/** Of the plan as it ran, the largest first; null: none is known that tells. */
export function spillsOf(load: StatementLoad, plans: readonly KnownPlan[]): readonly Spill[] | null {
  const plan = planFor(load, plans)
  if (plan === undefined || !plan.isAnalyzed) return null
  const found = spills(planSteps(plan.plan)).toSorted((a, b) => b.diskBytes - a.diskBytes)
  return found.length === 0 ? null : found
}
