// A plan as it may be kept: its conditions hold values of users' rows, and what nobody reads of it is left out.

import type { PlanNode } from '../model/what-if.ts'

/** What names things or comes from a list of PostgreSQL's own; every other text may hold a value. */
const NAMES = new Set([
  'Node Type',
  'Strategy',
  'Partial Mode',
  'Join Type',
  'Operation',
  'Command',
  'Scan Direction',
  'Relation Name',
  'Schema',
  'Alias',
  'Index Name',
  'Function Name',
  'Table Function Name',
  'CTE Name',
  'Tuplestore Name',
  'Subplan Name',
  'Parent Relationship',
  'Custom Plan Provider',
  'Sort Method',
  'Sort Space Type',
  'Cache Mode',
  'Sampling Method',
  'Conflict Resolution',
  'Conflict Arbiter Indexes',
  'Trigger Name',
])

/** Columns of each step: half of a plan's bytes, read by nobody. */
const LEFT_OUT = new Set(['Output', 'Query Text', 'Query Identifier'])

/** A plan over more partitions is read no better than one over so many. */
const MOST_INPUTS = 100
/** Far beyond what the planner makes of any statement; what lies deeper is left out. */
const DEEPEST = 200

/** Literals become `'?'`, numbers `?`; parameters ($1) and names stay. Long lists of partitions are cut, and say by how many. */
export function redactPlan(plan: PlanNode): PlanNode {
  return redacted(plan, 0) as unknown as PlanNode
}

function redacted(node: Readonly<Record<string, unknown>>, depth: number): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  for (const [field, value] of Object.entries(node)) {
    if (LEFT_OUT.has(field)) continue
    if (field === 'Plans' && Array.isArray(value)) {
      if (depth >= DEEPEST) continue
      kept.Plans = value.slice(0, MOST_INPUTS).map((input) => redacted(input, depth + 1))
      if (value.length > MOST_INPUTS) kept['Inputs Left Out'] = value.length - MOST_INPUTS
    } else kept[field] = NAMES.has(field) ? value : withoutValues(value)
  }
  return kept
}

function withoutValues(value: unknown): unknown {
  if (typeof value === 'string') return redactCondition(value)
  if (Array.isArray(value)) return value.map(withoutValues)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutValues(each)]))
}

/**
 * A condition as EXPLAIN deparses it, values replaced. One pass: quoted names and parameters first, so that neither a digit in a name
 * nor a quote in one is taken for a value. A literal that never ends is one up to the end.
 */
export function redactCondition(text: string): string {
  return text.replace(
    /"(?:[^"]|"")*"|\$\d+|E?'(?:[^']|'')*(?:'|$)|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/g,
    (token, place: number) => {
      if (token.includes("'") && !token.startsWith('"')) return "'?'"
      if (!/^[\d.]/.test(token) || isOfType(text, place) || isPart(text, place)) return token
      return token === '0' || token === '1' ? token : '?'
    },
  )
}

/** `character varying(20)`, `numeric(10,2)`, `timestamp(3)`: a type's modifier, behind a cast. */
function isOfType(text: string, place: number): boolean {
  return /::[a-z][a-z ]*\((?:\d+,)?$/.test(text.slice(Math.max(0, place - 40), place))
}

/** `SubPlan 2`, `InitPlan 1`, `hashed SubPlan 3`, `col2` of one. */
function isPart(text: string, place: number): boolean {
  return /(?:Sub|Init)Plan $/.test(text.slice(Math.max(0, place - 9), place))
}
