// A plan in a few words: its nodes from the top, each with what it reads.

import type { PlanNode } from '../../model/what-if.ts'

const MOST_NODES = 12

export function planOutline(plan: PlanNode): readonly string[] {
  const lines: string[] = []
  const walk = (node: PlanNode): void => {
    if (lines.length >= MOST_NODES) return
    const index = node['Index Name']
    const relation = node['Relation Name']
    const what = [
      index === undefined ? '' : ` using ${String(index)}`,
      relation === undefined ? '' : ` on ${String(relation)}`,
    ].join('')
    lines.push(`${node['Node Type']}${what}`)
    for (const child of node.Plans ?? []) walk(child)
  }
  walk(plan)
  return lines
}
