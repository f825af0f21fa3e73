// Reads EXPLAIN's text format back into what its JSON format says of the same plan. Nodes nest by the column of their arrows.

import type { PlanNode } from '../model/what-if.ts'
import { type Fields, readTextNode } from './text-plan-node.ts'
import { readTextProperty } from './text-plan-property.ts'

const COSTS = /^(.*?) {1,2}\(cost=([\d.]+)\.\.([\d.]+) rows=([\d.]+) width=(\d+)\)(.*)$/
const ACTUAL = /\(actual (?:time=([\d.]+)\.\.([\d.]+) )?rows=([\d.]+) loops=(\d+)\)/
const LABEL = /^(?:InitPlan|SubPlan|CTE) .+$/
/** Deeper is no plan of PostgreSQL's. */
const MAX_DEPTH = 500

interface Open {
  readonly column: number
  readonly node: Fields & { Plans?: Fields[] }
}

/**
 * `text` begins with the top node's line. What stands behind the plan (triggers, JIT, times, settings) is left out. Null: the
 * first line is no node with costs. Without ANALYZE, or with it; with BUFFERS, VERBOSE, WAL and workers.
 */
export function readTextPlan(text: string): PlanNode | null {
  const lines = text.split('\n')
  const root = nodeOf(lines[0] ?? '')
  if (root === null) return null
  const stack: Open[] = [{ column: -1, node: root }]
  let label: string | null = null
  let property = ''
  const endProperty = () => {
    if (property !== '') readTextProperty(stack.at(-1)!.node, property)
    property = ''
  }
  for (const line of lines.slice(1)) {
    const content = line.trimStart()
    const column = line.length - content.length
    if (content === '') continue
    const isProperty = column > stack.at(-1)!.column && /^[A-Z][\w/ -]*(?: \d+)?: /.test(content)
    // A literal may have line breaks: what is neither node, label nor property goes on the condition before.
    if (column === 0 && property !== '' && !isAfterPlan(content) && !closed(property)) {
      property += `\n${line}`
      continue
    }
    if (column === 0) break
    const node = content.startsWith('->  ') ? nodeOf(content.slice(4)) : null
    if (node !== null) {
      endProperty()
      if (stack.length > MAX_DEPTH) return null
      while (stack.at(-1)!.column >= column) stack.pop()
      const parent = stack.at(-1)!.node
      parent.Plans ??= []
      parent.Plans.push({ ...node, ...relationship(parent, label) })
      stack.push({ column, node: parent.Plans.at(-1)! })
      label = null
    } else if (LABEL.test(content) && !isProperty && closed(property)) {
      endProperty()
      while (stack.at(-1)!.column >= column) stack.pop()
      label = content
    } else if (isProperty && closed(property)) {
      endProperty()
      property = content
    } else if (property !== '' && !closed(property)) property += `\n${line}`
  }
  endProperty()
  return root as unknown as PlanNode
}

function nodeOf(line: string): Open['node'] | null {
  const costs = COSTS.exec(line)
  if (costs === null) return null
  const [, title, startup, total, rows, width, rest] = costs
  const node: Record<string, unknown> = {
    ...readTextNode(title!),
    'Startup Cost': Number(startup),
    'Total Cost': Number(total),
    'Plan Rows': Number(rows),
    'Plan Width': Number(width),
  }
  const actual = ACTUAL.exec(rest!)
  const isNeverExecuted = rest!.includes('(never executed)')
  if (actual !== null && actual[1] !== undefined) {
    node['Actual Startup Time'] = Number(actual[1])
    node['Actual Total Time'] = Number(actual[2])
  } else if (isNeverExecuted) {
    node['Actual Startup Time'] = 0
    node['Actual Total Time'] = 0
  }
  if (actual !== null || isNeverExecuted) {
    node['Actual Rows'] = Number(actual?.[3] ?? 0)
    node['Actual Loops'] = Number(actual?.[4] ?? 0)
  }
  return node
}

/** How a node belongs to the one above, which the text shows by order alone. */
function relationship(parent: Open['node'], label: string | null): Fields {
  if (label !== null)
    return {
      'Parent Relationship': label.startsWith('SubPlan') ? 'SubPlan' : 'InitPlan',
      'Subplan Name': label,
    }
  const before = parent.Plans!.filter((each) => each['Subplan Name'] === undefined).length
  switch (parent['Node Type']) {
    case 'Append':
    case 'Merge Append':
    case 'BitmapAnd':
    case 'BitmapOr':
      return { 'Parent Relationship': 'Member' }
    case 'Subquery Scan':
      return { 'Parent Relationship': 'Subquery' }
    default:
      return { 'Parent Relationship': before === 0 ? 'Outer' : 'Inner' }
  }
}

/** Whether a condition's quotes are even: a literal in it is not open. */
function closed(property: string): boolean {
  let quotes = 0
  for (let at = property.indexOf("'"); at >= 0; at = property.indexOf("'", at + 1)) quotes++
  return quotes % 2 === 0
}

const isAfterPlan = (content: string): boolean =>
  /^(?:Planning|Execution|Trigger|JIT|Settings|Query Identifier|Serialization)\b/.test(content)
