// Filters that throw away most of what was read: rows that an index would not have fetched.

import type { PlanInsight } from '../../model/plan.ts'
import { shownCondition } from './conditions.ts'
import type { InsightContext } from './insight-context.ts'
import { numberAt, type PlanStep, type PlanSteps, textAt } from './plan-steps.ts'
import { percentOf, rowsOf, stepName } from './words.ts'

/** Of what was read: an index pays from there on, the sooner the fewer rows stay. */
const MOST_KEPT = 0.1
const LEAST_REMOVED = 1000

export interface ThrownAway {
  readonly step: PlanStep
  readonly condition: string
  /** Over all loops. */
  readonly removedRows: number
  readonly keptRows: number
  /** False: by the planner's estimate and the table's size. */
  readonly isMeasured: boolean
}

export function thrownAway(steps: PlanSteps, context: InsightContext): readonly ThrownAway[] {
  return steps.all.flatMap((step) => {
    const found = steps.isAnalyzed ? measured(step) : estimated(step, context)
    if (found === null || found.removedRows < LEAST_REMOVED) return []
    return found.keptRows <= MOST_KEPT * (found.keptRows + found.removedRows) ? [found] : []
  })
}

export function filterInsights(steps: PlanSteps, context: InsightContext): readonly PlanInsight[] {
  return thrownAway(steps, context).map((each) => {
    const { step, condition, removedRows, keptRows, isMeasured } = each
    const read = removedRows + keptRows
    return {
      kind: 'filter',
      words: `The ${stepName(step.node)} ${isMeasured ? 'read' : 'is expected to read'} ${rowsOf(read)}${
        step.loops > 1 ? ` over ${Math.round(step.loops).toLocaleString('en-US')} runs` : ''
      } and ${isMeasured ? 'threw' : 'throw'} ${percentOf(removedRows / read)} of them away by ${shownCondition(condition)}.`,
      share: step.ownShare,
      path: step.path,
      figures: {
        step: stepName(step.node),
        removedRows,
        keptRows,
        condition: shownCondition(condition),
        ...(typeof step.node['Relation Name'] === 'string' ? { table: step.node['Relation Name'] } : {}),
      },
    }
  })
}

function measured(step: PlanStep): ThrownAway | null {
  const condition = textAt(step.node, 'Filter') ?? textAt(step.node, 'Join Filter')
  const field =
    textAt(step.node, 'Filter') === null ? 'Rows Removed by Join Filter' : 'Rows Removed by Filter'
  const removed = numberAt(step.node, field)
  const kept = numberAt(step.node, 'Actual Rows')
  if (condition === null || removed === null || kept === null) return null
  return {
    step,
    condition,
    removedRows: removed * step.loops,
    keptRows: kept * step.loops,
    isMeasured: true,
  }
}

/** Of a Seq Scan alone: what an index scan reads before its filter the plan does not say. */
function estimated(step: PlanStep, context: InsightContext): ThrownAway | null {
  const condition = textAt(step.node, 'Filter')
  const table = step.node['Relation Name']
  if (step.node['Node Type'] !== 'Seq Scan' || condition === null || table === undefined) return null
  const rows = context.rowsOf?.(step.node.Schema ?? null, table) ?? null
  if (rows === null) return null
  const kept = Math.min(rows, step.node['Plan Rows'])
  return {
    step,
    condition,
    removedRows: (rows - kept) * step.loops,
    keptRows: kept * step.loops,
    isMeasured: false,
  }
}
