// Whether advice holds when it is really built: the demo's database under its own traffic, the advised indexes created on a copy, and
// each statement that the application sent run before and after with the values that it was sent with.

import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import {
  DEMO_DATABASE,
  DEMO_SETTINGS,
  prepareDemo,
  startApplication,
} from '../examples/messaging/src/index.ts'
import type { AdviceReport } from '../packages/pgsteward/src/model/advice.ts'
import type { PlanNode } from '../packages/pgsteward/src/model/what-if.ts'
import { comparePlans } from '../packages/pgsteward/src/plans/compare-plans.ts'
import { type LocalServer, startLocalServer } from '../packages/pgsteward/src/postgres/local-server.ts'
import { type LoggedStatement, readLoggedStatements } from './logged-statements.ts'
import { spreadOf, writeResults } from './measure.ts'

const execFileAsync = promisify(execFile)
const PGSTEWARD = resolve(import.meta.dirname, '../packages/pgsteward/bin/pgsteward.js')
const SCALE = Number(process.env.PGSTEWARD_BENCH_SCALE ?? 1)
const TRAFFIC_MS = 120_000
const BUDGET = '50%'
/** Calls of one statement that are run again, spread over all that were logged. */
const MOST_CALLS = 10
const ROUNDS = 5
/** Slower: by a twentieth and by more than this, or by any WAL or pages. */
const LEAST_SLOWER = 1.05
const LEAST_SLOWER_MS = 0.02

export async function run(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'pgsteward-bench-advice-'))
  const server = await startLocalServer({
    dir: join(root, 'server'),
    durable: false,
    settings: {
      ...DEMO_SETTINGS,
      logging_collector: 'on',
      log_destination: 'jsonlog',
      log_directory: 'log',
      log_min_duration_statement: '0',
      log_parameter_max_length: '-1',
      'auto_explain.log_min_duration': '-1',
    },
  })
  try {
    process.stderr.write('preparing the demo\n')
    await prepareDemo(server.url, { scale: SCALE })
    const sent = await traffic(server)
    process.stderr.write(`${sent.length} statements\n`)
    const { report, sql } = await advise(server, join(root, 'advised.sql'))
    await copies(server, sql)
    const measured: Measured[] = []
    for (const statement of sent) {
      const each = await measure(server, statement)
      if (each !== null) measured.push(each)
    }
    writeResults('advice', 'Advice on the demo, really built', page(report, measured))
  } finally {
    await server.stop('immediate')
    for (const dir of [server.dir, root]) rmSync(dir, { recursive: true, force: true })
  }
}

/** The application without its own faults: idle transactions and blockers would be measured as well. */
async function traffic(server: LocalServer): Promise<readonly LoggedStatement[]> {
  const application = await startApplication(server.url, { faults: false, requestsPerSecond: 15 })
  await sleep(TRAFFIC_MS)
  await application.stop()
  return readLoggedStatements(join(server.dir, 'data/log'), DEMO_DATABASE, 'messaging_app')
}

async function advise(
  server: LocalServer,
  out: string,
): Promise<{ report: AdviceReport; sql: readonly string[] }> {
  await query(server, DEMO_DATABASE, ['vacuum analyze'])
  const url = server.url(DEMO_DATABASE)
  const args = [PGSTEWARD, 'advise', url, '--budget', BUDGET, '--time', '2m', '--sql', out, '--json']
  const { stdout } = await execFileAsync(process.execPath, args, { maxBuffer: 64 * 1024 ** 2 })
  const sql = readFileSync(out, 'utf8').split(';\n').filter(Boolean)
  return { report: JSON.parse(stdout) as AdviceReport, sql }
}

/** Both are copies, made the same way. */
async function copies(server: LocalServer, indexes: readonly string[]): Promise<void> {
  // a template may have no sessions, and its slots stay behind
  for (const name of ['before', 'after'])
    await query(server, 'postgres', [`create database ${name} template ${DEMO_DATABASE}`])
  await query(server, 'after', indexes)
  for (const name of ['before', 'after']) await query(server, name, ['vacuum analyze'])
}

interface Sides<T> {
  readonly before: T
  readonly after: T
}

interface Figures {
  readonly ms: readonly number[]
  readonly pages: number
  readonly walBytes: number
  readonly plan: PlanNode
}

interface Measured extends Sides<Figures> {
  readonly sql: string
  readonly calls: number
}

async function measure(server: LocalServer, { sql, calls }: LoggedStatement): Promise<Measured | null> {
  const step = Math.max(1, Math.floor(calls.length / MOST_CALLS))
  const chosen = calls.filter((_, place) => place % step === 0).slice(0, MOST_CALLS)
  const clients = { before: await connect(server, 'before'), after: await connect(server, 'after') }
  const figures = { before: [] as Run[], after: [] as Run[] }
  try {
    for (const values of chosen)
      for (let round = 0; round <= ROUNDS; round++)
        for (const side of round % 2 === 0
          ? (['before', 'after'] as const)
          : (['after', 'before'] as const)) {
          const one = await runOnce(clients[side], sql, values)
          // the first brings the pages into memory
          if (round > 0) figures[side].push(one)
        }
  } catch (error) {
    process.stderr.write(`left out: ${(error as Error).message} in ${shortened(sql)}\n`)
    return null
  } finally {
    await Promise.all([clients.before.end(), clients.after.end()])
  }
  return { sql, calls: calls.length, before: sum(figures.before), after: sum(figures.after) }
}

interface Run {
  readonly ms: number
  readonly pages: number
  readonly walBytes: number
  readonly plan: PlanNode
}

function sum(runs: readonly Run[]): Figures {
  const mean = (of: (run: Run) => number) => runs.reduce((all, run) => all + of(run), 0) / runs.length
  return {
    ms: runs.map(({ ms }) => ms),
    pages: mean(({ pages }) => pages),
    walBytes: mean(({ walBytes }) => walBytes),
    plan: runs.at(-1)!.plan,
  }
}

/** Rolled back: the next run finds the same rows. */
async function runOnce(client: pg.Client, sql: string, values: readonly string[]): Promise<Run> {
  await client.query('begin')
  try {
    await client.query(`prepare asked as ${sql}`)
    const call = values.length === 0 ? '' : `(${values.join(', ')})`
    const { rows } = await client.query(
      `explain (analyze, buffers, wal, timing off, format json) execute asked${call}`,
    )
    const [answer] = rows[0]['QUERY PLAN']
    const plan = answer.Plan as PlanNode
    return {
      ms: answer['Execution Time'] + answer['Planning Time'],
      pages: Number(plan['Shared Hit Blocks']) + Number(plan['Shared Read Blocks']),
      walBytes: Number(plan['WAL Bytes'] ?? 0),
      plan,
    }
  } finally {
    await client.query('rollback')
    await client.query('deallocate all')
  }
}

function page(report: AdviceReport, measured: readonly Measured[]): string {
  const perMinute = 60_000 / TRAFFIC_MS
  const all = (of: (figures: Figures) => number) => ({
    before: measured.reduce((sum, each) => sum + each.calls * perMinute * of(each.before), 0),
    after: measured.reduce((sum, each) => sum + each.calls * perMinute * of(each.after), 0),
  })
  const medianMs = ({ ms }: Figures) => spreadOf(ms).median
  const total = (name: string, unit: string, { before, after }: Sides<number>) =>
    `| ${name} | ${before.toFixed(0)} ${unit} | ${after.toFixed(0)} ${unit} | ${(after / before).toFixed(3)} |`
  const { cost, planner } = report
  const predicted = cost.afterPerMinute / cost.beforePerMinute
  const faster = measured.filter((each) => medianMs(each.after) < medianMs(each.before) * 0.9)
  const slower = measured.filter(isSlower)
  const row = (each: Measured, last: string) =>
    `| \`${shortened(each.sql)}\` | ${(each.calls * perMinute).toFixed(1)} | ${showMs(each.before)} | ${showMs(each.after)} | ${each.before.pages.toFixed(0)} | ${each.after.pages.toFixed(0)} | ${(each.after.walBytes - each.before.walBytes).toFixed(0)} | ${last} |`
  const head = (last: string) => [
    `| statement | calls a minute | ms before | ms after | pages before | pages after | WAL bytes more | ${last} |`,
    '|---|---|---|---|---|---|---|---|',
  ]
  const gain = (each: Measured) => each.calls * (medianMs(each.before) - medianMs(each.after))
  return [
    `The demo's database at scale ${SCALE}, PostgreSQL 18; the application's own traffic for ${TRAFFIC_MS / 1000} s; advice from pg_stat_statements alone, budget ${BUDGET}. ${report.indexes.length} indexes advised (${(report.sizeBytes / 1e6).toFixed(1)} MB predicted), searched in ${(report.search.tookMs / 1000).toFixed(1)} s with ${planner.kind}, ${planner.agreement?.sameShape} of ${planner.agreement?.statements} plans the same as the target's. Each statement is run with the values that the application sent, ${MOST_CALLS} calls at most, ${ROUNDS} times each in turns, in transactions that are rolled back; time is planning and execution.`,
    '',
    '| a minute of the traffic | before | after | ratio |',
    '|---|---|---|---|',
    total('time', 'ms', all(medianMs)),
    total(
      'pages',
      '',
      all(({ pages }) => pages),
    ),
    total(
      'WAL',
      'bytes',
      all(({ walBytes }) => walBytes),
    ),
    `| cost as predicted | ${cost.beforePerMinute.toFixed(0)} | ${cost.afterPerMinute.toFixed(0)} | ${predicted.toFixed(3)} |`,
    '',
    '## The advised indexes',
    '',
    ...report.indexes.map(
      ({ table, definition, gainPerMinute }) =>
        `- \`${table} ${definition}\` (${((100 * gainPerMinute) / cost.beforePerMinute).toFixed(2)} % of the cost)`,
    ),
    '',
    `## Slower: ${slower.length} of ${measured.length}`,
    '',
    `Slower by more than 5 % and ${LEAST_SLOWER_MS} ms in the median.`,
    '',
    ...head('why'),
    ...slower.toSorted((a, b) => gain(a) - gain(b)).map((each) => row(each, why(each))),
    '',
    `## Faster by more than a tenth: ${faster.length} of ${measured.length}; the ${Math.min(20, faster.length)} of the largest gain`,
    '',
    ...head('plan'),
    ...faster
      .toSorted((a, b) => gain(b) - gain(a))
      .slice(0, 20)
      .map((each) => row(each, comparePlans(each.before.plan, each.after.plan).difference ?? 'the same')),
  ].join('\n')
}

function isSlower({ before, after }: Measured): boolean {
  const [one, other] = [spreadOf(before.ms).median, spreadOf(after.ms).median]
  return other > one * LEAST_SLOWER && other - one > LEAST_SLOWER_MS
}

/** From what was measured: the plan, the pages and the WAL. */
function why({ before, after, sql }: Measured): string {
  const { difference } = comparePlans(before.plan, after.plan)
  const pages = after.pages - before.pages
  const wal = after.walBytes - before.walBytes
  if (difference !== null) return `another plan (${difference}), ${pages.toFixed(0)} pages more`
  if (wal > 0 && !/^\s*select/i.test(sql))
    return `the new indexes are written as well: ${wal.toFixed(0)} bytes of WAL more`
  const overlap = spreadOf(before.ms).max >= spreadOf(after.ms).median
  if (pages <= 0)
    return `the same plan and no more pages${overlap ? ', within the spread of the runs before' : ': more indexes to plan with'}`
  return `the same plan, ${pages.toFixed(1)} pages more`
}

function showMs({ ms }: Figures): string {
  const { median, min, max } = spreadOf(ms)
  return `${median.toFixed(3)} (${min.toFixed(3)} to ${max.toFixed(3)})`
}

/** Tables and conditions tell statements apart, not the columns that an ORM lists. */
function shortened(sql: string): string {
  const line = sql
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/"public"\.|"/g, '')
    .replace(/^(select|insert into \w+) ?\(?.{30,}?\)? (from|values)\b/i, '$1 … $2')
    .replaceAll('|', '\\|')
    .replaceAll('`', "'")
  return line.length <= 140 ? line : `${line.slice(0, 139)}…`
}

async function connect(server: LocalServer, database: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: server.url(database) })
  await client.connect()
  // values as they come: the plan of their first calls
  await client.query('set plan_cache_mode = force_custom_plan')
  return client
}

async function query(server: LocalServer, database: string, statements: readonly string[]): Promise<void> {
  const client = await connect(server, database)
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}
