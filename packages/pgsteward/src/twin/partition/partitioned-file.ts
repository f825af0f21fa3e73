// The statistics file of a database as it would be with one table divided into partitions: a twin built from it plans what the target
// would plan after the migration. Nothing is asked of the target.

import type { PartitionDesign } from '../../model/partition.ts'
import { derivedName } from '../../sql/derived-name.ts'
import { ident, qualified } from '../../sql/quote.ts'
import type {
  ColumnStatistics,
  IndexStatistics,
  StatisticsFile,
  TableStatistics,
} from '../statistics/statistics-file.ts'
import { computedHeight } from '../statistics/tree-heights.ts'
import { type PartitionBounds, partitionBounds } from './partition-bounds.ts'
import {
  bucketsBelow,
  endsOfValues,
  keyValues,
  type Slice,
  shareWithin,
  sliceColumn,
  sliceKey,
} from './slice-statistics.ts'

export interface PartitionedFile {
  readonly file: StatisticsFile
  readonly partitions: readonly PartitionBounds[]
}

/** Null: the table is not there, or its key has no statistics by which rows could be told to partitions. */
export function partitionedFile(file: StatisticsFile, design: PartitionDesign): PartitionedFile | null {
  const isIt = ({ schema, name }: { readonly schema: string; readonly name: string }) =>
    schema === design.table.schema && name === design.table.name
  const table = file.tables.find(isIt)
  const column = table?.columns.find(({ name }) => name === design.key.column)
  const statistics = table?.statistics.find(
    ({ number, inherited }) => number === column?.number && !inherited,
  )
  const values = keyValues(statistics, design.key.type)
  if (table === undefined || statistics === undefined || values === null) return null
  const { lowest, highest } = endsOfValues(values)
  const partitions = partitionBounds(design, lowest, highest)
  const parent = parentOf(table, design)
  const made = partitions.map((bounds) => {
    const { range } = bounds
    const share = range === null ? 0 : shareWithin(values, range)
    const slice =
      range === null || share <= 0
        ? null
        : { ...range, share, tableRows: table.rows, order: orderOf(values.buckets, range) }
    const columns =
      slice === null ? [] : columnsOf(table, { design, keyStatistics: statistics, values, slice })
    return partitionOf(parent, table, bounds, slice, columns)
  })
  return {
    partitions,
    file: {
      ...file,
      tables: file.tables.flatMap((each) =>
        isIt(each)
          ? [parent, ...made]
          : // the key that they point to is not unique any more: a blocker, told by the advice
            [{ ...each, foreignKeys: each.foreignKeys.filter(({ referenced }) => !isIt(referenced)) }],
      ),
      extendedStatistics: file.extendedStatistics.map((each) =>
        isIt(each.table) ? { ...each, data: each.data.map((data) => ({ ...data, inherited: true })) } : each,
      ),
    },
  }
}

function orderOf(buckets: readonly number[], { from, to }: { readonly from: number; readonly to: number }) {
  return [bucketsBelow(buckets, from), bucketsBelow(buckets, to)] as const
}

function parentOf(table: TableStatistics, { key }: PartitionDesign): TableStatistics {
  return {
    ...table,
    kind: 'partitioned',
    sql: dividedSql(table, table.sql, key.column),
    plainSql: dividedSql(table, table.plainSql, key.column),
    columns: table.columns.map((each) => (each.name === key.column ? { ...each, isNotNull: true } : each)),
    foreignKeys: table.foreignKeys.map((each) => ({ ...each, sql: each.sql.replace(/ NOT VALID$/, '') })),
    blocks: 0,
    pages: -1,
    allVisiblePages: 0,
    statistics: table.statistics
      .filter(({ inherited }) => !inherited)
      .map((each) => ({ ...each, inherited: true })),
    indexes: table.indexes.flatMap((index) => parentIndex(index, table, key.column)),
  }
}

/** A partitioned table stores nothing: its storage parameters go to the partitions. */
function dividedSql(table: TableStatistics, sql: string, key: string): string {
  const { create, drops } = partsOf(table, sql)
  return `${create} partition by range (${ident(key)})${drops}`
}

const OPTIONS = / with \((?:[a-z0-9_.]+ = '[^']*'(?:, )?)+\)$/

function partsOf(table: TableStatistics, sql: string) {
  const at = sql.lastIndexOf(`; alter table ${qualified(table.schema, table.name)} drop column `)
  const [whole, drops] = at === -1 ? [sql, ''] : [sql.slice(0, at), sql.slice(at)]
  const options = OPTIONS.exec(whole)?.[0] ?? ''
  return { create: whole.slice(0, whole.length - options.length), options, drops }
}

/** Exclusion constraints are left out: they can't be kept, which the advice tells. */
function parentIndex(
  index: IndexStatistics,
  table: TableStatistics,
  key: string,
): readonly IndexStatistics[] {
  const bare = { ...index, blocks: 0, pages: 0 }
  const table_ = qualified(table.schema, table.name)
  const has = index.keys.some(({ column }) => column === key)
  if (index.isConstraint && !index.isUnique) return []
  if (index.isPrimary && !has) return [widened(bare, table, key)]
  if (index.isConstraint && has)
    return [
      { ...bare, isConstraint: true, sql: index.sql.replace(/^alter table (only )?/, 'alter table only ') },
    ]
  // uniqueness without the key can't be had; the index itself can
  const isUnique = index.isUnique && has
  return [
    { ...bare, isUnique, isConstraint: false, sql: indexSql(index, table_, index.name, isUnique, true) },
  ]
}

function widened(index: IndexStatistics, table: TableStatistics, key: string): IndexStatistics {
  const columns = [...index.keys.map(({ sql }) => sql), ident(key)].join(', ')
  const type = table.columns.find(({ name }) => name === key)?.type ?? ''
  return {
    ...index,
    sql: `alter table only ${qualified(table.schema, table.name)} add constraint ${ident(index.name)} primary key (${columns})${includeOf(index)}`,
    keys: [
      ...index.keys,
      { sql: ident(key), column: key, type, isDescending: false, isNullsFirst: false, operatorClass: null },
    ],
  }
}

const NAME = '(?:"(?:[^"]|"")+"|[^\\s".]+)'
const INDEX_HEAD = new RegExp(
  `^create (?:unique )?index ${NAME} on (?:only )?${NAME}(?:\\.${NAME})? using `,
  'i',
)

/** As PostgreSQL told it, with other names. A constraint has columns alone, of their types' own order. */
function indexSql(
  index: IndexStatistics,
  table: string,
  name: string,
  isUnique: boolean,
  isOnly: boolean,
): string {
  const head = INDEX_HEAD.exec(index.sql)?.[0]
  const rest =
    head === undefined
      ? `btree (${index.keys.map(({ sql }) => sql).join(', ')})${includeOf(index)}`
      : index.sql.slice(head.length)
  return `create ${isUnique ? 'unique ' : ''}index ${ident(name)} on ${isOnly ? 'only ' : ''}${table} using ${rest}`
}

function includeOf({ include }: IndexStatistics): string {
  return include.length === 0 ? '' : ` include (${include.map(ident).join(', ')})`
}

interface Cut {
  readonly design: PartitionDesign
  readonly keyStatistics: ColumnStatistics
  readonly values: Parameters<typeof shareWithin>[0]
  readonly slice: Slice
}

/** Numbered as a table that is made anew: dropped columns leave no gaps. */
function columnsOf(
  table: TableStatistics,
  { design, keyStatistics, values, slice }: Cut,
): readonly ColumnStatistics[] {
  return table.columns.flatMap((column, place) => {
    const own = table.statistics.find(({ number, inherited }) => number === column.number && !inherited)
    if (own === undefined) return []
    const cut =
      column.name === design.key.column
        ? sliceKey(own, design.key.type, values, slice)
        : sliceColumn(own, column.type, keyStatistics.correlation ?? 0, slice)
    return [{ ...cut, number: place + 1 }]
  })
}

function partitionOf(
  parent: TableStatistics,
  table: TableStatistics,
  { name, boundSql }: PartitionBounds,
  slice: Slice | null,
  statistics: readonly ColumnStatistics[],
): TableStatistics {
  const own = { schema: table.schema, name }
  const share = slice?.share ?? 0
  const part = (of: number) => Math.ceil(Math.max(0, of) * share)
  const { options } = partsOf(table, table.sql)
  const sql = `create table ${qualified(own.schema, name)} partition of ${qualified(table.schema, table.name)} ${boundSql}${options}`
  const made: TableStatistics = {
    ...own,
    kind: 'table',
    isPartition: true,
    parents: [{ schema: table.schema, name: table.name }],
    sql,
    plainSql: sql,
    attachSql: [],
    columns: parent.columns.map((column, place) => ({ ...column, number: place + 1 })),
    foreignKeys: [],
    blocks: part(table.blocks),
    pages: part(table.pages),
    rows: Math.max(0, table.rows) * share,
    allVisiblePages: part(table.allVisiblePages),
    activity: null,
    hasRowSecurity: table.hasRowSecurity,
    statistics: [...statistics],
    indexes: [],
  }
  const indexes = parent.indexes.map((index, place) => {
    const original = table.indexes.find((each) => each.name === index.name)!
    return partitionIndex(index, original, made, place, share)
  })
  return { ...made, indexes }
}

/** An entry of a B-tree has 12 bytes beside its keys, which are mostly of 8. */
const ENTRY_BYTES = 12
const KEY_BYTES = 8

function partitionIndex(
  index: IndexStatistics,
  original: IndexStatistics,
  partition: TableStatistics,
  place: number,
  share: number,
): IndexStatistics {
  const name = derivedName(partition.name, `i${place}`)
  const on = qualified(partition.schema, partition.name)
  const columns = index.keys.map(({ sql }) => sql).join(', ')
  const entry = (keys: number) => ENTRY_BYTES + KEY_BYTES * keys
  const wider = entry(index.keys.length) / entry(original.keys.length)
  // a B-tree has a page about itself; an index of nothing has no more
  const blocks = Math.max(1, Math.ceil(original.blocks * share * wider) + (share > 0 ? 1 : 0))
  const made: IndexStatistics = {
    ...index,
    schema: partition.schema,
    name,
    sql: index.isConstraint
      ? `alter table only ${on} add constraint ${ident(name)} ${index.isPrimary ? 'primary key' : 'unique'} (${columns})${includeOf(index)}`
      : indexSql(original, on, name, index.isUnique, false),
    parent: { schema: index.schema, name: index.name },
    isValid: true,
    blocks,
    pages: blocks,
    rows: Math.max(0, original.rows) * share,
    scans: null,
    gin:
      original.gin === null
        ? null
        : {
            totalPages: Math.ceil(original.gin.totalPages * share),
            entryPages: Math.ceil(original.gin.entryPages * share),
            dataPages: Math.ceil(original.gin.dataPages * share),
            entries: Math.ceil(original.gin.entries * share),
            pendingPages: Math.ceil(original.gin.pendingPages * share),
          },
    statistics: share > 0 ? original.statistics : [],
  }
  return {
    ...made,
    treeHeight: made.method === 'btree' ? computedHeight(made, partition) : null,
    treeHeightFrom: made.method === 'btree' ? 'computed' : null,
  }
}
