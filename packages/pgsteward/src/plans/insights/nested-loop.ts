// A nested loop that was chosen for a few rows and got many: its inner side runs once for each of them.

import type { PlanInsight } from '../../model/plan.ts'
import { type Misestimate, misestimateAt, misestimates } from './misestimate.ts'
import { numberAt, type PlanStep, type PlanSteps } from './plan-steps.ts'
import { countOf, percentOf, stepName } from './words.ts'

/** Below that another join would have saved little. */
const LEAST_SHARE = 0.3
const LEAST_LOOPS = 500

export interface MisledLoop {
  readonly step: PlanStep
  readonly inner: PlanStep
  /** Runs of the inner side that the planner reckoned with. */
  readonly expectedLoops: number
  readonly actualLoops: number
  /** Where the wrong estimate begins: below the outer side, or the outer side itself. */
  readonly origin: Misestimate
}

export function misledLoops(steps: PlanSteps): readonly MisledLoop[] {
  if (!steps.isAnalyzed) return []
  const origins = misestimates(steps)
  return steps.all.flatMap((step) => {
    if (step.node['Node Type'] !== 'Nested Loop') return []
    const outer = step.children.find((each) => each.node['Parent Relationship'] === 'Outer')
    const inner = step.children.find((each) => each.node['Parent Relationship'] === 'Inner')
    if (outer === undefined || inner === undefined) return []
    const wrong = misestimateAt(outer)
    if (wrong === null || wrong.ratio < 1) return []
    // a cache of results answers most runs: what is below it counts
    const runs = inner.node['Node Type'] === 'Memoize' ? (inner.children[0] ?? inner) : inner
    if (runs.loops < LEAST_LOOPS || inner.share < LEAST_SHARE) return []
    const origin = origins.find((each) => isWithin(each.step, outer) && each.ratio > 1) ?? wrong
    const actualLoops = (numberAt(outer.node, 'Actual Rows') ?? 0) * outer.loops
    return [{ step, inner, expectedLoops: outer.node['Plan Rows'] * outer.loops, actualLoops, origin }]
  })
}

export function nestedLoopInsights(steps: PlanSteps): readonly PlanInsight[] {
  return misledLoops(steps).map(({ step, inner, expectedLoops, actualLoops }) => ({
    kind: 'nested-loop',
    words:
      `The nested loop was chosen for ${countOf(expectedLoops)} ${expectedLoops === 1 ? 'row' : 'rows'} and got ` +
      `${countOf(actualLoops)}: it ran the ${stepName(inner.node)} as often, which took ${percentOf(inner.share)} of the ${steps.measure}.`,
    share: step.share,
    path: step.path,
    figures: { step: stepName(inner.node), expectedLoops, actualLoops },
  }))
}

function isWithin(step: PlanStep, above: PlanStep): boolean {
  return above.path.every((place, at) => step.path[at] === place)
}
