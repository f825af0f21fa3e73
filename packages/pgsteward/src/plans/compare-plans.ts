// Compares two plans of one statement: whether they have the same shape, and how far their costs are apart.

import type { PlanNode } from '../model/what-if.ts'

/** What makes a plan what it is: the steps, what they read and how they join. Costs, rows, conditions and widths are not part of it. */
export const SHAPE_FIELDS = [
  'Node Type',
  'Strategy',
  'Partial Mode',
  'Parallel Aware',
  'Join Type',
  'Operation',
  'Command',
  'Scan Direction',
  'Relation Name',
  'Function Name',
  'CTE Name',
  'Alias',
  'Index Name',
  'Subplan Name',
  'Workers Planned',
  'Sort Key',
  'Presorted Key',
  'Group Key',
] as const

export interface PlanComparison {
  readonly isSameShape: boolean
  /** Total cost of the second over the first's; 1: equal. */
  readonly costRatio: number
  /** Where the shapes part, from the top: `Hash Join > Seq Scan on orders: Node Type Index Scan, not Seq Scan`; null: they don't. */
  readonly difference: string | null
}

/** Same cost: within a thousandth, or within the hundredth that EXPLAIN rounds to. */
export function isSameCost(comparison: PlanComparison, ofCost: number): boolean {
  return Math.abs(comparison.costRatio - 1) <= Math.max(0.001, 0.0101 / Math.max(ofCost, 0.01))
}

export function comparePlans(expected: PlanNode, actual: PlanNode): PlanComparison {
  const difference = differenceOf(expected, actual, '')
  const [one, other] = [expected['Total Cost'], actual['Total Cost']]
  return {
    isSameShape: difference === null,
    costRatio: one === other ? 1 : other / Math.max(one, 0.005),
    difference,
  }
}

/** Null: no difference. */
export function differenceOf(expected: PlanNode, actual: PlanNode, path = ''): string | null {
  const here = `${path}${nodeName(expected)}`
  for (const field of SHAPE_FIELDS) {
    const [one, other] = [normal(expected[field]), normal(actual[field])]
    if (one !== other) return `${here}: ${field} ${other ?? '-'}, not ${one ?? '-'}`
  }
  const [ones, others] = [expected.Plans ?? [], actual.Plans ?? []]
  if (ones.length !== others.length) return `${here}: ${others.length} inputs, not ${ones.length}`
  for (const [place, one] of ones.entries()) {
    const difference = differenceOf(one, others[place]!, `${here} > `)
    if (difference !== null) return difference
  }
  return null
}

function nodeName(node: PlanNode): string {
  const on = node['Relation Name'] ?? node.Alias
  return on === undefined ? node['Node Type'] : `${node['Node Type']} on ${on}`
}

/** Absent and false are the same: fields came with versions. */
function normal(value: unknown): string | null {
  return value === undefined || value === false ? null : JSON.stringify(value)
}
