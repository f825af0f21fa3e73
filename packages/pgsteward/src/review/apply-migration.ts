// Applies migrations to a twin's empty schema, statement by statement, and keeps the statistics of what is left: by table and column
// number, so that renames lose nothing; a column of another type loses them, as it does in PostgreSQL.

import type { Node } from 'libpg-query'
import { ident, literal } from '../sql/quote.ts'
import { rowsOf, type TwinHost } from '../twin/hosts/host.ts'
import type { IndexStatistics, StatisticsFile, TableStatistics } from '../twin/statistics/statistics-file.ts'
import { type Observation, observe, type Relations, relationsOf } from './observe.ts'
import type { Migration } from './read-migrations.ts'

export interface AppliedMigrations {
  /** One for each statement, migration by migration; null: it was not run, as it changes rows and no schema. */
  readonly observed: readonly (readonly (Observation | null)[])[]
  /** The relations before. */
  readonly start: Relations
  /** What is left of the statistics, under the new names. */
  readonly file: StatisticsFile
  /** Columns whose statistics are gone, until an ANALYZE: `public.message.body`. */
  readonly lostStatistics: readonly string[]
}

export async function applyMigrations(
  host: TwinHost,
  file: StatisticsFile,
  migrations: readonly Migration[],
  mayRun: (node: Node) => boolean = () => true,
): Promise<AppliedMigrations> {
  const start = await relationsOf(host)
  const columns = await columnTypes(host)
  const searchPath = searchPathOf(file)
  const observed: (Observation | null)[][] = []
  const analyzed = new Set<string>()
  let [rewritten, emptied] = [new Set<string>(), new Set<string>()]
  for (const { statements } of migrations) {
    await rowsOf(host, `select pg_catalog.set_config('search_path', ${literal(searchPath)}, false)`)
    const seen: (Observation | null)[] = []
    for (const { node, sql } of statements) {
      const observation = node === null || !mayRun(node) ? null : await run(host, node, sql)
      seen.push(observation)
      rewritten = new Set([...rewritten, ...(observation?.rewritten ?? []).map(({ oid }) => oid)])
      if (node === null) continue
      const names = await tablesNamed(host, node)
      if ('VacuumStmt' in node) for (const oid of names) analyzed.add(oid)
      if ('TruncateStmt' in node && observation?.error === null) emptied = new Set([...emptied, ...names])
    }
    observed.push(seen)
  }
  await rowsOf(host, `select pg_catalog.set_config('search_path', '', false)`)
  const after = await fileAfter(host, file, { start, columns, analyzed, rewritten, emptied })
  return { observed, start, ...after }
}

/** The target's own; where no table is in it, tools are told the schema by their URL, and it is the one with most tables. */
function searchPathOf({ settings, tables }: StatisticsFile): string {
  const path = settings.search_path ?? '"$user", public'
  const names = path.split(',').map((each) => each.trim().replace(/^"(.*)"$/, '$1'))
  if (tables.length === 0 || tables.some(({ schema }) => names.includes(schema))) return path
  const counts = Map.groupBy(tables, ({ schema }) => schema)
  const [first] = [...counts].toSorted(([, one], [, other]) => other.length - one.length)
  return `${ident(first![0])}, ${path}`
}

/** What changes no schema is not run: there are no rows. */
async function run(host: TwinHost, node: Node, sql: string): Promise<Observation | null> {
  if (NOT_RUN.some((kind) => kind in node)) return null
  // the twin keeps its own timeouts and its own role
  if ('VariableSetStmt' in node && node.VariableSetStmt.name !== 'search_path') return null
  if ('CreateExtensionStmt' in node)
    return observe(
      host,
      `create extension if not exists ${ident(node.CreateExtensionStmt.extname ?? '')} cascade`,
    )
  const outside = /\bconcurrently\b/i.test(sql) && ('IndexStmt' in node || 'DropStmt' in node)
  // it may not run in a transaction, and on a twin nobody is blocked
  const text = outside ? sql.replace(/\bconcurrently\b/i, '') : sql.replace(/\bconcurrently\s*;?\s*$/i, '')
  const first = await observe(host, text)
  const role = /^role "(.+)" does not exist$/.exec(first.error?.message ?? '')?.[1]
  if (role === undefined) return first
  // roles are not part of a statistics file
  await host.ask(`create role ${ident(role)}`)
  return observe(host, text)
}

const NOT_RUN = [
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'SelectStmt',
  'CopyStmt',
  'VacuumStmt',
  'ClusterStmt',
  'ReindexStmt',
  'RefreshMatViewStmt',
  'TransactionStmt',
  'LockStmt',
  'ExplainStmt',
  'AlterSystemStmt',
  'CreatedbStmt',
  'DropdbStmt',
  'CreateTableSpaceStmt',
  'LoadStmt',
  'NotifyStmt',
  'CheckPointStmt',
]

async function tablesNamed(host: TwinHost, node: Node): Promise<readonly string[]> {
  const ranges =
    'VacuumStmt' in node
      ? (node.VacuumStmt.rels ?? []).flatMap((each) =>
          'VacuumRelation' in each && each.VacuumRelation.relation !== undefined
            ? [each.VacuumRelation.relation]
            : [],
        )
      : 'TruncateStmt' in node
        ? (node.TruncateStmt.relations ?? []).flatMap((each) => ('RangeVar' in each ? [each.RangeVar] : []))
        : []
  const oids: string[] = []
  for (const { schemaname, relname } of ranges) {
    const name = `${schemaname === undefined || schemaname === '' ? '' : `${ident(schemaname)}.`}${ident(relname ?? '')}`
    const [row] = await rowsOf(host, `select pg_catalog.to_regclass(${literal(name)})::oid`)
    if (row?.[0] != null) oids.push(row[0])
  }
  return oids
}

interface Changes {
  readonly start: Relations
  /** Type of each column at the start, by `oid number`. */
  readonly columns: ReadonlyMap<string, Column>
  readonly analyzed: ReadonlySet<string>
  readonly rewritten: ReadonlySet<string>
  readonly emptied: ReadonlySet<string>
}

interface Column {
  readonly oid: string
  readonly number: number
  readonly name: string
  readonly type: string
  readonly isNotNull: boolean
}

async function columnTypes(host: TwinHost): Promise<ReadonlyMap<string, Column>> {
  const rows = await rowsOf(
    host,
    `select a.attrelid, a.attnum, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull
       from pg_catalog.pg_attribute a
       join pg_catalog.pg_class c on c.oid = a.attrelid
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'm') and n.nspname !~ '^pg_'
        and n.nspname <> 'information_schema'
      order by a.attrelid, a.attnum`,
  )
  return new Map(
    rows.map(([oid, number, name, type, isNotNull]) => [
      `${oid} ${number}`,
      { oid: oid!, number: Number(number), name: name!, type: type!, isNotNull: isNotNull === 't' },
    ]),
  )
}

async function fileAfter(
  host: TwinHost,
  file: StatisticsFile,
  changes: Changes,
): Promise<Pick<AppliedMigrations, 'file' | 'lostStatistics'>> {
  const now = await relationsOf(host)
  const columns = await columnTypes(host)
  const oidOf = new Map([...changes.start.values()].map((each) => [`${each.schema}\0${each.name}`, each.oid]))
  const nameNow = new Map([...now.values()].map((each) => [`${each.schema}\0${each.name}`, each]))
  const lostStatistics: string[] = []
  const tables = file.tables.flatMap((table): TableStatistics[] => {
    const oid = oidOf.get(`${table.schema}\0${table.name}`)
    const relation = oid === undefined ? undefined : now.get(oid)
    if (oid === undefined || relation === undefined) return []
    const own = [...columns.values()].filter((column) => column.oid === oid)
    const kept = table.statistics.filter(({ number, inherited }) => {
      const column = columns.get(`${oid} ${number}`)
      if (column === undefined) return false
      if (column.type === changes.columns.get(`${oid} ${number}`)?.type) return true
      if (changes.analyzed.has(oid)) return true
      if (!inherited || table.kind === 'partitioned')
        lostStatistics.push(`${relation.schema}.${relation.name}.${column.name}`)
      return false
    })
    const indexes = table.indexes.flatMap((index): IndexStatistics[] => {
      const indexOid = oidOf.get(`${index.schema}\0${index.name}`)
      // an altered type makes its indexes anew, under the same names
      const same =
        (indexOid === undefined ? undefined : now.get(indexOid)) ??
        nameNow.get(`${index.schema}\0${index.name}`)
      return same === undefined || same.tableOid !== oid
        ? []
        : [{ ...index, schema: same.schema, name: same.name }]
    })
    const isEmptied = changes.emptied.has(oid)
    return [
      {
        ...table,
        schema: relation.schema,
        name: relation.name,
        columns: own.map(({ number, name, type, isNotNull }) => {
          const known = table.columns.find((column) => column.number === number)
          return { default: null, isGenerated: false, ...known, number, name, type, isNotNull }
        }),
        statistics: isEmptied ? [] : kept,
        indexes: isEmptied ? [] : indexes,
        ...(isEmptied ? { blocks: 0, pages: 0, rows: -1 } : {}),
        // a table that was written anew has no visibility map until it is vacuumed
        allVisiblePages: isEmptied || changes.rewritten.has(oid) ? 0 : table.allVisiblePages,
      },
    ]
  })
  const stillThere = new Set(tables.map((table) => `${table.schema}\0${table.name}`))
  return {
    file: {
      ...file,
      tables,
      extendedStatistics: file.extendedStatistics.filter(({ table }) =>
        stillThere.has(`${table.schema}\0${table.name}`),
      ),
    },
    lostStatistics,
  }
}
