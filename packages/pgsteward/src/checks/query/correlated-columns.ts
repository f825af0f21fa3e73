// Columns of one table that a statement's plan takes as independent and that go together: where many more rows came than expected.

import type { ExtendedStatisticsRow } from '../../facts/extended-statistics.ts'
import type { TableRow } from '../../facts/tables.ts'
import { clausesOf } from '../../plans/insights/conditions.ts'
import { type Misestimate, misestimates } from '../../plans/insights/misestimate.ts'
import { type PlanStep, type PlanSteps, textAt } from '../../plans/insights/plan-steps.ts'
import { tableNamed } from './planned-statements.ts'
import { isStale } from './planned-table.ts'

export interface Correlated {
  readonly table: TableRow
  /** Sorted; two or more, eight at most. */
  readonly columns: readonly string[]
  readonly kind: 'condition' | 'groups'
  readonly misestimate: Misestimate
}

/** CREATE STATISTICS takes no more. */
const MOST_COLUMNS = 8

/** A current table, a misestimate that begins here, and two columns or more that no extended statistics know together. */
export function correlatedColumns(
  steps: PlanSteps,
  tables: readonly TableRow[],
  known: readonly ExtendedStatisticsRow[],
): readonly Correlated[] {
  return misestimates(steps).flatMap((misestimate) => {
    const { step, ratio } = misestimate
    const isGroup = step.node['Node Type'] === 'Aggregate'
    // independence makes too few rows of a condition, and too many groups
    if (isGroup ? ratio > 1 : ratio < 1) return []
    const scan = isGroup ? scanBelow(step) : step
    const name = scan?.node['Relation Name']
    const table = name === undefined ? undefined : tableNamed(tables, scan!.node.Schema ?? null, name)
    if (scan === null || table === undefined || table.isPartition || isStale(table)) return []
    const columns = [...new Set(isGroup ? groupedColumns(step, scan) : equalColumns(scan))].sort()
    if (columns.length < 2 || columns.length > MOST_COLUMNS) return []
    const kind = isGroup ? ('groups' as const) : ('condition' as const)
    return known.some((each) => isKnownBy(each, table, columns, kind))
      ? []
      : [{ table, columns, kind, misestimate }]
  })
}

function isKnownBy(
  { tableSchema, table, columns, kinds }: ExtendedStatisticsRow,
  of: TableRow,
  wanted: readonly string[],
  kind: Correlated['kind'],
): boolean {
  const fits = kind === 'groups' ? kinds.includes('ndistinct') : kinds.some((each) => each !== 'ndistinct')
  return (
    fits &&
    tableSchema === of.schema &&
    table === of.name &&
    wanted.every((column) => columns.includes(column))
  )
}

/** Dependencies and lists of most common values are used for equality alone. */
function equalColumns({ node }: PlanStep): readonly string[] {
  const conditions = ['Index Cond', 'Recheck Cond', 'Filter'].flatMap((field) => {
    const text = node[field]
    return typeof text === 'string' ? [text] : []
  })
  return conditions
    .flatMap(clausesOf)
    .flatMap(({ kind, column }) => (kind === 'equality' && column !== null ? [column.column] : []))
}

function groupedColumns(step: PlanStep, scan: PlanStep): readonly string[] {
  const keys = step.node['Group Key']
  if (!Array.isArray(keys)) return []
  const alias = textAt(scan.node, 'Alias')
  return keys.flatMap((key) => {
    const match = /^(?:("(?:[^"]|"")+"|[a-z_]\w*)\.)?("(?:[^"]|"")+"|[a-z_]\w*)$/i.exec(String(key))
    if (match === null || (match[1] !== undefined && match[1].replaceAll('"', '') !== alias)) return []
    return [match[2]!.replaceAll('""', '"').replace(/^"([\s\S]*)"$/, '$1')]
  })
}

/** The one table that is read below a grouping; null: there are several. */
function scanBelow(step: PlanStep): PlanStep | null {
  let at = step
  while (at.children.length === 1) at = at.children[0]!
  // a bitmap's heap scan has the index scan below it
  while (at.node['Relation Name'] === undefined && at.parent !== null && at !== step) at = at.parent
  return at.node['Relation Name'] === undefined || at.children.length > 1 ? null : at
}
