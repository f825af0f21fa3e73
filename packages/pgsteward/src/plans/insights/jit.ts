// Just-in-time compilation that takes a large part of a statement that is soon done.

import type { PlanInsight } from '../../model/plan.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { PlanNode } from '../../model/what-if.ts'
import type { InsightContext } from './insight-context.ts'
import { numberAt, type PlanSteps } from './plan-steps.ts'
import { msOf, percentOf } from './words.ts'

const LEAST_SHARE = 0.2
const LEAST_MS = 5

/** EXPLAIN's `JIT` stands beside the plan; whoever keeps a plan puts it on its root. */
export function jitMs(plan: PlanNode): Milliseconds | null {
  const timing = at(plan.JIT, 'Timing')
  const total = at(timing, 'Total')
  return typeof total === 'number' ? total : null
}

export function jitInsights(
  { root, totalMs: measured }: PlanSteps,
  { durationMs }: InsightContext,
): readonly PlanInsight[] {
  const ms = jitMs(root.node)
  const totalMs = measured ?? durationMs ?? null
  if (ms === null || totalMs === null || ms < LEAST_MS) return []
  const share = Math.min(1, ms / Math.max(totalMs, ms))
  if (share < LEAST_SHARE) return []
  return [
    {
      kind: 'jit',
      words: `Compiling its expressions (JIT) took ${msOf(ms)}, ${percentOf(share)} of the time.`,
      share,
      path: [],
      figures: { jitMs: ms, totalMs, functions: numberAt(root.node.JIT as PlanNode, 'Functions') ?? 0 },
    },
  ]
}

function at(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[field] : undefined
}
