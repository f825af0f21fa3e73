// What a plan says to the search: which designs it uses, and what of its cost is not to be believed.

import type { PlanNode } from '../model/what-if.ts'
import type { IndexSet } from './index-set.ts'

/** Of the promised saving. */
const DISBELIEF = 0.5

/** The bit of the design that plans name so; 0 for an index that is there already. */
export type BitNamed = (indexName: string) => IndexSet

export function usedBy(node: PlanNode, bitNamed: BitNamed): IndexSet {
  const name = node['Index Name']
  const own = name === undefined ? 0n : bitNamed(name)
  return (node.Plans ?? []).reduce((used, child) => used | usedBy(child, bitNamed), own)
}

/**
 * A BitmapAnd multiplies the shares of its arms as if they had nothing to do with each other, and so looks better than one
 * index on both: half of what it promises beyond its best arm is not believed, where an index of ours has part in it. Not so where an
 * arm searches texts or documents (`standsAlone`): no index holds those beside a column.
 */
export function doubtOf(
  node: PlanNode,
  bitNamed: BitNamed,
  standsAlone: (indexName: string) => boolean = () => false,
): number {
  const below = (node.Plans ?? []).reduce((sum, child) => sum + doubtOf(child, bitNamed, standsAlone), 0)
  const and = node.Plans?.[0]
  if (node['Node Type'] !== 'Bitmap Heap Scan' || and?.['Node Type'] !== 'BitmapAnd') return below
  if (usedBy(and, bitNamed) === 0n) return below
  if ((and.Plans ?? []).some((arm) => arm['Index Name'] !== undefined && standsAlone(arm['Index Name'])))
    return below
  const fewest = Math.min(...(and.Plans ?? []).map((arm) => arm['Plan Rows']))
  const heap = node['Total Cost'] - and['Total Cost']
  const ratio = Math.max(1, fewest / Math.max(1, node['Plan Rows']))
  return below + heap * (ratio - 1) * DISBELIEF
}

/** The fields that are read later, of thousands of plans. */
export function leanPlan(node: PlanNode): PlanNode {
  const kept: Record<string, unknown> = {}
  for (const field of KEPT) if (node[field] !== undefined) kept[field] = node[field]
  if (node.Plans !== undefined) kept.Plans = node.Plans.map(leanPlan)
  return kept as unknown as PlanNode
}

const KEPT = [
  'Node Type',
  'Startup Cost',
  'Total Cost',
  'Plan Rows',
  'Plan Width',
  'Relation Name',
  'Schema',
  'Alias',
  'Index Name',
] as const
