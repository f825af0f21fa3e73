// Reads a target's schema: objects as SQL that creates them, tables with their columns, keys, indexes and place in hierarchies.

import type { RawRow } from '../../model/fact.ts'
import type { Session } from '../../postgres/connect.ts'
import { ident, qualified } from '../../sql/quote.ts'
import { functionSql, type SchemaObject, tableSql, typeSql, viewSql } from '../schema/definitions.ts'
import {
  COLLATIONS_SQL,
  COLUMNS_SQL,
  CONSTRAINTS_SQL,
  FUNCTIONS_SQL,
  INDEXES_SQL,
  INHERITANCE_SQL,
  RULES_SQL,
  SEQUENCES_SQL,
  SIZES_SQL,
  TABLES_SQL,
  TYPES_SQL,
  VIEWS_SQL,
} from './catalog-sql.ts'
import type { IndexStatistics, LeftOut, StatisticsFile, TableStatistics } from './statistics-file.ts'

export interface SchemaReading {
  readonly objects: StatisticsFile['objects']
  /** By oid on the target; statistics are empty so far. */
  readonly tables: ReadonlyMap<number, Writable<TableStatistics>>
  readonly indexes: ReadonlyMap<number, Writable<IndexStatistics>>
  /** Tables whose rows the role may not select, and so neither their statistics. */
  readonly unreadable: ReadonlySet<number>
  readonly leftOut: LeftOut[]
}

export type Writable<T> = { -readonly [K in keyof T]: T[K] }

const BLOCK_SIZE = 8192

/** About a dozen catalog queries. Sizes wait for no lock: where one can't be had, relpages stands for it, and is named. */
export async function readSchema(session: Session): Promise<SchemaReading> {
  const ask = async (sql: string) => (await session.query('twin', sql)).rows
  const leftOut: LeftOut[] = []
  const objects = await readObjects(ask, leftOut)
  const tableRows = await ask(TABLES_SQL)
  const columns = groupBy(await ask(COLUMNS_SQL), 'table_oid')
  const constraints = groupBy(await ask(CONSTRAINTS_SQL), 'table_oid')
  const parents = groupBy(await ask(INHERITANCE_SQL), 'child_oid')
  const sizes = await readSizes(session, leftOut)
  const tables = new Map<number, Writable<TableStatistics>>()
  const unreadable = new Set<number>()
  for (const row of tableRows) {
    const oid = Number(row.oid)
    if (row.kind === 'f') {
      leftOut.push({
        kind: 'foreign table',
        name: shown(row),
        because: 'its planning is up to another server',
      })
      continue
    }
    if (row.access_method !== 'heap')
      leftOut.push({
        kind: 'access method',
        name: shown(row),
        because: `it is stored as ${row.access_method}; the twin plans it as an ordinary table`,
      })
    if (!row.is_readable) unreadable.add(oid)
    tables.set(
      oid,
      tableOf(row, columns.get(oid) ?? [], constraints.get(oid) ?? [], parents.get(oid) ?? [], sizes),
    )
  }
  const indexes = new Map<number, Writable<IndexStatistics>>()
  for (const row of await ask(INDEXES_SQL)) {
    const table = tables.get(Number(row.table_oid))
    if (table === undefined) continue
    const parent = parents.get(Number(row.oid))?.[0]
    const index = indexOf(row, table, columns.get(Number(row.table_oid)) ?? [], parent, sizes)
    indexes.set(Number(row.oid), index)
    table.indexes.push(index)
  }
  return { objects, tables, indexes, unreadable, leftOut }
}

async function readObjects(
  ask: (sql: string) => Promise<readonly RawRow[]>,
  leftOut: LeftOut[],
): Promise<SchemaObject[]> {
  const objects: SchemaObject[] = []
  const add = (kind: string, row: RawRow, sql: string | null, because: string) => {
    if (sql === null) leftOut.push({ kind, name: shown(row), because })
    else objects.push({ kind, schema: String(row.schema), name: String(row.name), sql })
  }
  for (const row of await ask(COLLATIONS_SQL)) {
    const provider = { c: 'libc', i: 'icu', b: 'builtin' }[String(row.provider)] ?? 'libc'
    const options = `provider = ${provider}, locale = '${String(row.locale).replaceAll("'", "''")}', deterministic = ${row.is_deterministic}`
    add(
      'collation',
      row,
      `create collation ${qualified(String(row.schema), String(row.name))} (${options})`,
      '',
    )
  }
  for (const row of await ask(TYPES_SQL))
    add('type', row, typeSql(row), 'a base type is made of functions in C that only its server has')
  for (const row of await ask(SEQUENCES_SQL))
    add(
      'sequence',
      row,
      `create sequence ${qualified(String(row.schema), String(row.name))} as ${row.type}`,
      '',
    )
  for (const row of await ask(FUNCTIONS_SQL))
    add('function', row, functionSql(row), 'ordered-set aggregates are not rebuilt')
  for (const row of await ask(VIEWS_SQL)) add('view', row, viewSql(row), '')
  for (const row of await ask(RULES_SQL)) add('rule', row, String(row.definition), '')
  return objects
}

async function readSizes(session: Session, leftOut: LeftOut[]): Promise<ReadonlyMap<number, number> | null> {
  try {
    const { rows } = await session.query('twin', SIZES_SQL)
    return new Map(rows.map((row) => [Number(row.oid), Math.ceil(Number(row.bytes) / BLOCK_SIZE)]))
  } catch (error) {
    leftOut.push({
      kind: 'sizes',
      name: 'of all relations',
      because: `${(error as Error).message}; the sizes of the last vacuum stand for them`,
    })
    return null
  }
}

const KINDS: Readonly<Record<string, TableStatistics['kind']>> = {
  r: 'table',
  p: 'partitioned',
  m: 'materialized-view',
}

function tableOf(
  row: RawRow,
  columns: readonly RawRow[],
  constraints: readonly RawRow[],
  parents: readonly RawRow[],
  sizes: ReadonlyMap<number, number> | null,
): Writable<TableStatistics> {
  const checks = constraints.filter((constraint) => constraint.kind === 'c')
  const name = qualified(String(row.schema), String(row.name))
  const parentNames = parents.map((parent) => ({ schema: String(parent.schema), name: String(parent.name) }))
  return {
    schema: String(row.schema),
    name: String(row.name),
    kind: KINDS[String(row.kind)]!,
    isPartition: Boolean(row.is_partition),
    parents: parentNames,
    sql: tableSql(row, columns, checks, false),
    plainSql: tableSql(row, columns, checks, true),
    attachSql: parentNames.map((parent) =>
      row.is_partition
        ? `alter table ${qualified(parent.schema, parent.name)} attach partition ${name} ${row.bound}`
        : `alter table ${name} inherit ${qualified(parent.schema, parent.name)}`,
    ),
    columns: columns
      .filter((column) => !column.is_dropped)
      .map((column) => ({
        name: String(column.name),
        number: Number(column.number),
        type: String(column.type),
        isNotNull: Boolean(column.is_not_null),
        default: column.default_sql === null ? null : String(column.default_sql),
        isGenerated: column.generated !== '',
      })),
    foreignKeys: constraints
      .filter((constraint) => constraint.kind === 'f')
      .map((key) => ({
        name: String(key.name),
        sql: `alter table ${name} add constraint ${ident(String(key.name))} ${key.definition}`,
        columns: key.columns as string[],
        referenced: {
          schema: String(key.referenced_schema),
          name: String(key.referenced_name),
          columns: key.referenced_columns as string[],
        },
        onDelete: String(key.on_delete),
        onUpdate: String(key.on_update),
      })),
    blocks: row.kind === 'p' ? 0 : (sizes?.get(Number(row.oid)) ?? Math.max(0, Number(row.pages))),
    pages: Number(row.pages),
    rows: Number(row.rows),
    allVisiblePages: Number(row.all_visible_pages),
    activity:
      row.inserted === null
        ? null
        : {
            inserted: Number(row.inserted),
            updated: Number(row.updated),
            hotUpdated: Number(row.hot_updated),
            deleted: Number(row.deleted),
          },
    hasRowSecurity: Boolean(row.has_row_security),
    statistics: [],
    indexes: [],
  }
}

function indexOf(
  row: RawRow,
  table: TableStatistics,
  columns: readonly RawRow[],
  parent: RawRow | undefined,
  sizes: ReadonlyMap<number, number> | null,
): Writable<IndexStatistics> {
  const names = new Map(columns.map((column) => [Number(column.number), String(column.name)]))
  const numbers = String(row.numbers).split(' ').map(Number)
  const options = String(row.options).split(' ').map(Number)
  const keySql = row.key_sql as string[]
  const keyCount = Number(row.keys)
  const isConstraint = row.constraint_name !== null
  return {
    schema: String(row.schema),
    name: String(row.name),
    method: String(row.method),
    sql: isConstraint
      ? `alter table only ${qualified(table.schema, table.name)} add constraint ${ident(String(row.constraint_name))} ${row.constraint_sql}`
      : String(row.definition),
    isUnique: Boolean(row.is_unique),
    isPrimary: Boolean(row.is_primary),
    isConstraint,
    isValid: Boolean(row.is_valid),
    isPartial: row.predicate !== null,
    where: row.predicate === null ? null : String(row.predicate),
    keys: keySql.slice(0, keyCount).map((sql, place) => ({
      sql,
      column: names.get(numbers[place]!) ?? null,
      type: (row.key_types as string[])[place] ?? '',
      isDescending: (options[place]! & 1) !== 0,
      isNullsFirst: (options[place]! & 2) !== 0,
      operatorClass: (row.operator_classes as (string | null)[])[place] ?? null,
    })),
    include: numbers.slice(keyCount).map((number) => names.get(number) ?? ''),
    parent: parent === undefined ? null : { schema: String(parent.schema), name: String(parent.name) },
    blocks: row.kind === 'I' ? 0 : (sizes?.get(Number(row.oid)) ?? Math.max(1, Number(row.pages))),
    pages: Number(row.pages),
    rows: Number(row.rows),
    scans: row.scans === null ? null : Number(row.scans),
    treeHeight: null,
    treeHeightFrom: null,
    gin: null,
    pagesPerRange: row.method === 'brin' ? Number(row.pages_per_range ?? 128) : null,
    statistics: [],
  }
}

function groupBy(rows: readonly RawRow[], column: string): ReadonlyMap<number, RawRow[]> {
  const groups = new Map<number, RawRow[]>()
  for (const row of rows) {
    const key = Number(row[column])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return groups
}

function shown(row: RawRow): string {
  return qualified(String(row.schema), String(row.name))
}
