// What a statement's text and its tables say of keeping its result: whether it may be kept at all, how many different results there
// are at most, and how often a written row drops one.

import type { ForeignKeyRow } from '../../facts/foreign-keys.ts'
import type { IndexRow } from '../../facts/indexes.ts'
import type { TableActivityRow } from '../../facts/table-activity.ts'
import type { TableRow } from '../../facts/tables.ts'
import type { Interval } from '../../model/fact.ts'
import type { NamedTable, StatementTraits } from '../../sql/parse/statement-traits.ts'
import { plainName } from './index-led-by.ts'

export interface CacheableResult {
  readonly tables: readonly TableRow[]
  /** Different results at most: one, or as many as the compared tables have values to ask for. */
  readonly results: number
  /** Rows written to its tables. */
  readonly writesPerSecond: number
  readonly dropsPerSecond: number
  /** A written row drops one entry, found by its key; else every entry of the statement. */
  readonly isDroppedByKey: boolean
}

/** Null: not to be kept, or what it reads is not certain. */
export function cacheableResult(
  traits: StatementTraits,
  { tables, tableActivity, indexes, foreignKeys }: Read,
): CacheableResult | null {
  if (!traits.isRepeatable || traits.tables.length === 0 || tableActivity.seconds <= 0) return null
  const resolved = traits.tables.map((named) => tableOf(named, tables))
  const of = resolved.flatMap((table) => table ?? [])
  if (of.length < resolved.length) return null
  const writes = of.reduce((sum, table) => sum + writesTo(table, tableActivity), 0)
  // as if one more had come right after the interval: none seen in ten minutes is not none ever
  const writesPerSecond = (writes + 1) / tableActivity.seconds
  const [only] = of.length === 1 ? of : []
  const isDroppedByKey = only !== undefined && isLookup(only, traits, indexes)
  const compared = comparedWith(traits).flatMap(({ on }) =>
    on.of.flatMap((named) => {
      const table = tableOf(named, tables)
      return table === null ? [] : [{ table, column: on.column }]
    }),
  )
  const results = [...Map.groupBy(compared, ({ table }) => table)].reduce(
    (product, [table, columns]) => product * valuesOf(table, columns, foreignKeys),
    1,
  )
  return {
    tables: of,
    results,
    writesPerSecond: writes / tableActivity.seconds,
    dropsPerSecond: isDroppedByKey ? writesPerSecond / results : writesPerSecond,
    isDroppedByKey,
  }
}

interface Read {
  readonly tables: readonly TableRow[]
  readonly tableActivity: Interval<TableActivityRow>
  readonly indexes: readonly IndexRow[]
  readonly foreignKeys: readonly ForeignKeyRow[]
}

/** A table with rows of its own: a partitioned one's writes are counted at its partitions, a view's at what it reads. */
function tableOf({ schema, name }: NamedTable, tables: readonly TableRow[]): TableRow | null {
  const alike = tables.filter((row) => row.name === name && (schema ?? row.schema) === row.schema)
  const table = alike.length === 1 ? alike[0] : alike.find((row) => row.schema === 'public')
  return table?.kind === 'table' && !table.isPartition ? table : null
}

function writesTo({ schema, name }: TableRow, activity: Interval<TableActivityRow>): number {
  const row = activity.rows.find((each) => each.schema === schema && each.name === name)
  return row === undefined ? 0 : row.inserts + row.updates + row.deletes
}

/** Each value that a comparison asks for may have a result of its own: as many as there are rows to ask for. */
function comparedWith({ compared, wrapped }: StatementTraits) {
  return [...compared, ...wrapped]
}

/** Of several columns together at most: the rows of the table, and of the tables that they refer to; 1 or more. */
function valuesOf(
  table: TableRow,
  columns: readonly { readonly column: string }[],
  foreignKeys: readonly ForeignKeyRow[],
): number {
  const keys = foreignKeys.filter(
    (key) => key.schema === table.schema && key.table === table.name && key.columns.length === 1,
  )
  const valuesOfColumn = (column: string) =>
    keys.find((key) => plainName(key.columns[0]!) === column)?.referencedRows ?? table.rows
  const combined = columns.reduce((product, { column }) => product * Math.max(1, valuesOfColumn(column)), 1)
  return Math.max(1, Math.min(table.rows, combined))
}

/** By all columns of a unique key. */
function isLookup(table: TableRow, { compared }: StatementTraits, indexes: readonly IndexRow[]): boolean {
  const equal = new Set(compared.filter(({ operator }) => operator === '=').map(({ on }) => on.column))
  return indexes.some(
    (index) =>
      index.isUnique &&
      index.isValid &&
      index.predicate === null &&
      index.schema === table.schema &&
      index.table === table.name &&
      index.keyColumns.every((column) => equal.has(plainName(column))),
  )
}
