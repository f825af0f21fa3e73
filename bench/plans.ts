// What looking at plans costs the target: processor time of the session that plans, minute by minute, beside 200 connections.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { PlanWatch } from '../packages/pgsteward/src/app/plans/plan-watch.ts'
import { PLAN_BUDGET } from '../packages/pgsteward/src/collect/plans/plan-queue.ts'
import type { Snapshot } from '../packages/pgsteward/src/model/fact.ts'
import { openSession, type Session } from '../packages/pgsteward/src/postgres/connect.ts'
import { startLocalServer } from '../packages/pgsteward/src/postgres/local-server.ts'
import type { Store } from '../packages/pgsteward/src/store/store.ts'
import { show, spreadOf, writeResults } from './measure.ts'

const CONNECTIONS = 200
const TABLES = 40
const STATEMENTS = 500
const MINUTES = 20
const MINUTE_MS = 60_000

export async function run(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-bench-plans-'))
  const server = await startLocalServer({
    dir,
    durable: false,
    settings: { shared_preload_libraries: 'pg_stat_statements', max_connections: '250' },
  })
  const clients: pg.Client[] = []
  try {
    for (let n = 0; n < CONNECTIONS; n++) {
      const client = new pg.Client({ connectionString: server.url() })
      await client.connect()
      clients.push(client)
    }
    await build(clients[0]!)
    const calm = await minutes(server.url(), () => false)
    const stirred = await minutes(server.url(), (minute) => minute % 2 === 1)
    writeResults(
      'plans',
      `Looking at plans, with ${CONNECTIONS} connections`,
      `${STATEMENTS} statements over ${TABLES} tables, joins of one to six; ${MINUTES} minutes by a clock put forward, the first of which opens the session. Planning is given ${PLAN_BUDGET.share * 100} % of a core: ${PLAN_BUDGET.share * MINUTE_MS} ms a minute, and 100 ms to begin with.

| | server CPU a minute, ms | of one core | of what was reckoned | plans a minute | entries in pg_stat_statements |
|---|---|---|---|---|---|
${row('all as usual', calm)}
${row('all statements change sharply every other minute', stirred)}

"Reckoned" is what pgsteward takes for the cost (planning time as EXPLAIN tells it, and 0.7 ms around it) and keeps to the budget by.`,
    )
  } finally {
    for (const client of clients) await client.end().catch(() => undefined)
    await server.stop('immediate')
    for (const each of [dir, server.dir]) rmSync(each, { recursive: true, force: true })
  }
}

interface Measured {
  readonly serverMs: readonly number[]
  readonly plans: readonly number[]
  readonly reckonedMs: number
  readonly entries: number
}

function row(title: string, { serverMs, plans, reckonedMs, entries }: Measured): string {
  const perMinute = spreadOf(serverMs)
  const total = serverMs.reduce((sum, ms) => sum + ms, 0)
  const share = (total / serverMs.length / MINUTE_MS) * 100
  return `| ${title} | ${show(perMinute)} | ${share.toFixed(3)} % | ${(total / reckonedMs).toFixed(2)} | ${show(spreadOf(plans), 0)} | ${entries} |`
}

async function build(client: pg.Client): Promise<void> {
  await client.query('create extension pg_stat_statements')
  for (let table = 0; table < TABLES; table++)
    await client.query(
      `create table part_${table} (id int primary key, tenant int, state text, at timestamptz default now());
       insert into part_${table} (id, tenant, state) select i, i % 50, 'open' from generate_series(1, 2000) i;
       create index on part_${table} (tenant, at); create index on part_${table} (state)`,
    )
  await client.query('analyze')
}

/** As an ORM writes them: columns named, one table to six. */
function textOf(number: number): string {
  const joined = Array.from({ length: number % 6 }, (_, n) => (number + n + 1) % TABLES)
  const main = number % TABLES
  return `select t.id, t.tenant, t.state, t.at from part_${main} t ${joined
    .map((table, n) => `join part_${table} j${n} on j${n}.id = t.id and j${n}.tenant = $1`)
    .join(
      ' ',
    )} where t.tenant = $1 and t.state = $2 and t.id > ${'$3'} + ${number} order by t.at desc limit 20`
}

async function minutes(url: string, isStirred: (minute: number) => boolean): Promise<Measured> {
  const texts = Array.from({ length: STATEMENTS }, (_, number) => ({
    queryId: String(number + 1),
    text: textOf(number),
  }))
  let planned = 0
  const store = {
    topStatements: async () => texts,
    slowQueries: async () => [],
    savePlans: async (_target: string, sights: readonly unknown[]) => {
      planned += sights.length
    },
  } as unknown as Store
  let session: Session | null = null
  const watch = new PlanWatch({
    targetId: 'bench',
    store,
    open: async () => {
      session = await openSession(url, { purpose: 'plans', statementTimeoutMs: 1_000, lockTimeoutMs: 50 })
      return session
    },
  })
  const begin = Date.UTC(2026, 0, 1)
  const [serverMs, plans]: [number[], number[]] = [[], []]
  let [pid, before] = [0, 0]
  for (let minute = 0; minute <= MINUTES; minute++) {
    const had = planned
    await watch.notice(snapshotAt(new Date(begin + minute * MINUTE_MS), isStirred(minute)))
    if (session === null) throw new Error('nothing was planned')
    if (minute === 0) {
      // the session's own start is no minute's
      const { rows } = await (session as Session).query('bench', 'select pg_catalog.pg_backend_pid() as pid')
      pid = Number(rows[0]!.pid)
    } else {
      serverMs.push(processorMs(pid) - before)
      plans.push(planned - had)
    }
    before = processorMs(pid)
    if (minute === 0) reckonedAtFirst = watch.state.costMs
  }
  const { rows } = await (session as unknown as Session).query(
    'bench',
    "select count(*)::int as entries from pg_stat_statements s where s.query ~* '^(explain|prepare|select t.id)'",
  )
  const measured = {
    serverMs,
    plans,
    reckonedMs: watch.state.costMs - reckonedAtFirst,
    entries: Number(rows[0]!.entries),
  }
  await watch.close()
  return measured
}

let reckonedAtFirst = 0

function snapshotAt(takenAt: Date, isStirred: boolean): Snapshot {
  const rows = Array.from({ length: STATEMENTS }, (_, number) => ({
    queryId: String(number + 1),
    database: 'postgres',
    user: 'postgres',
    calls: 100,
    totalExecMs: (STATEMENTS - number) * (isStirred ? 40 : 10),
  }))
  const interval = { rows, seconds: 60, window: { from: takenAt, to: takenAt }, breaks: [] }
  return {
    targetId: 'bench',
    takenAt,
    server: { database: 'postgres' },
    readings: new Map([
      ['statements', { status: 'interval', interval, latest: interval, at: takenAt, tookMs: 1 }],
    ]),
    refreshed: new Set(['statements']),
  } as unknown as Snapshot
}

/** On the processor since the backend began, from the scheduler's own count in nanoseconds. */
function processorMs(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6
}
