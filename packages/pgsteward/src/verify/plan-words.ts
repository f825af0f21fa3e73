// A plan in words: which indexes it reads, and its steps that read tables.

import type { PlannedQuery } from '../model/verify.ts'
import type { PlanNode } from '../model/what-if.ts'

export function plannedQuery(plan: PlanNode): PlannedQuery {
  return { cost: plan['Total Cost'], steps: stepsOf(plan) }
}

/** Every index that the plan reads. */
export function indexNamesOf(plan: PlanNode): ReadonlySet<string> {
  const names = new Set<string>()
  walk(plan, (node) => {
    if (node['Index Name'] !== undefined) names.add(node['Index Name'])
  })
  return names
}

/** Equal for plans of the same nodes on the same relations and indexes. */
export function shapeText(plan: PlanNode): string {
  const {
    'Node Type': type,
    'Index Name': index,
    'Relation Name': relation,
    Alias: alias,
    Plans: below,
  } = plan
  return `${type} ${index ?? ''} ${relation ?? ''} ${alias ?? ''} ${plan['Join Type'] ?? ''} (${(below ?? []).map(shapeText).join(', ')})`
}

function stepsOf(plan: PlanNode): readonly string[] {
  const steps: string[] = []
  walk(plan, (node) => {
    const { 'Node Type': type, 'Index Name': index, 'Relation Name': relation } = node
    if (index === undefined && relation === undefined) return
    steps.push(
      [
        type,
        ...(index === undefined ? [] : ['using', index]),
        ...(relation === undefined ? [] : ['on', relation]),
      ].join(' '),
    )
  })
  return steps.length === 0 ? [plan['Node Type']] : steps
}

function walk(plan: PlanNode, visit: (node: PlanNode) => void): void {
  visit(plan)
  for (const child of plan.Plans ?? []) walk(child, visit)
}
