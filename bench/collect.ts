// What collection costs: the target's processor time, rows and bytes, with 5,000 statements in pg_stat_statements; and our memory.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import pg from 'pg'
import { Collector } from '../packages/pgsteward/src/collect/collector.ts'
import { ALL_FACTS } from '../packages/pgsteward/src/facts/all.ts'
import { statementTexts } from '../packages/pgsteward/src/facts/statement-texts.ts'
import { statements } from '../packages/pgsteward/src/facts/statements.ts'
import type { PgFact, Snapshot } from '../packages/pgsteward/src/model/fact.ts'
import { openSession } from '../packages/pgsteward/src/postgres/connect.ts'
import { type LocalServer, startLocalServer } from '../packages/pgsteward/src/postgres/local-server.ts'
import { type Spread, show, spreadOf, writeResults } from './measure.ts'

const TABLES = 500
const SHAPES = 10
/** Statements that run between two rounds; the others stand still, as most do. */
const MOVING = 500
const ROUNDS = 15
const MINUTE_MS = 60_000

export async function run(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-bench-collect-'))
  const server = await startLocalServer({
    dir,
    durable: false,
    settings: {
      shared_preload_libraries: 'pg_stat_statements',
      'pg_stat_statements.max': '10000',
      max_connections: '100',
    },
  })
  const load = new pg.Client({ connectionString: server.url() })
  await load.connect()
  try {
    await build(load)
    writeResults(
      'collect',
      'Collection with 5,000 statements in pg_stat_statements',
      [
        await statementsAgainstAlternative(server, load),
        await everyFact(server, load),
        await memory(server, load),
      ].join('\n\n'),
    )
  } finally {
    await load.end()
    await server.stop('immediate')
    for (const each of [dir, server.dir]) rmSync(each, { recursive: true, force: true })
  }
}

async function build(load: pg.Client): Promise<void> {
  await load.query('create extension pg_stat_statements')
  for (let table = 0; table < TABLES; table++) {
    await load.query(
      `create table order_line_${table} (id bigint primary key, tenant_id bigint, status text, amount numeric, created_at timestamptz);
       create index order_line_${table}_tenant on order_line_${table} (tenant_id, created_at);
       create index order_line_${table}_status on order_line_${table} (status)`,
    )
  }
  await load.query('select pg_stat_statements_reset()')
  await runStatements(load, 0, TABLES * SHAPES)
}

/** Distinct texts of 300 to 600 characters, as an ORM writes them. */
function statement(number: number): string {
  const table = `order_line_${number % TABLES}`
  const shape = Math.floor(number / TABLES) % SHAPES
  const columns = ['id', 'tenant_id', 'status', 'amount', 'created_at'].map(
    (column) => `"public"."${table}"."${column}"`,
  )
  const conditions = Array.from({ length: shape + 1 }, (_, i) => `${columns[i % 5]} is not null`)
  return `select ${columns.join(', ')} from "public"."${table}" where (${conditions.join(' and ')} and ${columns[1]} = ${number}) order by ${columns[4]} desc limit 20 offset 0`
}

async function runStatements(load: pg.Client, from: number, to: number): Promise<void> {
  for (let number = from; number < to; number++) await load.query(statement(number))
}

interface Cost {
  readonly serverMs: Spread
  readonly clientMs: Spread
  readonly rows: number
  readonly bytes: number
}

/** One thing measured: a round, and the backend that serves it. */
interface Measured {
  readonly round: () => Promise<{ readonly rows: number; readonly bytes: number }>
  readonly pid: number
}

/** All of them in turn, round after round, so that the machine's moods meet them alike. */
async function measure(
  measured: readonly Measured[],
  between: (round: number) => Promise<void>,
): Promise<readonly Cost[]> {
  const taken = measured.map(() => ({
    serverMs: [] as number[],
    clientMs: [] as number[],
    rows: 0,
    bytes: 0,
  }))
  for (let i = 0; i < ROUNDS; i++) {
    await between(i)
    for (const [which, { round, pid }] of measured.entries()) {
      const [serverBefore, clientBefore] = [processorMs(pid), process.cpuUsage()]
      const { rows, bytes } = await round()
      const client = process.cpuUsage(clientBefore)
      const each = taken[which]!
      each.serverMs.push(processorMs(pid) - serverBefore)
      each.clientMs.push((client.user + client.system) / 1000)
      Object.assign(each, { rows, bytes })
    }
  }
  return taken.map((each) => ({
    ...each,
    serverMs: spreadOf(each.serverMs),
    clientMs: spreadOf(each.clientMs),
  }))
}

/** Time on a processor, from the scheduler, in nanoseconds where Linux tells it. */
function processorMs(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6
}

async function collecting(
  server: LocalServer,
  facts: readonly PgFact[],
): Promise<Measured & { close: () => Promise<void>; readonly last: () => Snapshot | null }> {
  let pid = 0
  let last: Snapshot | null = null
  const collector = new Collector({
    target: { id: 'bench', url: server.url(), labels: {} },
    facts,
    open: async ({ url }) => {
      const session = await openSession(url)
      pid = Number((await session.query('pid', 'select pg_backend_pid() as pid')).rows[0]?.pid)
      return session
    },
    intervalMs: 10 * MINUTE_MS,
    everyMs: 0,
  })
  let now = Date.now()
  const round = async () => {
    now += MINUTE_MS
    last = await collector.collect(new Date(now))
    return last.cost
  }
  // two rounds: the first has no increase yet, the second reads the texts of what moved
  await round()
  await round()
  return { round, pid, close: () => collector.close(), last: () => last }
}

async function statementsAgainstAlternative(server: LocalServer, load: pg.Client): Promise<string> {
  const ours = await collecting(server, [statements, statementTexts])
  const bare = await collecting(server, [])
  const other = new pg.Client({ connectionString: server.url(), application_name: 'alternative' })
  await other.connect()
  const pid = (await other.query('select pg_backend_pid() as pid')).rows[0].pid as number
  const stream = (other as unknown as { connection: { stream: { bytesRead: number } } }).connection.stream
  const alternative: Measured = {
    pid,
    round: async () => {
      const before = stream.bytesRead
      const { rows } = await other.query('select * from pg_stat_statements')
      return { rows: rows.length, bytes: stream.bytesRead - before }
    },
  }
  const [mine, none, theirs] = await measure([ours, bare, alternative], (round) =>
    runStatements(load, 0, round % 2 === 0 ? MOVING : MOVING / 2),
  )
  await Promise.all([ours.close(), bare.close(), other.end()])
  const line = (name: string, cost: Cost) =>
    `| ${name} | ${show(cost.serverMs)} | ${show(cost.clientMs)} | ${cost.rows} | ${kilobytes(cost.bytes)} |`
  const ratio = (of: (cost: Cost) => number) => (of(theirs!) / of(mine!)).toFixed(1)
  return [
    '## Statements alone',
    '',
    `${MOVING} of 5,000 statements moved between rounds; ${ROUNDS} rounds, alternating.`,
    '',
    '| What | server CPU, ms | client CPU, ms | rows | received |',
    '|---|---|---|---|---|',
    line('pgsteward: `statements`, texts known', mine!),
    line('of that, server information (read each round)', none!),
    line('`select * from pg_stat_statements`, with texts', theirs!),
    '',
    `The alternative costs the server ${ratio((cost) => cost.serverMs.median)} times as much, and sends ${ratio((cost) => cost.bytes)} times the bytes.`,
  ].join('\n')
}

async function everyFact(server: LocalServer, load: pg.Client): Promise<string> {
  const bare = await collecting(server, [])
  const read = ALL_FACTS.filter((fact) => fact.variants.length > 0 && fact.id !== statementTexts.id)
  const collectors = []
  for (const fact of read) {
    const collector = await collecting(server, fact.id === statements.id ? [fact, statementTexts] : [fact])
    const reading = collector.last()?.readings.get(fact.id)
    if (reading?.status !== 'unavailable') collectors.push({ fact, collector })
    else await collector.close()
  }
  const [base, ...costs] = await measure([bare, ...collectors.map((each) => each.collector)], (round) =>
    runStatements(load, 0, round % 2 === 0 ? MOVING : MOVING / 2),
  )
  await Promise.all([bare.close(), ...collectors.map((each) => each.collector.close())])
  const own = costs.map((cost) => Math.max(0, cost.serverMs.median - base!.serverMs.median))
  const perMinute = collectors.map(({ fact }, i) => own[i]! * Math.min(1, MINUTE_MS / fact.everyMs))
  const total = perMinute.reduce((sum, each) => sum + each, base!.serverMs.median)
  const rows = collectors.map(
    ({ fact }, i) =>
      `| ${fact.id} | ${fact.everyMs / 1000} s | ${own[i]!.toFixed(2)} | ${costs[i]!.rows} | ${kilobytes(costs[i]!.bytes)} | ${perMinute[i]!.toFixed(2)} |`,
  )
  return [
    '## Everything, in a round each minute',
    '',
    `${TABLES} tables with ${TABLES * 3} indexes. A fact with a cadence beyond a minute counts with its share; server information is in each row but taken off.`,
    '',
    '| Fact | cadence | server CPU a reading, ms | rows | received | server CPU a minute, ms |',
    '|---|---|---|---|---|---|',
    `| (server information) | 60 s | ${base!.serverMs.median.toFixed(2)} | ${base!.rows} | ${kilobytes(base!.bytes)} | ${base!.serverMs.median.toFixed(2)} |`,
    ...rows,
    '',
    `Together ${total.toFixed(0)} ms of server CPU a minute: **${((total / MINUTE_MS) * 100).toFixed(3)} % of one core**. Aim: under 0.2 % (120 ms).`,
  ].join('\n')
}

/** Ten rounds in which all 5,000 statements move: the worst that 5,000 can do to the window of ten minutes. */
async function memory(server: LocalServer, load: pg.Client): Promise<string> {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  const heapMb = () => {
    collectGarbage()
    collectGarbage()
    return process.memoryUsage().heapUsed / 1024 ** 2
  }
  const before = heapMb()
  const collector = await collecting(server, [statements, statementTexts])
  const first = heapMb()
  for (let round = 0; round < 12; round++) {
    await runStatements(load, 0, TABLES * SHAPES)
    await collector.round()
  }
  const full = heapMb()
  await collector.close()
  return [
    '## Memory of one target',
    '',
    '| What | MB of heap |',
    '|---|---|',
    `| 5,000 statements, one previous reading | ${(first - before).toFixed(1)} |`,
    `| all 5,000 moving each minute for the ten minutes of the window, their texts known | ${(full - before).toFixed(1)} |`,
  ].join('\n')
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} kB`
}

if (import.meta.main) await run()
