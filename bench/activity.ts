// What sampling costs: processor time of its backend and of our process at 200 connections and a sample a second, against nothing
// and against the plain way, `select *` of pg_stat_activity and pg_locks each second.

import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import pg from 'pg'
import { ActivityRollup } from '../packages/pgsteward/src/collect/activity/activity-rollup.ts'
import { IncidentTracker } from '../packages/pgsteward/src/collect/activity/incident-tracker.ts'
import { ActivitySampler } from '../packages/pgsteward/src/collect/activity/sampler.ts'
import { SeenStatements } from '../packages/pgsteward/src/collect/activity/seen-statements.ts'
import { openSession } from '../packages/pgsteward/src/postgres/connect.ts'
import { type LocalServer, startLocalServer } from '../packages/pgsteward/src/postgres/local-server.ts'
import { type Spread, show, spreadOf, writeResults } from './measure.ts'

const CONNECTIONS = 200
/** At work: a few sleep, the rest runs short transactions on few rows, so that some wait for locks. */
const SLEEPING = 10
const WORKING = 10
const IDLE_IN_TRANSACTION = 10
/** Each way for so long, one after the other, as often. */
const SECONDS = 20
const ROUNDS = 5

interface Cost {
  /** Share of one core. */
  readonly backend: number
  readonly ours: number
}

export async function run(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-bench-activity-'))
  const server = await startLocalServer({
    dir,
    durable: false,
    settings: {
      max_connections: String(CONNECTIONS + 20),
      shared_preload_libraries: 'pg_stat_statements',
      track_activity_query_size: '4096',
    },
  })
  const load = new Worker(new URL('./activity-load.ts', import.meta.url), {
    workerData: {
      url: server.url(),
      connections: CONNECTIONS,
      sleeping: SLEEPING,
      working: WORKING,
      idle: IDLE_IN_TRANSACTION,
    },
  })
  try {
    await once(load, 'message')
    const naive: Cost[] = []
    const sampled: Cost[] = []
    const statements: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      process.stderr.write(`round ${round + 1} of ${ROUNDS}\n`)
      naive.push(await plain(server))
      sampled.push(await sampling(server, statements))
    }
    writeResults(
      'activity',
      `Activity sampling at ${CONNECTIONS} connections`,
      page(naive, sampled, statements),
    )
  } finally {
    await load.terminate()
    await server.stop('immediate')
    for (const each of [dir, server.dir]) rmSync(each, { recursive: true, force: true })
  }
}

async function sampling(server: LocalServer, statements: number[]): Promise<Cost> {
  const sampler = new ActivitySampler({
    open: () => openSession(server.url(), { purpose: 'activity' }),
    everyMs: 1_000,
    slowMs: 1_000,
  })
  const rollup = new ActivityRollup(1_000)
  const incidents = new IncidentTracker({ fromMs: 1_000 })
  const seen = new SeenStatements(1_000)
  const look = async () => {
    const sample = await sampler.sample(new Date())
    rollup.add(sample)
    incidents.note(sample)
    seen.note(sample)
  }
  // the first ones learn names and texts
  for (let each = 0; each < 3; each++) await look()
  const before = sampler.statementsSent
  const cost = await measured(server, 'pgsteward activity', look)
  statements.push((sampler.statementsSent - before) / SECONDS)
  await sampler.close()
  return cost
}

async function plain(server: LocalServer): Promise<Cost> {
  const client = new pg.Client({ connectionString: server.url(), application_name: 'plain' })
  await client.connect()
  const look = async () => {
    await client.query('select * from pg_stat_activity')
    await client.query('select * from pg_locks')
  }
  await look()
  const cost = await measured(server, 'plain', look)
  await client.end()
  return cost
}

async function measured(server: LocalServer, name: string, look: () => Promise<void>): Promise<Cost> {
  const pid = await pidOf(server, name)
  const [backendMs, ours, begun] = [onProcessorMs(pid), process.threadCpuUsage(), performance.now()]
  for (let each = 0; each < SECONDS; each++) {
    const started = performance.now()
    await look()
    await sleep(Math.max(0, 1_000 - (performance.now() - started)))
  }
  const tookMs = performance.now() - begun
  const own = process.threadCpuUsage(ours)
  return {
    backend: (onProcessorMs(pid) - backendMs) / tookMs,
    ours: (own.user + own.system) / 1_000 / tookMs,
  }
}

async function pidOf(server: LocalServer, name: string): Promise<number> {
  const client = new pg.Client({ connectionString: server.url() })
  await client.connect()
  const { rows } = await client.query('select pid from pg_stat_activity where application_name = $1', [name])
  await client.end()
  return rows[0].pid
}

/** Nanoseconds on the processor, as the scheduler counts them: ticks of 10 ms are too coarse for this. */
function onProcessorMs(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6
}

function page(naive: readonly Cost[], sampled: readonly Cost[], statements: readonly number[]): string {
  const percent = (costs: readonly Cost[], value: (cost: Cost) => number): Spread =>
    spreadOf(costs.map((cost) => value(cost) * 100))
  const ratio = spreadOf(sampled.map((cost, round) => cost.backend / naive[round]!.backend))
  return `
A server with ${CONNECTIONS} connections: ${SLEEPING} sleep, ${WORKING} run short transactions on 20 rows, some of them waiting for each other, ${IDLE_IN_TRANSACTION} are idle in a transaction,
the others idle with a text of 600 characters. One sample a second, ${SECONDS} s each way in turn, ${ROUNDS} times. The cost of the target is the time that the backend of the
session was on a processor (the scheduler's count), ours that of the thread that samples; the load runs in another thread. Without sampling there is no such session.

| | target, % of one core | ours, % of one core |
|---|---|---|
| \`select *\` of pg_stat_activity and pg_locks | ${show(
    percent(naive, (cost) => cost.backend),
    3,
  )} | ${show(
    percent(naive, (cost) => cost.ours),
    3,
  )} |
| sampling: sessions, waits, blocking, texts where needed | ${show(
    percent(sampled, (cost) => cost.backend),
    3,
  )} | ${show(
    percent(sampled, (cost) => cost.ours),
    3,
  )} |

Sampling costs the target ${show(ratio, 2)} of the plain way, with ${show(spreadOf(statements), 1)} statements a second. The plain way knows neither who blocks whom nor any history.
`
}
