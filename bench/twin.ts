// How well planner twins agree with their targets, and how long they take to build; beside a full copy of the data with a fresh ANALYZE.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import pg from 'pg'
import { prepareDemo } from '../examples/messaging/src/index.ts'
import { readWorkloadFile } from '../packages/pgsteward/src/app/workload/read-workload-file.ts'
import { workloadQueries } from '../packages/pgsteward/src/app/workload/workload-queries.ts'
import { openSession } from '../packages/pgsteward/src/postgres/connect.ts'
import type { PostgresMajor } from '../packages/pgsteward/src/postgres/local-binaries.ts'
import { type LocalServer, startLocalServer } from '../packages/pgsteward/src/postgres/local-server.ts'
import {
  type AskedStatement,
  type MeasuredAgreement,
  measureAgreement,
  planningTarget,
} from '../packages/pgsteward/src/twin/agreement.ts'
import { buildTwin } from '../packages/pgsteward/src/twin/build-twin.ts'
import { readTarget } from '../packages/pgsteward/src/twin/statistics/read-target.ts'
import { ZOO_SCHEMA, ZOO_STATEMENTS } from '../packages/pgsteward/test/twin/zoo.ts'
import { show, spreadOf, writeResults } from './measure.ts'

/** Case sets that are not part of this repository; a benchmark without them says so. */
const DATA = process.env.PGSTEWARD_BENCH_DATA ?? join(import.meta.dirname, '../../shared/data')
const BUILDS = 3
/** Only cases whose names hold this; then nothing is written, and the rows are printed. */
const ONLY = process.env.PGSTEWARD_BENCH_ONLY ?? ''

interface Case {
  readonly name: string
  readonly database: string
  readonly statements: () => Promise<readonly AskedStatement[]>
}

export async function run(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'pgsteward-bench-twin-'))
  const rows: string[] = []
  try {
    await withServer(root, 18, async (server) => {
      for (const each of (await prepare(server)).filter(isWanted)) {
        rows.push(...(await measure(root, server, each)))
        write(rows)
      }
    })
    for (const major of [14, 15, 16, 17] as const) {
      const zoo = zooCase(`zoo, PostgreSQL ${major}`)
      if (!isWanted(zoo)) continue
      await withServer(root, major, async (server) => {
        await fill(server, 'zoo', ZOO_SCHEMA)
        rows.push(...(await measure(root, server, zoo, ['native'])))
        write(rows)
      })
    }
    if (isWanted({ name: MANY_TABLES }))
      await withServer(root, 18, async (server) => {
        rows.push(...(await measureManyTables(root, server)))
      })
    write(rows)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

function isWanted({ name }: Pick<Case, 'name'>): boolean {
  return name.includes(ONLY)
}

/** After each case: the whole takes minutes. */
function write(rows: readonly string[]): void {
  if (ONLY !== '') {
    process.stdout.write(`${rows.join('\n')}\n`)
    return
  }
  writeResults(
    'twin',
    'Planner twins against their targets',
    [
      '| target | planner | statements | same shape | same cost | build, ms |',
      '|---|---|---|---|---|---|',
      ...rows,
      '',
      'Same shape: the same steps on the same relations and indexes. Same cost: the total within a thousandth (or the hundredth that EXPLAIN',
      'rounds to). "copy": a copy of all rows, as a restored backup is, with a fresh ANALYZE. Generic plans are among the statements, and',
      'parallel ones, as the target has its default settings. The demo is at a tenth of its size.',
      '',
      'Build: from what was read, in memory, to a planner that answers: start of a copy of the prepared cluster, schema, statistics, files.',
      '',
      'Read as superuser; the zoo and the demo end with a checkpoint, so that GIN metapages are on the disk. Before one, without pageinspect,',
      "three of the zoo's costs (all on GIN, up to 50 % off) differed on 14 and 15; other roles get the planner's assumption for GIN there.",
      'The zoo was made along with the twin, and the twin was mended until it agreed.',
    ].join('\n'),
  )
}

async function prepare(server: LocalServer): Promise<readonly Case[]> {
  const cases: Case[] = []
  if (MANY_TABLES === ONLY) return cases
  await prepareDemo((name) => server.url(name), { scale: 0.1 })
  await copyOf(server, 'messaging')
  cases.push({ name: 'demo', database: 'messaging', statements: () => statementsOf(server, 'messaging') })
  await fill(server, 'zoo', ZOO_SCHEMA)
  cases.push(zooCase('zoo of hard schemas'))
  const oltp = join(DATA, 'advice-oltp')
  if (existsSync(oltp)) {
    const text = (name: string) => readFileSync(join(oltp, `${name}.sql`), 'utf8')
    await fill(server, 'oltp', ['set devset.rows = 200000', text('schema'), text('data'), 'vacuum analyze'])
    cases.push({
      name: 'support desk (advice-oltp)',
      database: 'oltp',
      statements: () => oltpStatements(join(oltp, 'queries.json')),
    })
  }
  const tpch = join(DATA, 'advice-tpch')
  if (existsSync(tpch)) {
    await fill(server, 'tpch', [readFileSync(join(tpch, 'schema.sql'), 'utf8')], false)
    await loadCsv(server, 'tpch', join(tpch, 'data'))
    cases.push({
      name: 'TPC-H, scale 0.05',
      database: 'tpch',
      statements: async () =>
        readdirSync(join(tpch, 'queries')).map((id) => ({
          id,
          sql: readFileSync(join(tpch, 'queries', id), 'utf8'),
          parameters: { kind: 'none' },
        })),
    })
  }
  return cases
}

function zooCase(name: string): Case {
  return { name, database: 'zoo', statements: async () => ZOO_STATEMENTS }
}

/** What the demo's own traffic sent, as pg_stat_statements holds it. */
async function statementsOf(server: LocalServer, database: string): Promise<readonly AskedStatement[]> {
  return withClient(server, database, async (client) => {
    const { rows } = await client.query<{ id: string; sql: string }>(
      `select s.queryid::text as id, s.query as sql from pg_stat_statements s join pg_database d on d.oid = s.dbid
        where d.datname = current_database() and s.query ~* '^\\s*(with|select|insert|update|delete)' and s.query !~* 'pg_|demo'
        order by s.queryid`,
    )
    return rows.map(({ id, sql }) => ({ id, sql, parameters: { kind: 'generic' } }))
  })
}

/** Each statement with literals, and again with parameters. */
async function oltpStatements(path: string): Promise<readonly AskedStatement[]> {
  const literals = workloadQueries(await readWorkloadFile(path)).map(
    ({ id, sql }): AskedStatement => ({ id, sql, parameters: { kind: 'none' } }),
  )
  const { queries } = JSON.parse(readFileSync(path, 'utf8')) as {
    queries: { id: string; template: string }[]
  }
  const generic = queries.map(
    ({ id, template }): AskedStatement => ({ id: `${id} $`, sql: template, parameters: { kind: 'generic' } }),
  )
  return [...literals, ...generic]
}

async function measure(
  root: string,
  server: LocalServer,
  { name, database, statements }: Case,
  hosts: readonly ('pglite' | 'native')[] = ['pglite', 'native'],
  hasCopy = hosts.length > 1,
): Promise<string[]> {
  const asked = await statements()
  const session = await openSession(server.url(database), { statementTimeoutMs: 60_000 })
  try {
    const file = await readTarget(session, { takenAt: new Date() })
    const target = await planningTarget(session)
    const rows: string[] = []
    for (const host of hosts) {
      const tookMs: number[] = []
      for (let build = 0; build < BUILDS; build++) {
        const dir = mkdtempSync(join(root, 'twin-'))
        const twin = await buildTwin(file, { dir, cacheDir: join(root, 'cache'), host })
        // the first makes the prepared cluster
        if (build > 0) tookMs.push(twin.tookMs)
        if (build === BUILDS - 1)
          rows.push(line(name, host, await measureAgreement(target, twin.planner, asked), tookMs))
        await twin.planner.close()
        rmSync(dir, { recursive: true, force: true })
      }
    }
    if (hasCopy) {
      const copy = await openSession(server.url(`${database}_copy`), { statementTimeoutMs: 60_000 })
      rows.push(line(name, 'copy', await measureAgreement(target, await planningTarget(copy), asked), []))
      await copy.close()
    }
    return rows
  } finally {
    await session.close()
  }
}

function line(name: string, planner: string, measured: MeasuredAgreement, tookMs: readonly number[]): string {
  const compared = measured.statements - measured.couldNotPlan
  const share = (count: number) => `${count} (${((100 * count) / compared).toFixed(1)} %)`
  const build = tookMs.length === 0 ? '-' : show(spreadOf(tookMs), 0)
  return `| ${name} | ${planner} | ${compared} | ${share(measured.sameShape)} | ${share(measured.sameCost)} | ${build} |`
}

const MANY_TABLES = '500 tables, 1,500 indexes'

/** 500 tables of five columns with their keys, 1,500 indexes and 490 foreign keys, statistics of 2,500 columns. */
async function measureManyTables(root: string, server: LocalServer): Promise<string[]> {
  const tables = Array.from({ length: 500 }, (_, number) => [
    `create table t${number} (id bigint primary key, owner bigint${number < 10 ? '' : ` references t${number % 10}`}, name text not null, state text not null, at timestamptz not null)`,
    `insert into t${number} select i, null, 'name ' || i, 'state ' || i % 5, timestamptz '2026-01-01 UTC' + i * interval '1 hour' from generate_series(1, 200) i`,
    `create index on t${number} (owner)`,
    `create index on t${number} (state, at desc)`,
  ]).flat()
  await fill(server, 'many', [...tables, 'vacuum analyze'], false)
  return measure(
    root,
    server,
    {
      name: MANY_TABLES,
      database: 'many',
      statements: async () =>
        Array.from({ length: 100 }, (_, number) => ({
          id: String(number),
          sql: `select * from t${number} where state = 'state 1' order by at desc limit 10`,
          parameters: { kind: 'none' },
        })),
    },
    ['pglite', 'native'],
    false,
  )
}

async function fill(
  server: LocalServer,
  database: string,
  statements: readonly string[],
  hasCopy = Number(server.major) === 18,
): Promise<void> {
  await withClient(server, 'postgres', (client) => client.query(`create database ${database}`))
  await withClient(server, database, async (client) => {
    for (const statement of statements) await client.query(statement)
  })
  if (hasCopy) await copyOf(server, database)
}

async function copyOf(server: LocalServer, database: string): Promise<void> {
  await withClient(server, 'postgres', (client) =>
    client.query(`create database ${database}_copy template ${database}`),
  )
  await withClient(server, `${database}_copy`, (client) => client.query('analyze'))
}

async function loadCsv(server: LocalServer, database: string, folder: string): Promise<void> {
  await withClient(server, database, async (client) => {
    for (const name of readdirSync(folder)) {
      const table = name.split('.')[0]!
      // copied from a file that the server's own user may read
      const file = join(tmpdir(), `pgsteward-bench-${process.pid}-${table}.csv`)
      writeFileSync(file, gunzipSync(readFileSync(join(folder, name))), { mode: 0o644 })
      await client.query(`copy ${table} from '${file}' csv`)
      rmSync(file)
    }
    await client.query('vacuum analyze')
  })
  await copyOf(server, database)
}

async function withServer(
  root: string,
  major: PostgresMajor,
  work: (server: LocalServer) => Promise<void>,
): Promise<void> {
  const dir = join(root, `server-${major}`)
  const settings = { shared_preload_libraries: 'pg_stat_statements', autovacuum: 'off' }
  const server = await startLocalServer({ dir, major, durable: false, settings })
  try {
    await work(server)
  } finally {
    await server.stop('immediate')
    rmSync(server.dir, { recursive: true, force: true })
  }
}

async function withClient<T>(
  server: LocalServer,
  database: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: server.url(database) })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
