// Two hundred targets in one process, beside three that are broken each in its way; then a second process on the same store, and the
// first is killed: who reads on, after how long, and whether an interval is there twice.

import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { startLocalServer } from '../packages/pgsteward/src/postgres/local-server.ts'
import { openStore } from '../packages/pgsteward/src/store/open-store.ts'
import { type Measured, startWatch, type WatchedFleet } from './fleet-process.ts'
import { type Spread, show, spreadOf, writeResults } from './measure.ts'

const TARGETS = 200
const WARM_UP_MS = 60_000
const MEASURED_MS = 180_000
const BOTH_MS = 45_000
const AFTER_MS = 90_000
/** The default cadence. */
const EVERY_MS = 60_000
const MB = 1024 ** 2

export async function run(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-bench-fleet-'))
  const server = await startLocalServer({
    dir: join(dir, 'server'),
    durable: false,
    settings: {
      shared_preload_libraries: 'pg_stat_statements',
      max_connections: '1500',
      max_locks_per_transaction: '64',
    },
  })
  const silent = createServer(() => undefined).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const running: WatchedFleet[] = []
  let traffic: Traffic | undefined
  try {
    const databases = Array.from(
      { length: TARGETS },
      (_, index) => `shop_${String(index + 1).padStart(3, '0')}`,
    )
    progress(`making ${TARGETS} databases`)
    await makeDatabases(server.url(), databases)
    traffic = await startTraffic(databases.map((name) => server.url(name)))
    const { port } = silent.address() as { port: number }
    const broken = {
      refused: 'postgres://nobody:nothing@127.0.0.1:1/nowhere',
      silent: `postgres://nobody:nothing@127.0.0.1:${port}/nowhere`,
      'wrong-password': server.url('shop_001').replace(/:[^:@/]+@/, ':wrong@'),
    }
    const targets = { ...Object.fromEntries(databases.map((name) => [name, server.url(name)])), ...broken }
    const start = async (name: string, watched: Readonly<Record<string, string>>, history: string) => {
      const fleet = await startWatch({
        dir: join(dir, name),
        targets: watched,
        storeUrl: server.url(history),
      })
      running.push(fleet)
      return fleet
    }

    progress('one target, for comparison')
    const one = await start('one', { shop_001: server.url('shop_001') }, 'history_of_one')
    await sleep(WARM_UP_MS / 2)
    const alone = await one.measure(MEASURED_MS / 2)
    await one.stop()

    progress(`${TARGETS} targets`)
    const first = await start('first', targets, 'history')
    await sleep(WARM_UP_MS)
    const from = new Date()
    const all = await first.measure(MEASURED_MS)
    const health = await first.health()
    const to = new Date()

    progress('a second process, then kill -9 of the first')
    const second = await start('second', targets, 'history')
    await sleep(BOTH_MS)
    const killedAt = new Date()
    first.kill()
    await sleep(AFTER_MS)
    const exitCode = await second.stop()
    const pace = await paceOf(server.url('history'), databases, { from, to })
    const takeover = await takeoverOf(server.url('history'), databases, killedAt)
    report({ alone, all, health, pace, takeover, exitCode })
  } finally {
    for (const each of running) each.kill()
    await traffic?.stop()
    silent.close()
    await server.stop('immediate')
    for (const each of [dir, server.dir]) rmSync(each, { recursive: true, force: true })
  }
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`)
}

async function makeDatabases(url: string, names: readonly string[]): Promise<void> {
  const connect = async (to: string) => {
    const client = new pg.Client(to)
    await client.connect()
    return client
  }
  const admin = await connect(url)
  await admin.query('create database model')
  await admin.query('create database history')
  await admin.query('create database history_of_one')
  const model = await connect(Object.assign(new URL(url), { pathname: '/model' }).href)
  await model.query('create extension pg_stat_statements')
  for (const table of ['customer', 'product', 'orders', 'order_line', 'payment']) {
    await model.query(
      `create table ${table} (id bigint primary key, place text not null, weight int not null)`,
    )
    await model.query(`insert into ${table} select i, 'shelf ' || i, i % 10 from generate_series(1, 1000) i`)
    await model.query(`create index on ${table} (place)`)
  }
  await model.query('analyze')
  await model.end()
  for (const name of names) await admin.query(`create database ${name} template model`)
  await admin.end()
}

interface Traffic {
  readonly stop: () => Promise<void>
}

/** Each database is asked every two seconds, by a connection of its own. */
async function startTraffic(urls: readonly string[]): Promise<Traffic> {
  const clients: pg.Client[] = []
  for (const url of urls) {
    const client = new pg.Client(url)
    await client.connect()
    clients.push(client)
  }
  let turn = 0
  const timer = setInterval(() => {
    turn += 1
    const client = clients[turn % clients.length]!
    client
      .query('select weight from orders where place = $1', [`shelf ${turn % 1000}`])
      .catch(() => undefined)
  }, 2_000 / urls.length)
  return {
    stop: async () => {
      clearInterval(timer)
      await Promise.all(clients.map((client) => client.end().catch(() => undefined)))
    },
  }
}

interface Pace {
  /** Readings of each target within the measured time. */
  readonly readings: Spread
  /** The longest time between two, of any target. */
  readonly longestGapMs: number
  readonly unread: number
}

async function readingsOf(
  url: string,
  names: readonly string[],
): Promise<{ readonly times: ReadonlyMap<string, readonly number[]>; readonly overlaps: number }> {
  const store = await openStore({ url })
  try {
    const rows = await store.database.query<{ name: string; at: Date }>(
      `select t.name, s.at from pgsteward.snapshot s join pgsteward.target t on t.id = s.target_id order by s.at`,
    )
    const intervals = await store.database.query<{ name: string; at: Date; seconds: number }>(
      `select t.name, i.at, i.seconds::float8 as seconds
         from pgsteward.statement_interval i join pgsteward.target t on t.id = i.target_id order by t.name, i.at`,
    )
    const times = new Map<string, number[]>(names.map((name) => [name, []]))
    for (const { name, at } of rows) times.get(name)?.push(at.getTime())
    const overlaps = intervals.filter((each, index) => {
      const before = intervals[index - 1]
      // real has the length to some milliseconds
      return before?.name === each.name && each.at.getTime() - each.seconds * 1000 < before.at.getTime() - 5
    })
    return { times, overlaps: overlaps.length }
  } finally {
    await store.close()
  }
}

async function paceOf(
  url: string,
  names: readonly string[],
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<Pace> {
  const { times } = await readingsOf(url, names)
  const within = [...times.values()].map((all) =>
    all.filter((at) => at >= from.getTime() && at <= to.getTime()),
  )
  const gaps = within.flatMap((all) => all.slice(1).map((at, index) => at - all[index]!))
  return {
    readings: spreadOf(within.map(({ length }) => length)),
    longestGapMs: Math.max(0, ...gaps),
    unread: within.filter(({ length }) => length === 0).length,
  }
}

interface Takeover {
  /** From the kill to the first reading by the other. */
  readonly afterMs: Spread
  readonly never: number
  readonly overlaps: number
}

async function takeoverOf(url: string, names: readonly string[], killedAt: Date): Promise<Takeover> {
  const { times, overlaps } = await readingsOf(url, names)
  const after = [...times.values()].map((all) => all.find((at) => at > killedAt.getTime()))
  const known = after.filter((at) => at !== undefined)
  return {
    afterMs: spreadOf(known.map((at) => at - killedAt.getTime())),
    never: after.length - known.length,
    overlaps,
  }
}

function aims({ pace, takeover }: Pick<Results, 'pace' | 'takeover'>): string {
  const said = (aim: string, isMet: boolean) => `${aim}: ${isMet ? 'met' : '**missed**'}`
  return `Aims. ${[
    said('Each target is read at its cadence', pace.unread === 0 && pace.longestGapMs < 2 * EVERY_MS),
    said('another process takes over within 30 s', takeover.never === 0 && takeover.afterMs.max <= 30_000),
    said('no interval is collected twice', takeover.overlaps === 0),
  ].join('; ')}.`
}

interface Results {
  readonly alone: Measured
  readonly all: Measured
  readonly health: Awaited<ReturnType<WatchedFleet['health']>>
  readonly pace: Pace
  readonly takeover: Takeover
  readonly exitCode: number | null
}

function report({ alone, all, health, pace, takeover, exitCode }: Results): void {
  const scaled = (spread: Spread, by: number) =>
    show({ median: spread.median / by, min: spread.min / by, max: spread.max / by }, by === 1000 ? 1 : 0)
  const up = Object.values(health.targets).filter((state) => state === 'up').length
  const load = readFileSync('/proc/loadavg', 'utf8').split(' ')[0]
  writeResults(
    'fleet',
    `${TARGETS} targets in one process`,
    [
      `${TARGETS} databases of one server with 5 tables each, one statement every two seconds in each, history on the same server, everything at`,
      'its default pace: facts every minute, sessions every second, plans. Three targets more refuse connections, accept and say nothing, and',
      `want another password. Load average ${load} at the end, servers and traffic on the same two cores.`,
      '',
      '| | one target | 200 targets | for each of them |',
      '|---|---|---|---|',
      `| CPU of the process, share of one core | ${(alone.cpuShare * 100).toFixed(1)} % | ${(all.cpuShare * 100).toFixed(1)} % | ${((all.cpuShare / TARGETS) * 100).toFixed(2)} % |`,
      `| MB resident | ${scaled(alone.residentBytes, MB)} | ${scaled(all.residentBytes, MB)} | ${(all.residentBytes.median / MB / TARGETS).toFixed(1)} |`,
      `| \`/health\` answers after, ms | ${show(alone.healthMs)} | ${show(all.healthMs)} | |`,
      '',
      `A process for each target would take ${((TARGETS * alone.residentBytes.median) / all.residentBytes.median).toFixed(0)} times the memory.`,
      '',
      '| | |',
      '|---|---|',
      `| targets that are up | ${up} of ${TARGETS}, and ${Object.keys(health.targets).length - TARGETS} that are broken |`,
      `| readings of each target within ${MEASURED_MS / 1000} s | ${show(pace.readings, 0)}, ${pace.unread} without any |`,
      `| longest time between two readings of a target, at a cadence of ${EVERY_MS / 1000} s | ${(pace.longestGapMs / 1000).toFixed(1)} s |`,
      `| from kill -9 of the first process to the first reading by the second | ${scaled(takeover.afterMs, 1000)} s, ${takeover.never} targets without any |`,
      `| intervals that overlap, over both processes | ${takeover.overlaps} |`,
      `| exit code of the second | ${exitCode} |`,
      '',
      aims({ pace, takeover }),
    ].join('\n'),
  )
}
