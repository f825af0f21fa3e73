// A plan in plain words: what in it matters, the heaviest first.

import type { PlanInsight } from '../../model/plan.ts'
import type { PlanNode } from '../../model/what-if.ts'
import { dominantStep } from './dominant-step.ts'
import { filterInsights } from './filter.ts'
import type { InsightContext } from './insight-context.ts'
import { jitInsights } from './jit.ts'
import { lossyBitmapInsights } from './lossy-bitmap.ts'
import { misestimateInsights } from './misestimate.ts'
import { nestedLoopInsights } from './nested-loop.ts'
import { missingWorkers, neverExecuted } from './not-run.ts'
import { offsetInsights } from './offset.ts'
import { orFilterInsights } from './or-filter.ts'
import { orderByLimitInsights } from './order-by-limit.ts'
import { planSteps } from './plan-steps.ts'
import { scanInsights } from './scan.ts'
import { spillInsights } from './spill.ts'

/** More of them nobody reads. */
const MOST = 12
/** Not worth a reader's look, whatever it is; what did not run has no share at all. */
const LEAST_SHARE = 0.03

/**
 * `plan` is the root of EXPLAIN's tree, with actual rows or without, VERBOSE or not; EXPLAIN's `JIT`, which stands beside it, is
 * expected on the root. Pure and quick: a pass over the steps for each kind.
 */
export function insightsOf(plan: PlanNode, context: InsightContext = {}): readonly PlanInsight[] {
  const steps = planSteps(plan)
  const precise = [
    ...orderByLimitInsights(steps, context),
    ...orFilterInsights(steps),
    ...scanInsights(steps, context),
  ]
  return [
    ...dominantStep(steps),
    ...misestimateInsights(steps, context),
    ...nestedLoopInsights(steps),
    ...spillInsights(steps),
    ...precise,
    // the same rows thrown away are told once, by whoever knows why
    ...filterInsights(steps, context).filter((filter) => !precise.some((each) => isSamePlace(each, filter))),
    ...lossyBitmapInsights(steps),
    ...offsetInsights(steps),
    ...jitInsights(steps, context),
    ...missingWorkers(steps),
    ...neverExecuted(steps),
  ]
    .filter((each) => each.share >= LEAST_SHARE || each.kind === 'never-executed')
    .sort((a, b) => b.share - a.share)
    .slice(0, MOST)
}

function isSamePlace(one: PlanInsight, other: PlanInsight): boolean {
  return one.path.join() === other.path.join()
}
