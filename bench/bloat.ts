// How far estimates of bloat are from what a rebuild really frees: ours, the conventional one and pgstattuple's, over many shapes.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type IndexDensityRow, indexDensities } from '../packages/pgsteward/src/facts/index-densities.ts'
import { indexEstimates } from '../packages/pgsteward/src/facts/index-estimates.ts'
import { type TableDensityRow, tableDensities } from '../packages/pgsteward/src/facts/table-densities.ts'
import { tableEstimates } from '../packages/pgsteward/src/facts/table-estimates.ts'
import type { RawRow, StateFact } from '../packages/pgsteward/src/model/fact.ts'
import { startLocalServer } from '../packages/pgsteward/src/postgres/local-server.ts'
import {
  type ConventionalInput,
  conventionalHeapBytes,
  conventionalIndexBytes,
} from './bloat-conventional.ts'
import { BLOAT_SHAPES, type BloatShape, bloatOf } from './bloat-shapes.ts'
import { spreadOf, writeResults } from './measure.ts'

const MAJORS = [18, 14] as const
type Kind = 'index' | 'table'
type Method = 'ours' | 'oursBeyond' | 'conventional' | 'measured'

/** Sizes when rebuilt, in bytes, as each method tells them. */
type Estimates = Readonly<Record<Method, number>>

interface Measured {
  readonly shape: string
  readonly fresh: { readonly bytes: number; readonly estimates: Estimates }
  readonly bloated: { readonly bytes: number; readonly estimates: Estimates }
  readonly rebuiltBytes: number
}

type Results = Readonly<Record<Kind, Measured[]>>

export async function run(): Promise<void> {
  const all = new Map<number, Results>()
  for (const major of MAJORS) all.set(major, await measureOn(major))
  writeResults('bloat', 'Bloat, estimated and freed', pageOf(all))
}

async function measureOn(major: (typeof MAJORS)[number]): Promise<Results> {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-bench-bloat-'))
  const server = await startLocalServer({
    dir,
    major,
    durable: false,
    settings: { autovacuum: 'off', maintenance_work_mem: '256MB', max_parallel_maintenance_workers: '0' },
  })
  const client = new pg.Client({ connectionString: server.url() })
  try {
    await client.connect()
    await client.query('create extension pgstattuple')
    const results: Results = { index: [], table: [] }
    for (const shape of BLOAT_SHAPES) {
      process.stderr.write(`${major}: ${shape.title}\n`)
      await measureShape(client, shape, results)
    }
    return results
  } finally {
    await client.end()
    await server.stop('immediate')
    for (const each of [dir, server.dir]) rmSync(each, { recursive: true, force: true })
  }
}

async function measureShape(client: pg.Client, shape: BloatShape, results: Results): Promise<void> {
  const runAll = async (statements: readonly string[]) => {
    for (const statement of statements) await client.query(statement)
  }
  await runAll(['drop table if exists t', ...shape.table, shape.index])
  await runAll(['vacuum full t', 'vacuum (analyze) t'])
  const fresh = await look(client)
  await runAll([...bloatOf(shape), 'vacuum (analyze) t'])
  const bloated = await look(client)
  // writes the heap anew, and its indexes
  await runAll(['vacuum full t'])
  const rebuilt = await sizes(client)
  for (const kind of ['index', 'table'] as const)
    results[kind].push({
      shape: shape.title,
      fresh: fresh[kind],
      bloated: bloated[kind],
      rebuiltBytes: rebuilt[kind],
    })
}

async function sizes(client: pg.Client): Promise<Record<Kind, number>> {
  const { rows } = await client.query(
    "select pg_relation_size('i')::float8 as index, pg_relation_size('t')::float8 as table",
  )
  return rows[0]
}

async function look(client: pg.Client) {
  const bytes = await sizes(client)
  const [index, beyond] = await estimatesOf(client, indexEstimates)
  const [table, tableBeyond] = await estimatesOf(client, tableEstimates)
  const forIndex = await conventionalInput(client, 'i')
  const forTable = await conventionalInput(client, 't')
  return {
    index: {
      bytes: bytes.index,
      estimates: {
        ours: index,
        oursBeyond: beyond,
        conventional: conventionalIndexBytes(forIndex),
        measured: rebuiltByDensity(await rowOf(client, indexDensities)),
      },
    },
    table: {
      bytes: bytes.table,
      estimates: {
        ours: table,
        oursBeyond: tableBeyond,
        conventional: conventionalHeapBytes(forTable),
        measured: rewrittenByDensity(await rowOf(client, tableDensities)),
      },
    },
  }
}

type Readable<Row> = Pick<StateFact<Row>, 'id' | 'variants' | 'parse'>

const rowOf = async <Row>(client: pg.Client, fact: Readable<Row>) => fact.parse(await rawRowOf(client, fact))

async function rawRowOf<Row>(client: pg.Client, fact: Readable<Row>): Promise<RawRow> {
  const { rows } = await client.query(fact.variants[0]!.sql)
  if (rows.length !== 1) throw new Error(`${fact.id}: ${rows.length} rows where 1 was made`)
  return rows[0]
}

/** In bytes, with the lengths of values looked at and, as for relations beyond the largest, without. */
async function estimatesOf(
  client: pg.Client,
  fact: Readable<{ readonly freshBytes: number | null }>,
): Promise<readonly [number, number]> {
  const raw = await rawRowOf(client, fact)
  const columns = (raw.columns as readonly object[]).map((column) => ({ ...column, remainders: null }))
  const [seen, beyond] = [raw, { ...raw, columns }].map((each) => fact.parse(each).freshBytes)
  if (seen == null || beyond == null) throw new Error(`${fact.id}: nothing was estimated`)
  return [seen, beyond]
}

/** As bloated-index reckons, with leaves at the fill factor. */
function rebuiltByDensity(row: IndexDensityRow): number {
  const leaves = (row.leafPages * row.leafDensity) / row.fillfactor
  return (1 + leaves + row.internalPages * Math.min(1, leaves / row.leafPages)) * row.blockBytes
}

/** As bloated-table reckons. */
function rewrittenByDensity(row: TableDensityRow): number {
  return (row.heapBytes - row.freeBytes - row.deadBytes) / row.fillfactor
}

async function conventionalInput(client: pg.Client, name: 'i' | 't'): Promise<ConventionalInput> {
  const { rows } = await client.query(
    `select c.reltuples::float8 as tuples, current_setting('block_size')::int as "blockBytes",
            coalesce((select o.option_value::float8 from pg_options_to_table(c.reloptions) o
                       where o.option_name = 'fillfactor'), case c.relkind when 'i' then 90 else 100 end) / 100 as fillfactor,
            json_agg(json_build_object('avgWidth', s.avg_width, 'nullFraction', s.null_frac) order by a.attnum) as columns
       from pg_class c
       left join pg_index x on x.indexrelid = c.oid
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       left join pg_attribute ta on ta.attrelid = x.indrelid and ta.attnum = x.indkey[a.attnum - 1]
       join pg_stats s on s.tablename = case when c.relkind = 'i' and ta.attnum > 0 then 't' else c.relname end
                      and s.attname = coalesce(ta.attname, a.attname)
      where c.relname = $1
      group by c.oid`,
    [name],
  )
  return rows[0]
}

/** Percentage points of the relation's size between what would be freed by the estimate and what was. */
function error({ bytes, estimates }: Measured['fresh'], rebuiltBytes: number, method: Method): number {
  return ((rebuiltBytes - estimates[method]) / bytes) * 100
}

const METHODS = ['ours', 'oursBeyond', 'conventional', 'measured'] as const
/** Shape by shape; what lies beyond is in the summary. */
const DETAILED = ['ours', 'conventional', 'measured'] as const
const STATES = ['fresh', 'bloated'] as const

function errorsOf(measured: Measured, state: (typeof STATES)[number], method: Method): number {
  return error(measured[state], state === 'fresh' ? measured.fresh.bytes : measured.rebuiltBytes, method)
}

function pageOf(all: ReadonlyMap<number, Results>): string {
  const [first] = MAJORS
  return `${BLOAT_SHAPES.length} tables with an index each, 1 to 40 MB, on PostgreSQL ${MAJORS.join(' and ')}; fresh from \`vacuum full\`, and bloated (four of five rows deleted, or as the name says), each vacuumed and analyzed. Freed is what \`vacuum full\` then really took off the file, of its size. Errors are percentage points of the size: estimated minus really freed, so above 0 air is seen that is not there, and below 0 it is overlooked.

*Ours* is \`index-estimates\` and \`table-estimates\`, from the catalogs; of relations *beyond the 200 largest* the lengths of values are not looked at, only their average. *Conventional* is the formulas of the widely used bloat queries (ioguix/pgsql-bloat-estimation), from the same statistics, *measured* what \`bloated-index\` and \`bloated-table\` make of pgstattuple, which reads the relation.

## In short

Size of the error, median and worst.

| | | ours | ours beyond the 200 largest | conventional | measured |
|---|---|---|---|---|---|
${[...all].flatMap(([major, results]) => (['index', 'table'] as const).flatMap((kind) => STATES.map((state) => summary(major, kind, state, results[kind])))).join('\n')}

${(['index', 'table'] as const).map((kind) => details(kind, first, all.get(first)![kind])).join('\n\n')}`
}

function summary(major: number, kind: Kind, state: (typeof STATES)[number], measured: readonly Measured[]) {
  const cells = METHODS.map((method) => {
    const { median, max } = spreadOf(measured.map((each) => Math.abs(errorsOf(each, state, method))))
    return `${median.toFixed(1)}, ${max.toFixed(1)}`
  })
  return `| PostgreSQL ${major} | ${state} ${kind === 'index' ? 'indexes' : 'tables'} | ${cells.join(' | ')} |`
}

function details(kind: Kind, major: number, measured: readonly Measured[]): string {
  const signed = (points: number) => (points > 0 ? `+${points.toFixed(1)}` : points.toFixed(1))
  const lines = measured.map((each) => {
    const cells = STATES.flatMap((state) => DETAILED.map((method) => signed(errorsOf(each, state, method))))
    const freed = (1 - each.rebuiltBytes / each.bloated.bytes) * 100
    return `| ${each.shape} | ${(each.bloated.bytes / 1024 ** 2).toFixed(1)} | ${freed.toFixed(1)} % | ${cells.join(' | ')} |`
  })
  return `## ${kind === 'index' ? 'Indexes' : 'Tables'} on PostgreSQL ${major}

| shape | MB | freed | fresh: ours | conventional | measured | bloated: ours | conventional | measured |
|---|---|---|---|---|---|---|---|---|
${lines.join('\n')}`
}
