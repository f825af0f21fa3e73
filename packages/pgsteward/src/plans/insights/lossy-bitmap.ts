// A bitmap that did not fit into work_mem: it remembers whole pages instead of rows, and every row on them is checked again.

import type { PlanInsight } from '../../model/plan.ts'
import { numberAt, type PlanSteps } from './plan-steps.ts'
import { countOf, percentOf, rowsOf, stepName } from './words.ts'

const LEAST_LOSSY = 0.1
const LEAST_RECHECKED = 1000

export function lossyBitmapInsights({ all }: PlanSteps): readonly PlanInsight[] {
  return all.flatMap(({ node, loops, ownShare, path }) => {
    const lossy = numberAt(node, 'Lossy Heap Blocks') ?? 0
    const pages = lossy + (numberAt(node, 'Exact Heap Blocks') ?? 0)
    const rechecked = (numberAt(node, 'Rows Removed by Index Recheck') ?? 0) * loops
    if (lossy < LEAST_LOSSY * pages || lossy === 0 || rechecked < LEAST_RECHECKED) return []
    return [
      {
        kind: 'lossy-bitmap',
        words: `The bitmap of the ${stepName(node)} did not fit into work_mem: it kept ${percentOf(lossy / pages)} of ${countOf(pages)} pages without their rows, and ${rowsOf(rechecked)} were read in vain.`,
        share: ownShare,
        path,
        figures: { step: stepName(node), lossyPages: lossy, pages, recheckedRows: rechecked },
      },
    ]
  })
}
