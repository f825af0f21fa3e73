// OFFSET that skips many rows: all of them are read, and thrown away.

import type { PlanInsight } from '../../model/plan.ts'
import { actualRows, type PlanSteps } from './plan-steps.ts'
import { rowsOf } from './words.ts'

const LEAST_SKIPPED = 1000
const SKIPPED_FOR_ONE = 10

/** Of plans that ran: a generic one does not know its OFFSET. */
export function offsetInsights({ all, isAnalyzed }: PlanSteps): readonly PlanInsight[] {
  if (!isAnalyzed) return []
  return all.flatMap((step) => {
    const input = step.children[0]
    if (step.node['Node Type'] !== 'Limit' || input === undefined) return []
    const [read, returned] = [actualRows(input) ?? 0, actualRows(step) ?? 0]
    const skippedRows = read - returned
    if (skippedRows < LEAST_SKIPPED || skippedRows < SKIPPED_FOR_ONE * returned) return []
    return [
      {
        kind: 'offset',
        words: `OFFSET skips ${rowsOf(skippedRows)} to return ${rowsOf(returned)}, and each of them is read first.`,
        share: step.share,
        path: step.path,
        figures: { skippedRows, returnedRows: returned },
      },
    ]
  })
}
