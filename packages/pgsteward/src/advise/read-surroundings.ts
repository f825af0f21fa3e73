// Reads the surroundings from a target's catalogs and pg_stats: five statements, no table is touched.

import type { RawRow } from '../model/fact.ts'
import { CATALOG_VIEWS, type StatisticsSource } from '../sql/statistics-access.ts'
import type { ColumnFigures, ExistingIndex, ForeignKey, Surroundings, TableFigures } from './surroundings.ts'
import { columnsSql, EXTENSIONS_SQL, FOREIGN_KEYS_SQL, INDEXES_SQL, TABLES_SQL } from './surroundings-sql.ts'

export type Ask = (label: string, sql: string) => Promise<{ readonly rows: readonly RawRow[] }>

/** Below this many updates since the last reset of statistics the HOT share says nothing. */
const FEWEST_UPDATES = 1000

export async function readSurroundings(
  ask: Ask,
  source: StatisticsSource = CATALOG_VIEWS,
): Promise<Surroundings> {
  const tables = await ask('advise tables', TABLES_SQL)
  const columns = await ask('advise columns', columnsSql(source))
  const indexes = await ask('advise indexes', INDEXES_SQL)
  const foreignKeys = await ask('advise foreign keys', FOREIGN_KEYS_SQL)
  const extensions = await ask('advise extensions', EXTENSIONS_SQL)
  const figures = new Map<string, ColumnFigures[]>()
  const bare = new Set<string>()
  for (const row of columns.rows) {
    const table = text(row.table_id)
    const rows = Math.max(0, Number(tables.rows.find((each) => text(each.table_id) === table)?.rows ?? 0))
    if (row.distinct_values === null) bare.add(table)
    figures.set(table, [...(figures.get(table) ?? []), columnOf(row, rows)])
  }
  const known = tables.rows.map((row) => tableOf(row, figures.get(text(row.table_id)) ?? []))
  return {
    tables: known,
    indexes: indexes.rows.map(indexOf),
    foreignKeys: foreignKeys.rows.map(foreignKeyOf),
    extensions: new Map(extensions.rows.map((row) => [text(row.name), text(row.schema)] as const)),
    searchPath: list(tables.rows[0]?.search_path),
    withoutStatistics: tables.rows
      .filter((row) => row.view_sql === null && bare.has(text(row.table_id)) && Number(row.rows) !== 0)
      .map((row) => `${text(row.schema)}.${text(row.name)}`),
    randomPageCost: Number(tables.rows[0]?.random_page_cost ?? 4),
  }
}

function tableOf(row: RawRow, columns: readonly ColumnFigures[]): TableFigures {
  const pages = Number(row.pages)
  const updates = Number(row.updates)
  return {
    schema: text(row.schema),
    name: text(row.name),
    rows: Math.max(0, Number(row.rows)),
    sizeBytes: Number(row.size_bytes),
    allVisibleShare: pages > 0 ? Math.min(1, Number(row.all_visible_pages) / pages) : 0,
    columns,
    primaryKey: list(row.primary_key),
    modifiedShare: (updates + Number(row.deletes)) / Math.max(1, Number(row.rows)),
    hotShare: updates < FEWEST_UPDATES ? null : Number(row.hot_updates) / updates,
    viewSql: row.view_sql === null ? null : text(row.view_sql),
  }
}

function columnOf(row: RawRow, rows: number): ColumnFigures {
  const distinct = row.distinct_values === null ? null : Number(row.distinct_values)
  const values = list(row.common_values)
  const shares = list(row.common_shares).map(Number)
  return {
    name: text(row.name),
    type: text(row.type),
    isByteOrdered: row.is_byte_ordered === true,
    averageWidth: Number(row.average_width ?? row.declared_width ?? 16),
    nullShare: Number(row.null_share ?? 0),
    distinct: distinct === null ? null : distinct < 0 ? -distinct * rows : distinct,
    mostCommon: values.flatMap((value, index) =>
      value === null ? [] : [{ value, share: shares[index] ?? 0 }],
    ),
    histogram: list(row.histogram),
    correlation: Number(row.correlation ?? 0),
  }
}

function indexOf(row: RawRow): ExistingIndex {
  const keys = list(row.keys)
  const options = list(row.options).map(Number)
  const classes = list(row.operator_classes)
  return {
    schema: text(row.schema),
    table: text(row.table_name),
    name: text(row.name),
    method: text(row.method),
    keys: keys.map((sql, index) => ({
      sql,
      isDescending: ((options[index] ?? 0) & 1) === 1,
      areNullsFirst: ((options[index] ?? 0) & 2) === 2,
      operatorClass: classes[index] === '' ? null : (classes[index] ?? null),
    })),
    include: list(row.include),
    where: row.predicate === null ? null : text(row.predicate),
    isUnique: row.is_unique === true,
    isConstraint: row.is_constraint === true,
    columns: list(row.columns),
    sizeBytes: Number(row.size_bytes),
  }
}

const ACTIONS: Readonly<Record<string, ForeignKey['onDelete']>> = {
  c: 'cascade',
  n: 'set-null',
  d: 'set-null',
}

function foreignKeyOf(row: RawRow): ForeignKey {
  return {
    name: text(row.name),
    child: {
      schema: text(row.child_schema),
      table: text(row.child_table),
      columns: list(row.child_columns),
    },
    parent: {
      schema: text(row.parent_schema),
      table: text(row.parent_table),
      columns: list(row.parent_columns),
    },
    onDelete: ACTIONS[text(row.on_delete)] ?? 'restrict',
    onUpdate: ACTIONS[text(row.on_update)] ?? 'restrict',
  }
}

function text(value: unknown): string {
  return String(value ?? '')
}

/** node-postgres gives arrays of text as arrays; null stands for no statistics. */
function list(value: unknown): readonly string[] {
  return Array.isArray(value)
    ? value.map((each) => (each === null ? (null as unknown as string) : String(each)))
    : []
}
