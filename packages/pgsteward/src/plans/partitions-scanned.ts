// Which partitions a plan reads, and what it costs without those that are left out when it begins.

import type { PlanNode } from '../model/what-if.ts'

/** By name. What is left out for values that are known only while it runs (an inner side of a join) still counts. */
export function partitionsScanned(plan: PlanNode, partitions: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>()
  const visit = (node: PlanNode): void => {
    const name = node['Relation Name']
    if (name !== undefined && partitions.has(name)) found.add(name)
    for (const each of node.Plans ?? []) visit(each)
  }
  visit(plan)
  return found
}

/**
 * The planner charges for every partition that `now() - interval '1 day'` might mean; which one it means is known when the plan begins,
 * and EXPLAIN shows the others as `Subplans Removed`. Their cost is taken off again, as far up as sums go.
 */
export function costOfPlan(plan: PlanNode): number {
  return Math.max(0, plan['Total Cost'] - removedCost(plan))
}

function removedCost(node: PlanNode): number {
  const children = node.Plans ?? []
  // a plan that its parent reads once a row is charged there in a way that is not known here: it stays
  const own = node['Node Type'] === 'Nested Loop' ? children.slice(0, 1) : children
  const below = own.reduce((sum, each) => sum + removedCost(each), 0)
  if (!(Number(node['Subplans Removed']) > 0)) return below
  const shown = children.reduce((sum, each) => sum + each['Total Cost'], 0)
  return below + Math.max(0, node['Total Cost'] - shown)
}
