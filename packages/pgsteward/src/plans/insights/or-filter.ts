// OR between conditions on different relations: neither can be looked up, so both are joined whole and filtered late.

import type { PlanInsight } from '../../model/plan.ts'
import { aliasesIn, alternativesOf, clausesOf, shownCondition } from './conditions.ts'
import { numberAt, type PlanStep, type PlanSteps, textAt } from './plan-steps.ts'
import { percentOf, rowsOf } from './words.ts'

const LEAST_ROWS = 1000
const MOST_KEPT = 0.1

export interface LateOr {
  readonly step: PlanStep
  /** The one OR, as EXPLAIN writes it. */
  readonly condition: string
  readonly arms: readonly { readonly text: string; readonly aliases: readonly string[] }[]
  readonly joinedRows: number
  readonly keptRows: number
}

export function lateOrs(steps: PlanSteps): readonly LateOr[] {
  return steps.all.flatMap((step) => {
    if (step.children.length < 2) return []
    const filters = ['Join Filter', 'Filter'].flatMap((field) => textAt(step.node, field) ?? [])
    for (const { text } of filters.flatMap(clausesOf)) {
      const arms = alternativesOf(text).map((arm) => ({ text: arm, aliases: aliasesIn(arm) }))
      // each looks at one relation, and not all at the same
      if (arms.length < 2 || arms.some((arm) => arm.aliases.length !== 1)) continue
      if (new Set(arms.map((arm) => arm.aliases[0])).size < 2) continue
      const { joinedRows, keptRows } = volumeOf(step, steps.isAnalyzed)
      if (joinedRows < LEAST_ROWS || keptRows > MOST_KEPT * joinedRows) continue
      return [{ step, condition: text, arms, joinedRows, keptRows }]
    }
    return []
  })
}

export function orFilterInsights(steps: PlanSteps): readonly PlanInsight[] {
  return lateOrs(steps).map(({ step, condition, joinedRows, keptRows }) => ({
    kind: 'or-filter',
    words: `OR between columns of two tables can't use an index: ${rowsOf(joinedRows)} ${
      steps.isAnalyzed ? 'were' : 'are expected to be'
    } joined first, and then ${percentOf(1 - keptRows / joinedRows)} of them thrown away by ${shownCondition(condition)}.`,
    share: step.share,
    path: step.path,
    figures: { condition: shownCondition(condition), joinedRows, keptRows },
  }))
}

function volumeOf(step: PlanStep, isAnalyzed: boolean): { joinedRows: number; keptRows: number } {
  if (!isAnalyzed) {
    const inputs = step.children.map((each) => each.node['Plan Rows'])
    return { joinedRows: Math.max(...inputs), keptRows: step.node['Plan Rows'] }
  }
  const removed = ['Rows Removed by Join Filter', 'Rows Removed by Filter'].reduce(
    (sum, field) => sum + (numberAt(step.node, field) ?? 0),
    0,
  )
  const keptRows = (numberAt(step.node, 'Actual Rows') ?? 0) * step.loops
  return { joinedRows: removed * step.loops + keptRows, keptRows }
}
