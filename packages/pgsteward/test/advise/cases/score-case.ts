// Scores a set of indexes on a case by really building it in a copy of the case's database: time, pages touched (those of triggers
// included), WAL and the heap-only share, statement by statement; then what the set lacks of the expert's, and its traps.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { fillIn } from '../../../src/advise/sample-parameters.ts'
import { ident } from '../../../src/sql/quote.ts'
import type { AdviceCase, CaseStatement, Trap } from './advice-case.ts'

/** The same for everybody who plans: the advice reads them from the database, too. */
const SETTINGS = {
  jit: 'off',
  max_parallel_workers_per_gather: '0',
  random_page_cost: '1.1',
  work_mem: '16MB',
  gin_pending_list_limit: '64',
  timezone: 'UTC',
}

/** Values by row number and salt alone, so that every run has the same rows. */
const PRELUDE = `
create function pg_temp.share(i bigint, salt int) returns float8 language sql immutable as
  $$ select (hashint8extended(i, salt + 40000) & 4294967295)::float8 / 4294967296 $$;
create function pg_temp.among(i bigint, salt int, n bigint) returns bigint language sql immutable as
  $$ select 1 + floor(n * ((hashint8extended(i, salt + 40000) & 4294967295)::float8 / 4294967296))::bigint $$;
create function pg_temp.skewed(i bigint, salt int, n bigint) returns bigint language sql immutable as
  $$ select 1 + floor(n * power((hashint8extended(i, salt + 40000) & 4294967295)::float8 / 4294967296, 2))::bigint $$;`

export interface Measured {
  readonly ms: number
  readonly pages: number
  readonly walBytes: number
  readonly updates: number
  readonly hotUpdates: number
}

export interface Score {
  /** Per call, by statement. */
  readonly statements: ReadonlyMap<string, Measured>
  /** A minute of all statements. */
  readonly sum: Measured
  readonly indexBytes: number
  readonly indexes: readonly string[]
  /** Expected indexes that neither are there nor are served as well; each with the statement that shows it. */
  readonly missing: readonly string[]
  readonly traps: readonly string[]
  readonly errors: readonly string[]
}

/** Makes the case's database on the server of `url` and returns its name. */
export async function buildCase(url: string, folder: string, name: string, rows: number): Promise<string> {
  const database = `advice_${name}_${rows}`
  const read = (file: string) => readFileSync(join(folder, name, file), 'utf8')
  await inDatabase(url, 'postgres', async (client) => {
    await client.query(`create database ${database}`)
    for (const [setting, value] of Object.entries(SETTINGS))
      await client.query(`alter database ${database} set ${setting} = '${value}'`)
  })
  await inDatabase(url, database, async (client) => {
    await client.query(`select set_config('advice_case.rows', '${rows}', false)`)
    // what was committed without waiting for the WAL is not marked as visible to all by the VACUUM that follows at once
    await client.query('set synchronous_commit = on')
    for (const text of [PRELUDE, read('schema.sql'), read('data.sql')]) await client.query(text)
    await client.query('vacuum analyze')
  })
  return database
}

export interface ScoreOptions {
  /** What the expert's set came to; missing are then known. */
  readonly expert?: Score
  /** Times that each statement runs; the median counts. */
  readonly runs: number
}

export async function scoreSet(
  url: string,
  database: string,
  from: AdviceCase,
  indexes: readonly string[],
  { expert, runs }: ScoreOptions,
): Promise<Score> {
  const copy = `${database}_copy`
  await inDatabase(url, 'postgres', async (client) => {
    await client.query(`drop database if exists ${copy}`)
    await client.query(`create database ${copy} template ${database}`)
  })
  try {
    return await inDatabase(url, copy, async (client) => {
      for (const [setting, value] of Object.entries(SETTINGS))
        await client.query(`set ${setting} = '${value}'`)
      const before = new Set((await indexesOf(client)).map(({ name }) => name))
      const errors: string[] = []
      for (const sql of indexes)
        await client
          .query(sql.replace(/^create index concurrently /, 'create index '))
          .catch((error: Error) => errors.push(`${sql}: ${error.message}`))
      await client.query('vacuum analyze')
      const fresh = (await indexesOf(client)).filter(({ name }) => !before.has(name))
      const statements = new Map<string, Measured>()
      const isWrite = ({ sql }: CaseStatement) => /^(insert|update|delete)/i.test(sql)
      for (const statement of [...from.statements].sort((a, b) => Number(isWrite(a)) - Number(isWrite(b))))
        statements.set(statement.id, await measure(client, statement, runs))
      return {
        statements,
        sum: sumOf(from, statements),
        indexBytes: fresh.reduce((sum, { bytes }) => sum + bytes, 0),
        indexes: fresh.map(({ definition }) => definition),
        missing: expert === undefined ? [] : missingOf(from, statements, expert),
        traps: [...trapsOf(from.traps, fresh), ...(await repeated(client, fresh))],
        errors,
      }
    })
  } finally {
    await inDatabase(url, 'postgres', (client) => client.query(`drop database ${copy}`))
  }
}

/** Served as well: within a half of the expert's pages and a few more, or by so little less that all calls a minute don't show it. */
const FELT_SHARE = 0.005

function missingOf(
  { expected, statements: asked }: AdviceCase,
  statements: ReadonlyMap<string, Measured>,
  expert: Score,
): readonly string[] {
  const callsOf = (id: string) => asked.find((each) => each.id === id)!.callsPerMinute
  return expected.flatMap(({ sql, serves }) => {
    const worse = serves.filter((id) => {
      const [own, best] = [statements.get(id)!.pages, expert.statements.get(id)!.pages]
      return own > 1.5 * best + 12 && callsOf(id) * (own - best) > FELT_SHARE * expert.sum.pages
    })
    return worse.length === 0
      ? []
      : [
          `${sql.replace(/^create index on /, '')}: ${worse
            .map(
              (id) =>
                `${id} ${Math.round(statements.get(id)!.pages)} pages instead of ${Math.round(expert.statements.get(id)!.pages)}`,
            )
            .join(', ')}`,
        ]
  })
}

function sumOf({ statements }: AdviceCase, measured: ReadonlyMap<string, Measured>): Measured {
  const sum = { ms: 0, pages: 0, walBytes: 0, updates: 0, hotUpdates: 0 }
  for (const { id, callsPerMinute } of statements)
    for (const key of ['ms', 'pages', 'walBytes', 'updates', 'hotUpdates'] as const)
      sum[key] += callsPerMinute * measured.get(id)![key]
  return sum
}

async function measure(client: pg.Client, { sql, samples }: CaseStatement, runs: number): Promise<Measured> {
  const sum = { ms: 0, pages: 0, walBytes: 0, updates: 0, hotUpdates: 0 }
  for (const sample of samples) {
    const text = fillIn(sql, sample)
    await once(client, text)
    const all: Measured[] = []
    while (all.length < runs) all.push(await once(client, text))
    for (const key of ['ms', 'pages', 'walBytes', 'updates', 'hotUpdates'] as const) {
      const sorted = all.map((each) => each[key]).sort((a, b) => a - b)
      // the log's position moves with everything that the server does: only more, never less
      const place = key === 'walBytes' ? 0 : Math.floor(sorted.length / 2)
      sum[key] += sorted[place]! / samples.length
    }
  }
  return sum
}

const COUNTERS = `
select coalesce(sum(pg_stat_get_xact_blocks_fetched(c.oid)), 0)::float8 as pages,
  coalesce(sum(pg_stat_get_xact_tuples_updated(c.oid)), 0)::float8 as updates,
  coalesce(sum(pg_stat_get_xact_tuples_hot_updated(c.oid)), 0)::float8 as hot,
  pg_current_wal_insert_lsn() - '0/0'::pg_lsn as wal
from pg_class as c where c.relkind in ('r', 'i', 't') and c.oid >= 16384`

/** In a transaction that is rolled back: triggers that run at its end run within EXPLAIN all the same. */
async function once(client: pg.Client, sql: string): Promise<Measured> {
  await client.query('begin')
  try {
    const before = (await client.query(COUNTERS)).rows[0]
    const { rows } = await client.query(`explain (analyze, timing off, format json) ${sql}`)
    const after = (await client.query(COUNTERS)).rows[0]
    return {
      ms: rows[0]['QUERY PLAN'][0]['Execution Time'],
      pages: after.pages - before.pages,
      walBytes: Number(after.wal) - Number(before.wal),
      updates: after.updates - before.updates,
      hotUpdates: after.hot - before.hot,
    }
  } finally {
    await client.query('rollback')
  }
}

interface BuiltIndex {
  readonly name: string
  readonly table: string
  readonly definition: string
  readonly columns: readonly string[]
  readonly first: string
  readonly isPartial: boolean
  readonly bytes: number
}

async function indexesOf(client: pg.Client): Promise<readonly BuiltIndex[]> {
  const { rows } = await client.query(`
    select x.relname as name, t.relname as table, pg_get_indexdef(i.indexrelid) as definition,
      array(select distinct a.attname::text from pg_depend as d join pg_attribute as a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
        where d.objid = i.indexrelid and d.refobjid = i.indrelid) as columns,
      pg_get_indexdef(i.indexrelid, 1, true) as first, i.indpred is not null as "isPartial",
      coalesce((select sum(pg_relation_size(p.relid)) from pg_partition_tree(i.indexrelid) as p), pg_relation_size(i.indexrelid))::float8 as bytes
    from pg_index as i join pg_class as x on x.oid = i.indexrelid join pg_class as t on t.oid = i.indrelid
    where t.relnamespace = 'public'::regnamespace and not t.relispartition order by x.relname`)
  return rows
}

function trapsOf(traps: readonly Trap[], fresh: readonly BuiltIndex[]): readonly string[] {
  return traps.flatMap((trap) =>
    fresh
      .filter(({ table }) => table === trap.table)
      .filter(
        ({ columns, first, isPartial }) =>
          trap.kind === 'any' ||
          (trap.kind === 'held' && columns.includes(trap.column!)) ||
          // a partial index may lead with anything: its predicate is the way in
          (trap.kind === 'first' && !isPartial && first === trap.column),
      )
      .map(({ definition }) => `${definition}: ${trap.why}`),
  )
}

/** Fresh indexes whose keys another index, on the same rows, starts with. */
async function repeated(client: pg.Client, fresh: readonly BuiltIndex[]): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string; other: string }>(`
    select x.relname as name, pg_get_indexdef(o.indexrelid) as other
    from pg_index as i join pg_class as x on x.oid = i.indexrelid
    join pg_index as o on o.indrelid = i.indrelid and o.indexrelid <> i.indexrelid and o.indnkeyatts >= i.indnkeyatts
      and coalesce(pg_get_expr(o.indpred, o.indrelid), '') = coalesce(pg_get_expr(i.indpred, i.indrelid), '')
      and (o.indnkeyatts > i.indnkeyatts or o.indnatts >= i.indnatts)
    join pg_class as y on y.oid = o.indexrelid and y.relam = x.relam
    where not i.indisunique and i.indnatts = i.indnkeyatts and not exists (
      select from generate_series(1, i.indnkeyatts::int) as k
      where pg_get_indexdef(i.indexrelid, k, true) <> pg_get_indexdef(o.indexrelid, k, true) or i.indclass[k - 1] <> o.indclass[k - 1])`)
  return fresh.flatMap(({ name, definition }) =>
    rows.filter((row) => row.name === name).map(({ other }) => `${definition}: repeats ${other}`),
  )
}

async function inDatabase<T>(
  url: string,
  database: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const target = new URL(url)
  target.pathname = `/${ident(database).replaceAll('"', '')}`
  const client = new pg.Client({ connectionString: target.href })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
