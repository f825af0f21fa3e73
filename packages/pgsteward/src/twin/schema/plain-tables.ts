// Which tables, indexes and keys are of the plain kind that can be written straight into the catalogs: those whose whole definition
// follows from their columns. Decided by composing what the definition would then be; anything that reads otherwise is made by its DDL.

import { ident, qualified } from '../../sql/quote.ts'
import type { IndexStatistics, StatisticsFile, TableStatistics } from '../statistics/statistics-file.ts'

export interface PlainColumn {
  readonly name: string
  /** Type, collation, default and identity, as SQL: equal definitions share one prototype. */
  readonly definition: string
  readonly isNotNull: boolean
  readonly hasDefault: boolean
  readonly isIdentity: boolean
}

export interface PlainKey {
  readonly column: number
  /** Null: the type's default one. */
  readonly operatorClass: string | null
  /** As in pg_index.indoption: 1 descending, 2 nulls first. */
  readonly option: number
}

export interface PlainIndex {
  readonly index: IndexStatistics
  readonly keys: readonly PlainKey[]
  /** Numbers of columns. */
  readonly include: readonly number[]
}

export interface PlainTable {
  readonly table: TableStatistics
  readonly columns: readonly PlainColumn[]
  readonly indexes: readonly PlainIndex[]
}

export function plainTables(file: StatisticsFile): PlainTable[] {
  const parents = new Set(
    file.tables.flatMap((table) => table.parents.map(({ schema, name }) => qualified(schema, name))),
  )
  return file.tables.flatMap((table) => {
    const isAlone = table.parents.length === 0 && !parents.has(qualified(table.schema, table.name))
    if (table.kind !== 'table' || table.isPartition || table.attachSql.length > 0 || !isAlone) return []
    const columns = plainColumns(table)
    if (columns === null) return []
    return [{ table, columns, indexes: table.indexes.flatMap((index) => plainIndex(table, index) ?? []) }]
  })
}

const COLLATION = /^ collate (?:"(?:[^"]|"")+"|[\w$]+)(?:\.(?:"(?:[^"]|"")+"|[\w$]+))?/
const IDENTITY = /^ generated (?:always|by default) as identity/

/** Reads the table's own definition along its columns; null: there is more to it. */
function plainColumns(table: TableStatistics): PlainColumn[] | null {
  let rest = table.sql
  const take = (expected: string): boolean => {
    const isThere = rest.startsWith(expected)
    if (isThere) rest = rest.slice(expected.length)
    return isThere
  }
  const takeMatch = (pattern: RegExp): string => {
    const found = pattern.exec(rest)?.[0] ?? ''
    rest = rest.slice(found.length)
    return found
  }
  if (!take(`create table ${qualified(table.schema, table.name)} (`)) return null
  const columns: PlainColumn[] = []
  for (const [place, column] of table.columns.entries()) {
    if (column.isGenerated || column.number !== place + 1) return null
    if (place > 0 && !take(', ')) return null
    if (!take(`${ident(column.name)} ${column.type}`)) return null
    const collation = takeMatch(COLLATION)
    const defaultSql = column.default === null ? '' : ` default ${column.default}`
    if (!take(defaultSql)) return null
    const identity = takeMatch(IDENTITY)
    if (take(' not null') !== column.isNotNull) return null
    columns.push({
      name: column.name,
      definition: `${column.type}${collation}${defaultSql}${identity}`,
      isNotNull: column.isNotNull,
      hasDefault: column.default !== null,
      isIdentity: identity !== '',
    })
  }
  return rest === ')' ? columns : null
}

function plainIndex(table: TableStatistics, index: IndexStatistics): PlainIndex | null {
  const numbers = new Map(table.columns.map((column) => [column.name, column.number]))
  const keys = index.keys.map((key) => ({
    column: numbers.get(key.column ?? '') ?? 0,
    operatorClass: key.operatorClass,
    option: Number(key.isDescending) | (Number(key.isNullsFirst) << 1),
  }))
  const include = index.include.map((name) => numbers.get(name) ?? 0)
  if (index.method !== 'btree' || index.parent !== null || index.schema !== table.schema) return null
  if ([...keys.map(({ column }) => column), ...include].includes(0)) return null
  return bare(index.sql) === bare(definitionOf(table, index)) ? { index, keys, include } : null
}

/** Without the quotes that PostgreSQL gives to some names that need none here, such as `values`. */
function bare(sql: string): string {
  return sql.replace(/"([a-z_][a-z0-9_$]*)"/g, '$1')
}

/** As PostgreSQL would write it. */
function definitionOf(table: TableStatistics, index: IndexStatistics): string {
  const name = qualified(table.schema, table.name)
  const include = index.include.length === 0 ? '' : ` INCLUDE (${index.include.map(ident).join(', ')})`
  if (index.isConstraint) {
    const kind = index.isPrimary ? 'PRIMARY KEY' : 'UNIQUE'
    const keys = index.keys.map((key) => key.sql).join(', ')
    return `alter table only ${name} add constraint ${ident(index.name)} ${kind} (${keys})${include}`
  }
  const keys = index.keys.map((key) => {
    const operatorClass = key.operatorClass === null ? '' : ` ${key.operatorClass.replace('pg_catalog.', '')}`
    const direction = key.isDescending ? ' DESC' : ''
    const nulls =
      key.isDescending === key.isNullsFirst ? '' : key.isNullsFirst ? ' NULLS FIRST' : ' NULLS LAST'
    return `${key.sql}${operatorClass}${direction}${nulls}`
  })
  const unique = index.isUnique ? 'UNIQUE ' : ''
  return `CREATE ${unique}INDEX ${ident(index.name)} ON ${name} USING btree (${keys.join(', ')})${include}`
}
