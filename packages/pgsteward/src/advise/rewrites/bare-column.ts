// Conditions on an expression over a column, written so that the column stands alone and its index serves.

import type { Node } from 'libpg-query'
import { age, day, period } from './bare-times.ts'
import { cast, sum, valueType } from './bare-values.ts'
import { comparisonsIn, type Way } from './comparison.ts'
import type { Rewriter } from './rewrite.ts'

const WAYS: readonly Way[] = [day, period, cast, sum, age, valueType]

export const bareColumn: Rewriter = (site) =>
  site.blocks.flatMap((block) =>
    block.conditions.flatMap(conjunctsAndArms).flatMap((condition) => {
      for (const comparison of comparisonsIn(condition, block, site)) {
        for (const way of WAYS) {
          const found = way(comparison, site)
          if (found.length > 0) return found
        }
      }
      return []
    }),
  )

function conjunctsAndArms(node: Node): readonly Node[] {
  if ('BoolExpr' in node && node.BoolExpr.boolop !== 'NOT_EXPR')
    return (node.BoolExpr.args ?? []).flatMap(conjunctsAndArms)
  return [node]
}
