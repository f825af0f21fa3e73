// The step in which most of the plan's time, or cost, is spent.

import type { PlanInsight } from '../../model/plan.ts'
import type { PlanSteps } from './plan-steps.ts'
import { percentOf, stepName } from './words.ts'

/** Less than that and the work is spread: no step is to blame. */
const DOMINATES = 0.4

export function dominantStep({ all, measure, totalMs }: PlanSteps): readonly PlanInsight[] {
  const top = all.reduce((most, step) => (step.ownShare > most.ownShare ? step : most))
  if (top.ownShare < DOMINATES || all.length === 1) return []
  return [
    {
      kind: 'dominant-step',
      words: `${percentOf(top.ownShare)} of the ${measure} goes into the ${stepName(top.node)}${
        top.loops > 1 && measure === 'time'
          ? `, which ran ${Math.round(top.loops).toLocaleString('en-US')} times`
          : ''
      }.`,
      share: top.ownShare,
      path: top.path,
      figures: {
        step: stepName(top.node),
        ...(totalMs === null ? { cost: top.node['Total Cost'] } : { ms: top.ownShare * totalMs }),
      },
    },
  ]
}
