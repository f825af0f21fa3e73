// What was planned and did not run: dear steps that were never executed, parallel workers that were not to be had.

import type { PlanInsight } from '../../model/plan.ts'
import { numberAt, type PlanStep, type PlanSteps } from './plan-steps.ts'
import { countOf, stepName } from './words.ts'

/** Of the plan's cost: what was cheap to leave out explains nothing. */
const LEAST_COST = 0.5
const LEAST_TOTAL_COST = 1000

export function neverExecuted({ root, all, isAnalyzed }: PlanSteps): readonly PlanInsight[] {
  const total = root.node['Total Cost']
  if (!isAnalyzed || total < LEAST_TOTAL_COST) return []
  return all
    .filter(
      (step) =>
        step.loops === 0 &&
        step.parent !== null &&
        step.parent.loops > 0 &&
        // partitions that turned out not to matter are pruned so
        !/Append$/.test(step.parent.node['Node Type']) &&
        step.node['Total Cost'] >= LEAST_COST * total,
    )
    .map((step) => ({
      kind: 'never-executed' as const,
      words: `The ${stepName(step.node)}, most of the plan's expected cost, was never executed, so this execution says nothing about it.`,
      share: 0,
      path: step.path,
      figures: { step: stepName(step.node), cost: step.node['Total Cost'] },
    }))
}

export function missingWorkers({ all }: PlanSteps): readonly PlanInsight[] {
  return all.flatMap((step: PlanStep) => {
    const planned = numberAt(step.node, 'Workers Planned') ?? 0
    const launched = numberAt(step.node, 'Workers Launched')
    if (launched === null || launched >= planned || step.loops === 0) return []
    return [
      {
        kind: 'workers',
        words: `${countOf(planned)} parallel workers were planned and ${launched === 0 ? 'none' : countOf(launched)} started: the server had no more to give (max_parallel_workers).`,
        share: step.share,
        path: step.path,
        figures: { planned, launched },
      },
    ]
  })
}
