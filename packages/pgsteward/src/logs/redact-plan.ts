// A plan without users' values: conditions, outputs and keys as texts of SQL, what only names things left as it is.

import type { PlanNode } from '../model/what-if.ts'
import { redactStatement } from './redact-statement.ts'

/** Words and names of PostgreSQL's own and of the schema. */
const NAMES = new Set([
  'Node Type',
  'Parent Relationship',
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
  'CTE Name',
  'Tuplestore Name',
  'Subplan Name',
  'Sort Method',
  'Sort Space Type',
  'Storage',
  'Cache Mode',
  'Constraint Name',
  'Trigger Name',
  'Conflict Resolution',
  'Full-sort Group',
  'Sort Methods Used',
  'Conflict Arbiter Indexes',
])

export function redactPlan(plan: PlanNode): PlanNode {
  return redacted(plan) as PlanNode
}

function redacted(value: unknown): unknown {
  if (typeof value === 'string') return redactStatement(value)
  if (Array.isArray(value)) return value.map(redacted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([field, of]) => [field, NAMES.has(field) ? of : redacted(of)]),
  )
}
