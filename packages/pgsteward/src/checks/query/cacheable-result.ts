// What a statement's text and its tables say of keeping its result: whether it may be kept at all, how many different results there
// are at most, and how often a written row drops one.

import type { IndexRow } from '../../facts/indexes.ts'
import type { TableActivityRow } from '../../facts/table-activity.ts'
import type { TableRow } from '../../facts/tables.ts'
import type { Interval } from '../../model/fact.ts'
import type { NamedTable, StatementTraits } from '../../sql/parse/statement-traits.ts'
import { plainName } from './index-led-by.ts'

export interface CacheableResult {
  readonly tables: readonly TableRow[]
  /** Different results at most: one, or as many as the compared table (the product of several) has rows. */
  readonly results: number
  /** Rows written to its tables. */
  readonly writesPerSecond: number
  readonly dropsPerSecond: number
  /** A written row drops one entry, found by its key; else every entry of the statement. */
  readonly isDroppedByKey: boolean
}

/** Locks rows, changes something, or answers differently to the same question. */
const NOT_KEPT =
  /\bfor\s+(?:no\s+key\s+update|update|key\s+share|share)\b|\b(?:insert\s+into|delete\s+from|update\s+\S+\s+set|tablesample)\b|\b(?:nextval|currval|lastval|setval|random|gen_random_uuid|uuidv7|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|now|age|pg_\w+|current_setting|set_config|txid_\w+)\s*\(|\b(?:current_(?:timestamp|date|time|user|role)|localtime(?:stamp)?|session_user)\b/i

/** Null: not to be kept, or what it reads is not certain. */
export function cacheableResult(
  text: string,
  traits: StatementTraits,
  { tables, tableActivity, indexes }: Read,
): CacheableResult | null {
  const isQuestion = traits.kind === 'select' && traits.tables.length > 0 && !NOT_KEPT.test(text)
  // lists of many lengths, and pages far into a list, are rarely asked for twice
  if (!isQuestion || traits.hasOffset || traits.longestList > 1 || tableActivity.seconds <= 0) return null
  // a bound may be another at each call, and so may a value that stands anywhere else
  if (comparedWith(traits).some(({ operator }) => operator !== '=') || hasOtherValues(text, traits))
    return null
  const resolved = traits.tables.map((named) => tableOf(named, tables))
  const of = resolved.flatMap((table) => table ?? [])
  if (of.length < resolved.length) return null
  const writes = of.reduce((sum, table) => sum + writesTo(table, tableActivity), 0)
  // as if one more had come right after the interval: none seen in ten minutes is not none ever
  const writesPerSecond = (writes + 1) / tableActivity.seconds
  const [only] = of.length === 1 ? of : []
  const isDroppedByKey = only !== undefined && isLookup(only, traits, indexes)
  const asked = new Set(
    comparedWith(traits).flatMap(({ on }) => on.of.map((named) => tableOf(named, tables))),
  )
  const results = [...asked].reduce((product, table) => product * Math.max(1, table?.rows ?? 1), 1)
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

/** Beyond one a comparison, and that of LIMIT. */
function hasOtherValues(text: string, traits: StatementTraits): boolean {
  const values = new Set(text.match(/\$\d+/g)).size
  return values > comparedWith(traits).length + (traits.hasLimit ? 1 : 0)
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
