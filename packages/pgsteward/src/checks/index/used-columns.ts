// Which columns of a table somebody looks for: statements, foreign keys, views, policies, functions. What can't be told counts as looked for.

import type { ColumnMentionRow } from '../../facts/column-mentions.ts'
import type { ForeignKeyRow } from '../../facts/foreign-keys.ts'
import type { IndexRow } from '../../facts/indexes.ts'
import type { TableColumnsRow } from '../../facts/table-columns.ts'
import type { TableStatementRow } from '../../facts/table-statements.ts'
import type { Bytes } from '../../model/units.ts'
import { ident } from '../../sql/quote.ts'

export interface ColumnNeeds {
  /** `column` as PostgreSQL writes an index's column; `held`: all columns of the index. */
  readonly isNeeded: (column: string, held: readonly string[]) => boolean
  /** Calls of the statements that look for it. */
  readonly callsFor: (column: string) => number
  readonly statements: number
  /** Of a value of each; null: one is not known. */
  readonly widthOf: (columns: readonly string[]) => Bytes | null
}

/** pg_stats shows widths of tables that the role may read; these need none. */
const FIXED_WIDTHS: Readonly<Record<string, Bytes>> = {
  boolean: 1,
  smallint: 2,
  integer: 4,
  date: 4,
  bigint: 8,
  'double precision': 8,
  'timestamp without time zone': 8,
  'timestamp with time zone': 8,
  uuid: 16,
}

interface Facts {
  readonly tableColumns: readonly TableColumnsRow[]
  readonly tableStatements: readonly TableStatementRow[]
  readonly columnMentions: readonly ColumnMentionRow[]
  readonly foreignKeys: readonly ForeignKeyRow[]
}

export function columnNeeds(facts: Facts): {
  /** Null: the table's columns are not known, or statements hide what they look for. */
  readonly tableOf: (index: IndexRow) => ColumnNeeds | null
} {
  const statements = new Map<string, TableStatementRow[]>()
  for (const row of facts.tableStatements)
    for (const table of row.tables) statements.set(table, [...(statements.get(table) ?? []), row])
  const known = new Map<string, ColumnNeeds | null>()
  return {
    tableOf: ({ schema, table }) => {
      const key = `${schema}.${table}`
      if (!known.has(key)) known.set(key, needsOf(schema, table, statements.get(key) ?? [], facts))
      return known.get(key)!
    },
  }
}

function needsOf(
  schema: string,
  name: string,
  statements: readonly TableStatementRow[],
  { tableColumns, columnMentions, foreignKeys }: Facts,
): ColumnNeeds | null {
  const table = tableColumns.find((row) => row.schema === schema && row.name === name)
  const uses = statements.flatMap(({ use }) => use ?? [])
  if (table === undefined || uses.length < statements.length || uses.some(({ hidesNames }) => hidesNames))
    return null
  const columns = new Map(table.columns.map((column) => [ident(column.name), column]))
  const sought = uses.map((use) => new Set(use.sought.split('\0')))
  const ofOthers = new Set([
    ...columnMentions
      .filter((row) => row.schema === schema && row.table === name)
      .map(({ column }) => column),
    ...foreignKeys.filter((row) => row.schema === schema && row.table === name).flatMap((row) => row.columns),
    ...foreignKeys
      .filter((row) => row.referencedSchema === schema && row.referencedTable === name)
      .flatMap((row) => row.referencedColumns),
  ])
  // what an index alone could answer: a statement that returns nothing of the table but columns that it holds
  const returned = uses.map((use) => returnedOf(use, name))
  return {
    statements: statements.length,
    isNeeded: (column, held) => {
      const plain = columns.get(column)?.name
      // an expression
      if (plain === undefined || ofOthers.has(plain)) return true
      const holds = (each: string) => held.includes(ident(each))
      return uses.some((_, place) => {
        if (sought[place]!.has(plain)) return true
        const { certain, possible, isWhole } = returned[place]!
        if (isWhole) return [...columns.keys()].every((each) => held.includes(each))
        return possible.has(plain) && [...certain].every(holds)
      })
    },
    callsFor: (column) => {
      const plain = columns.get(column)?.name
      return statements.reduce(
        (sum, { calls }, place) => sum + (plain === undefined || sought[place]!.has(plain) ? calls : 0),
        0,
      )
    },
    widthOf: (wanted) => {
      const widths = wanted.map((column) => {
        const known = columns.get(column)
        return known?.averageWidth ?? FIXED_WIDTHS[known?.type.replace(/\(\d+\)/, '') ?? ''] ?? null
      })
      return widths.reduce<Bytes | null>(
        (sum, width) => (sum === null || width === null ? null : sum + width),
        0,
      )
    },
  }
}

interface Returned {
  /** Columns that are this table's for certain. */
  readonly certain: ReadonlySet<string>
  readonly possible: ReadonlySet<string>
  /** All of its columns. */
  readonly isWhole: boolean
}

function returnedOf({ output }: NonNullable<TableStatementRow['use']>, table: string): Returned {
  const [certain, possible] = [new Set<string>(), new Set<string>()]
  for (const { of, names } of output?.columns ?? []) {
    if (!of.some(({ name }) => name === table)) continue
    for (const name of names.split('\0')) {
      possible.add(name)
      if (of.length === 1) certain.add(name)
    }
  }
  return { certain, possible, isWhole: output?.wholeRowsOf.some(({ name }) => name === table) ?? false }
}
