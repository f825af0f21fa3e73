// What the five experiments of elasticity.ts share: the demo's database with its faults mended, staff who are signed in already, a
// read-mostly scenario, and what the database did meanwhile.

import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { DEMO_DATABASE, DEMO_SETTINGS, mendFaults, prepareDemo } from '../examples/messaging/src/index.ts'
import { runLoad } from '../packages/pgsteward/src/app/load/run-load.ts'
import { stepScenario } from '../packages/pgsteward/src/load/sweep/step-scenario.ts'
import type { LoadRun } from '../packages/pgsteward/src/model/load-run.ts'
import { type Scenario, scenarioSchema } from '../packages/pgsteward/src/model/scenario.ts'
import { type LocalServer, startLocalServer } from '../packages/pgsteward/src/postgres/local-server.ts'

export const CONTROL_TOKEN = 'a token for this benchmark'
const STAFF = 200

export interface Ground {
  readonly server: () => LocalServer
  /** After the primary was killed: the same cluster at the same address. */
  readonly restart: () => Promise<void>
  readonly databaseUrl: string
  readonly scenario: Scenario
  readonly folder: () => string
  readonly stop: () => Promise<void>
}

/** A third of a minute. */
export async function prepareGround(scale: number): Promise<Ground> {
  const folders: string[] = []
  const folder = () => {
    const dir = mkdtempSync(join(tmpdir(), 'pgsteward-bench-elasticity-'))
    folders.push(dir)
    return dir
  }
  const dir = folder()
  let server = await startLocalServer({ dir, settings: settings() })
  const { port } = server
  await prepareDemo(server.url, { scale })
  await mendFaults(server.url)
  const databaseUrl = server.url(DEMO_DATABASE)
  const tokens = await signIn(databaseUrl)
  return {
    server: () => server,
    restart: async () => {
      server = await startLocalServer({ dir, port, settings: settings() })
    },
    databaseUrl,
    scenario: readMostly(tokens),
    folder,
    stop: async () => {
      await server.stop('immediate')
      for (const dir of [...folders, server.dir]) rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** The demo's, with connections for pools of a hundred and without what logs plans. */
function settings(): Record<string, string> {
  return {
    ...Object.fromEntries(Object.entries(DEMO_SETTINGS).filter(([name]) => !name.startsWith('auto_explain'))),
    shared_preload_libraries: 'pg_stat_statements',
    max_connections: '150',
  }
}

/** Sessions without the 50 ms of a password check each: what they cost is not what is measured here. */
async function signIn(databaseUrl: string): Promise<readonly string[]> {
  const tokens = Array.from({ length: STAFF }, (_, n) => `elasticity-${n}-${'x'.repeat(20)}`)
  await query(
    databaseUrl,
    `insert into app_session (token_hash, app_user_id, user_agent, expires_at)
     select hash, u.id, 'elasticity', now() + interval '1 day'
       from unnest($1::text[]) with ordinality as token (hash, n)
       join church c on c.id = 1 + (n - 1) % (select count(*) from church)
       join lateral (select id from app_user where church_id = c.id order by id limit 1) u on true`,
    [tokens.map((token) => createHash('sha256').update(token).digest('base64url'))],
  )
  return tokens
}

/** One in forty requests writes. The heavy reads are those that the cache is for; half of the reads have no cache. */
function readMostly(tokens: readonly string[]): Scenario {
  return scenarioSchema.parse({
    id: 'elasticity-reads',
    title: 'Read-mostly office work',
    load: { model: 'closed', stages: [{ for: '10s', users: 1 }] },
    headers: { cookie: 'session={{staff.token}}' },
    data: { staff: tokens.map((token) => ({ token })) },
    flows: [
      {
        name: 'office',
        steps: [
          { path: '/api/conversations', extract: { conversationId: { json: 'rows.*.id' } }, chance: 0.6 },
          { path: '/api/conversations/{{conversationId}}/messages', needs: 'conversationId', chance: 0.5 },
          { path: '/api/dashboard', chance: 0.4 },
          { path: '/api/members', chance: 0.5 },
          { path: '/api/broadcasts', chance: 0.3 },
          { path: '/api/deliveries', chance: 0.3 },
          { path: '/api/reports/delivery-rate', chance: 0.3 },
          { path: '/api/billing/payments', chance: 0.2 },
          { path: '/api/groups', chance: 0.3 },
          { path: '/api/assessments', chance: 0.3 },
          {
            method: 'POST',
            path: '/api/conversations/{{conversationId}}/read',
            needs: 'conversationId',
            chance: 0.1,
          },
        ],
      },
    ],
  })
}

export interface Measured {
  readonly run: LoadRun
  readonly requestsPerSecond: number
  readonly p95Ms: number | null
  readonly statementsPerRequest: number
  readonly databaseMsPerRequest: number
}

/** So many users without think times for so long, and what the statements of the server cost meanwhile, warm-up aside. */
export async function load(
  { scenario, databaseUrl }: Pick<Ground, 'scenario' | 'databaseUrl'>,
  url: string,
  users: number,
  seconds: number,
  warmUpSeconds: number,
  afterWarmUp: () => Promise<void> = async () => {},
): Promise<Measured> {
  const step = (forMs: number) =>
    runLoad({
      scenario: stepScenario(scenario, {
        model: 'closed',
        offered: users,
        forMs,
        warmUpMs: 0,
        withPauses: false,
      }),
      target: url,
      allowedTargets: ['http://127.0.0.1'],
      env: {},
      cwd: import.meta.dirname,
      signal: new AbortController().signal,
    })
  await step(warmUpSeconds * 1000)
  await afterWarmUp()
  const before = await statementTotals(databaseUrl)
  const run = await step(seconds * 1000)
  const after = await statementTotals(databaseUrl)
  const answered = Math.max(1, run.requests.count - run.requests.errors)
  return {
    run,
    requestsPerSecond: answered / (run.durationMs / 1000),
    p95Ms: run.series[0]?.percentiles.p95Ms ?? null,
    statementsPerRequest: (after.calls - before.calls) / answered,
    databaseMsPerRequest: (after.ms - before.ms) / answered,
  }
}

async function statementTotals(url: string): Promise<{ readonly calls: number; readonly ms: number }> {
  const [row] = await query<{ calls: number; ms: number }>(
    url,
    `select sum(calls)::float8 as calls, sum(total_exec_time)::float8 as ms from pg_stat_statements s
       join pg_database d on d.oid = s.dbid and d.datname = current_database()`,
  )
  return row!
}

export async function query<Row>(
  url: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'elasticity' })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(sql, [...values])).rows as Row[]
  } finally {
    await client.end().catch(() => {})
  }
}
