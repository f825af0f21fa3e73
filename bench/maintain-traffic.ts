// Maintenance beside the reference application's traffic, migrations and long transactions: how long anybody waits for it.

import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { maintenanceSchema } from '../packages/pgsteward/src/app/maintenance/maintenance-config.ts'
import { MaintenanceDesk } from '../packages/pgsteward/src/app/maintenance/maintenance-desk.ts'
import { BUILT_IN_SCENARIOS } from '../packages/pgsteward/src/load/scenarios/all.ts'
import type { LoadRun } from '../packages/pgsteward/src/model/load-run.ts'
import type { JobRun } from '../packages/pgsteward/src/model/maintenance.ts'
import { openStore } from '../packages/pgsteward/src/store/open-store.ts'
import type { OpenedStore } from '../packages/pgsteward/src/store/postgres-store.ts'
import { hastened, startDemoApplication } from '../packages/pgsteward/test/load/demo-application.ts'
import { addJobs } from '../packages/pgsteward/test/maintain/killed.ts'

const SCALE = 0.5
const LASTS_S = 150
/** Between two migrations: each wants its table for itself, and gives up after two seconds. */
const MIGRATION_EVERY_MS = 3_000
const TABLES = ['conversation_message', 'delivery', 'message', 'message_recipient', 'member']

interface Waits {
  /** By session that waited: the longest it was seen waiting for a lock of maintenance. */
  readonly ofApplicationMs: readonly number[]
  readonly ofMigrationsMs: readonly number[]
}

export async function underTraffic(storeUrl: string): Promise<string> {
  const demo = await startDemoApplication(SCALE)
  const store = await openStore({ url: storeUrl })
  try {
    const scenario = BUILT_IN_SCENARIOS.find(({ id }) => id === 'load')!
    const lengthS = scenario.load.stages.reduce((sum, stage) => sum + stage.for, 0) / 1000
    const load = () => demo.load(hastened(scenario, 0.3), { timeScale: LASTS_S / lengthS, loadScale: 0.3 })
    await onUrl(demo.databaseUrl, (client) => client.query(`vacuum (analyze) ${TABLES.join(', ')}`))

    const alone = await beside(demo.databaseUrl, async () => ({ run: await load() }))
    const both = await beside(demo.databaseUrl, async (signal) => {
      const sampling = sampleWaits(demo.databaseUrl, signal)
      const maintaining = maintain(store, demo.databaseUrl, signal)
      const run = await load()
      return { run, after: async () => ({ waits: await sampling, runs: await maintaining }) }
    })
    const { waits, runs } = await both.after()
    return page(alone.run, both.run, waits, runs)
  } finally {
    await store.close()
    await demo.stop()
  }
}

/** With migrations and long transactions going on, as in any day. */
async function beside<T>(url: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController()
  const others = [migrations(url, stop.signal), longTransactions(url, stop.signal)]
  try {
    return await work(stop.signal)
  } finally {
    stop.abort()
    await Promise.all(others)
  }
}

async function migrations(url: string, signal: AbortSignal): Promise<void> {
  await onUrl(
    url,
    async (client) => {
      await client.query("set lock_timeout = '2s'")
      for (let at = 0; !signal.aborted; at += 1) {
        const table = TABLES[at % TABLES.length]
        await client
          .query(
            `alter table ${table} add column if not exists note_of_bench text; alter table ${table} drop column note_of_bench`,
          )
          .catch(() => undefined)
        await sleep(MIGRATION_EVERY_MS, undefined, { signal }).catch(() => undefined)
      }
    },
    'migration',
  )
}

async function longTransactions(url: string, signal: AbortSignal): Promise<void> {
  await onUrl(
    url,
    async (client) => {
      while (!signal.aborted) {
        await client.query('begin isolation level repeatable read; select count(*) from church')
        await sleep(2_000, undefined, { signal }).catch(() => undefined)
        await client.query('rollback')
        await sleep(3_000, undefined, { signal }).catch(() => undefined)
      }
    },
    'report',
  )
}

async function maintain(store: OpenedStore, url: string, signal: AbortSignal): Promise<readonly JobRun[]> {
  const indexes = await onUrl(url, async (client) => {
    const { rows } = await client.query(
      `select indexrelid::regclass::text as name from pg_index where indrelid = any ($1::regclass[]) and indisvalid order by 1`,
      [TABLES],
    )
    return rows.map(({ name }) => name as string)
  })
  const statements = [
    ...indexes.map((name) => `reindex index concurrently public.${name}`),
    ...TABLES.flatMap((name) => [
      `create index concurrently if not exists of_bench_${name} on public.${name} (id)`,
      `vacuum (analyze) public.${name}`,
      `drop index concurrently if exists public.of_bench_${name}`,
    ]),
  ]
  const ids: string[] = []
  const target = {
    id: 'shop',
    maintenanceUrl: url,
    labels: {},
    tables: () => null,
    isOurs: () => true,
    onChanged: () => {},
  }
  const desk = new MaintenanceDesk({
    store,
    targets: [target],
    config: maintenanceSchema.parse({
      windows: [{ from: '00:00', to: '00:00' }],
      giveWay: { activeSessions: 100 },
    }),
    now: () => new Date(),
    everyMs: 1_000,
    onFailure: (_, error) => process.stderr.write(`${(error as Error).message}\n`),
  })
  const rounds = (async () => {
    while (!signal.aborted) {
      const open = await store.jobs({ states: ['approved'], limit: 1_000 })
      const due = open.filter(({ notBefore }) => notBefore === null || notBefore <= new Date())
      if (due.length === 0) ids.push(...(await addJobs(store, statements, ids.length)))
      await desk.round(target)
    }
  })()
  const stopped = new Promise<void>((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  )
  await stopped
  await desk.stop()
  await rounds
  return (await Promise.all(ids.map((id) => store.runs(id)))).flat()
}

/** Asked by another session than the guard's, every 20 ms, of every session that waits for one of maintenance. */
async function sampleWaits(url: string, signal: AbortSignal): Promise<Waits> {
  const longest = new Map<string, { readonly name: string; readonly ms: number }>()
  await onUrl(url, async (client) => {
    while (!signal.aborted) {
      const { rows } = await client.query(
        `select a.pid || ' ' || a.query_start as wait, a.application_name as name,
                extract(epoch from clock_timestamp() - l.waitstart) * 1000 as ms
           from pg_stat_activity a join pg_locks l on l.pid = a.pid and not l.granted
          where a.wait_event_type = 'Lock' and a.application_name not like 'pgsteward%'
            and exists (select from unnest(pg_blocking_pids(a.pid)) b(pid)
                          join pg_stat_activity m on m.pid = b.pid and m.application_name = 'pgsteward maintenance')`,
      )
      for (const { wait, name, ms } of rows)
        longest.set(wait, { name, ms: Math.max(Number(ms ?? 0), longest.get(wait)?.ms ?? 0) })
      await sleep(20)
    }
  })
  const of = (isIt: (name: string) => boolean) =>
    [...longest.values()].filter(({ name }) => isIt(name)).map(({ ms }) => ms)
  return {
    ofApplicationMs: of((name) => name !== 'migration'),
    ofMigrationsMs: of((name) => name === 'migration'),
  }
}

async function onUrl<T>(url: string, work: (client: pg.Client) => Promise<T>, name = 'bench'): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: name })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

function page(alone: LoadRun, both: LoadRun, waits: Waits, runs: readonly JobRun[]): string {
  const of = (outcome: string) => runs.filter(({ result }) => result?.outcome === outcome)
  const resumed = new Set(of('gave-way').map(({ jobId }) => jobId))
  const later = new Set(of('done').map(({ jobId }) => jobId))
  const most = (values: readonly number[]) =>
    values.length === 0 ? '-' : `${Math.round(Math.max(...values))} ms`
  const side = (run: LoadRun) => {
    const [all] = run.series
    const { p50Ms, p99Ms } = all!.percentiles
    const slowest = Math.max(...run.timeline.map((moment) => moment.p99Ms ?? 0))
    return `${run.requests.count.toLocaleString('en')} | ${run.requests.errors} | ${Math.round(p50Ms ?? 0)} | ${Math.round(p99Ms ?? 0)} | ${Math.round(slowest)}`
  }
  return [
    `The reference application at scale ${SCALE} under its scenario \`load\` for ${LASTS_S} s, with a migration (ALTER TABLE on one of ${TABLES.length} tables) every ${MIGRATION_EVERY_MS / 1000} s and a transaction that is open for 2 of every 5 s; once without maintenance, once with it going on all the time on the same tables (every index rebuilt, one built and dropped, VACUUM).`,
    '',
    '| | requests | failed | p50, ms | p99, ms | p99 of the worst second, ms |',
    '|---|---:|---:|---:|---:|---:|',
    `| without | ${side(alone)} |`,
    `| with maintenance | ${side(both)} |`,
    '',
    '| Locks of maintenance that somebody waited for | Times seen | Longest |',
    '|---|---:|---:|',
    `| by the application, directly | ${waits.ofApplicationMs.length} | ${most(waits.ofApplicationMs)} |`,
    `| by a migration, and what queued behind it | ${waits.ofMigrationsMs.length} | ${most(waits.ofMigrationsMs)} |`,
    '',
    `${of('done').length} statements were done, ${of('gave-way').length} attempts gave way, of ${resumed.size} jobs, ${[...resumed].filter((id) => later.has(id)).length} of which were done within the time. Waits are asked for every 20 ms by a session of its own; an application statement that queues behind a migration waits no longer than that migration does.`,
  ].join('\n')
}
