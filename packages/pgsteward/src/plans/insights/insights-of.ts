// A plan in plain words: what in it matters, the heaviest first.

import type { PlanInsight } from '../../model/plan.ts'
import type { PlanNode } from '../../model/what-if.ts'
import { dominantStep } from './dominant-step.ts'
import { filterInsights } from './filter.ts'
import type { InsightContext } from './insight-context.ts'
import { misestimateInsights } from './misestimate.ts'
import { planSteps } from './plan-steps.ts'
import { spillInsights } from './spill.ts'

/** More of them nobody reads. */
const MOST = 12

export function insightsOf(plan: PlanNode, context: InsightContext = {}): readonly PlanInsight[] {
  const steps = planSteps(plan)
  return [
    ...dominantStep(steps),
    ...misestimateInsights(steps),
    ...spillInsights(steps),
    ...filterInsights(steps, context),
  ]
    .sort((a, b) => b.share - a.share)
    .slice(0, MOST)
}
