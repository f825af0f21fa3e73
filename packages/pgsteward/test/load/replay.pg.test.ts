// Replay of SQL workloads on a real server (L2): what is sent, with which values, what is left out, and that nothing is written.

import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunReplayRequest, replay } from '../../src/app/load/run-replay.ts'
import type { RunMoment } from '../../src/model/load-run.ts'
import { loadRunSchema } from '../../src/model/load-run.ts'
import { run } from '../cli/run.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

const LOOPBACK = ['http://127.0.0.1', 'http://localhost']
let database: TestDatabase
let dir: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pgsteward-replay-'))
  database = await createDatabase()
  await database.run(
    'create extension pg_stat_statements',
    'create table shop (id bigint primary key, country text not null)',
    "insert into shop select n, case when n % 10 = 0 then 'NO' else 'SE' end from generate_series(1, 50) n",
    'create table sale (id bigint primary key, shop_id bigint not null references shop, amount integer not null, sold_at timestamptz not null)',
    // the ids of a shop's sales tell which shop it is: drawn apart from each other, hardly a row would be found
    `insert into sale select n, 1 + n % 50, n % 97, '2026-01-01'::timestamptz + n * interval '1 minute' from generate_series(1, 5000) n`,
    'create sequence ticket',
    "create function shop_name(bigint) returns text language sql volatile as 'select country from shop where id = $1'",
    'analyze',
  )
})
afterAll(async () => {
  await database.drop()
  await rm(dir, { recursive: true, force: true })
})

let files = 0
async function replayed(list: readonly object[], over: Partial<RunReplayRequest> = {}) {
  const file = join(dir, `workload-${files++}.json`)
  writeFileSync(file, JSON.stringify(list))
  return replay({
    workload: { file },
    databaseUrl: database.url,
    allowedTargets: LOOPBACK,
    model: 'open',
    factor: 1,
    connections: 3,
    durationMs: 2_000,
    warmUpMs: 0,
    statementTimeoutMs: 5_000,
    seed: 1,
    targetId: null,
    env: {},
    cwd: dir,
    signal: new AbortController().signal,
    ...over,
  })
}

const BY_KEY = {
  id: 'sale',
  template: 'select amount from sale where id = $1 and shop_id = $2',
  callsPerMinute: 1800,
}
const LATEST = {
  id: 'latest',
  template: 'select id from sale where shop_id = $1 and sold_at > $2 order by sold_at desc limit $3',
  callsPerMinute: 600,
}

test('statements are sent in their mix at their rate, with values that go together (L2)', async () => {
  const moments: RunMoment[] = []
  const { run, prepared } = await replayed([BY_KEY, LATEST], { onMoment: (moment) => moments.push(moment) })
  expect(loadRunSchema.parse(run)).toEqual(run)
  expect(run).toMatchObject({
    ended: 'completed',
    engine: { name: 'replay' },
    requests: { errors: 0, dropped: 0 },
  })
  expect(run.target).not.toContain('@')
  expect(prepared).toMatchObject({ callsRatio: 1, leftOut: [] })
  const [all, ...each] = run.series
  // forty a second for two seconds, three to one
  expect(run.requests.offered).toBe(80)
  expect(all?.count).toBe(80)
  const [first, second] = each.sort((a, b) => b.count - a.count)
  expect(first?.name).toMatch(/^SELECT sale [0-9a-f]{8}$/)
  expect(first!.count).toBeGreaterThan(1.5 * second!.count)
  expect(moments.length).toBeGreaterThanOrEqual(2)
  const [statement] = run.database!.statements.filter(({ text }) => text.includes('shop_id = $2'))
  expect(statement).toMatchObject({ calls: first!.count, rows: first!.count })
})

test('closed, each connection sends as fast as it is answered', async () => {
  const { run } = await replayed([BY_KEY], { model: 'closed' })
  expect(run.scenario.model).toBe('closed')
  expect(run.requests).toMatchObject({ offered: null, errors: 0 })
  expect(run.requests.count).toBeGreaterThan(100)
  expect(run.timeline[0]).toMatchObject({ users: 3, offeredPerSecond: null })
})

test('what writes, locks, or does more than read is left out, and its share of the calls told', async () => {
  const before = await database.query('select count(*) as rows, sum(amount) as amount from sale')
  const { run, prepared } = await replayed([
    { ...BY_KEY, callsPerMinute: 600 },
    { id: 'insert', template: 'insert into shop values ($1, $2)', callsPerMinute: 100 },
    { id: 'update', template: 'update sale set amount = $1 where id = $2', callsPerMinute: 100 },
    { id: 'cte', template: 'with gone as (delete from sale where id = $1 returning id) select id from gone' },
    { id: 'lock', template: 'select amount from sale where id = $1 for update' },
    { id: 'into', template: 'select amount into kept from sale where id = $1' },
    { id: 'sequence', template: "select nextval('ticket')" },
    { id: 'advisory', template: 'select pg_advisory_lock(1)' },
    { id: 'setting', template: "select set_config('transaction_read_only', 'off', false)" },
    { id: 'two', template: 'select 1; drop table sale' },
    { id: 'unknown', template: 'select * from nowhere where id = $1' },
    { id: 'function', template: 'select shop_name($1)', variants: [['3'], ['4']], callsPerMinute: 60 },
    { id: 'random', template: 'select random()', callsPerMinute: 60 },
  ])
  expect(Object.fromEntries(prepared.leftOut.map(({ id, because }) => [id, because]))).toMatchObject({
    insert: 'it writes: INSERT',
    update: 'it writes: UPDATE',
    cte: 'it writes: a DELETE within it',
    lock: 'it locks rows, which is a write',
    into: 'it writes: SELECT INTO makes a table',
    sequence: 'it calls nextval(), which does more than read',
    advisory: 'it calls pg_advisory_lock(), which does more than read',
    setting: 'it calls set_config(), which does more than read',
    two: 'it holds several statements',
    unknown: 'the database has no table nowhere',
  })
  expect(prepared.statements.map(({ calls }) => calls.length)).toEqual([1000, 2, 1])
  expect(prepared.callsRatio).toBeCloseTo(720 / 928)
  expect(run.database?.notes?.join()).toContain('77.6 % of the calls')
  expect(run.requests.errors).toBe(0)
  expect(await database.query('select count(*) as rows, sum(amount) as amount from sale')).toEqual(before)
})

test('sessions are read-only, bounded in time, and gone afterwards', async () => {
  await database.run(
    "create function sneaky() returns bigint language plpgsql volatile as $$ begin insert into shop values (9999, 'XX'); return 1; end $$",
    "create function slow() returns void language sql volatile as 'select pg_sleep(60)'",
  )
  const { run } = await replayed(
    [
      { id: 'sneaky', template: 'select sneaky()', callsPerMinute: 300 },
      { id: 'slow', template: 'select slow()', callsPerMinute: 60 },
    ],
    { statementTimeoutMs: 200 },
  )
  // 25006: a write in a read-only transaction
  expect(run.requests.errorKinds).toEqual({ 25006: expect.any(Number), timeout: expect.any(Number) })
  expect(run.invalid.map(({ reason }) => reason)).toContain('too-many-errors')
  expect(await database.query('select from shop where id = 9999')).toEqual([])
  expect(
    await database.query(
      "select from pg_stat_activity where application_name = 'replay by pgsteward' and datname = current_database()",
    ),
  ).toEqual([])
})

test('what pg_stat_statements saw is replayed, with the share of time that it is', async () => {
  await database.run(
    ...Array.from({ length: 20 }, (_, n) => `select count(*) from sale where amount < ${n}`),
    ...Array.from({ length: 20 }, (_, n) => `update shop set country = 'SE' where id = ${n}`),
  )
  const { run, prepared } = await replayed([], {
    workload: { from: database.url },
    model: 'closed',
    durationMs: 1_000,
  })
  expect(run.requests.errors).toBe(0)
  expect(prepared.statements.some(({ calls }) => /amount < \$1/.test(calls[0]!.sql))).toBe(true)
  expect(prepared.timeRatio).toBeGreaterThan(0)
  expect(prepared.timeRatio).toBeLessThan(1)
})

test('an interrupted replay keeps what it measured and says so', async () => {
  const stop = new AbortController()
  const { run } = await replayed([BY_KEY], {
    durationMs: 60_000,
    signal: stop.signal,
    onMoment: () => stop.abort(),
  })
  expect(run.ended).toBe('interrupted')
  expect(run.invalid.map(({ reason }) => reason)).toEqual(['interrupted'])
  expect(run.requests.count).toBeGreaterThan(10)
  expect(run.durationMs).toBeLessThan(30_000)
})

test('a database that ends in mid-run ends the replay, and what was measured stays', async () => {
  const own = await createDatabase()
  await own.run(
    'create table thing (id bigint primary key)',
    'insert into thing select generate_series(1, 10)',
    'analyze',
  )
  let isGone = false
  const { run } = await replayed(
    [{ id: 'thing', template: 'select id from thing where id = $1', callsPerMinute: 6000 }],
    {
      databaseUrl: own.url,
      durationMs: 60_000,
      onMoment: () => {
        if (isGone) return
        isGone = true
        void own.drop()
      },
    },
  )
  expect(run.ended).toBe('target-lost')
  expect(run.invalid.map(({ reason }) => reason)).toContain('target-lost')
  expect(run.requests.count - run.requests.errors).toBeGreaterThan(10)
})

test('a host that the configuration does not name is refused before anything is opened', async () => {
  for (const [allowed, isAllowed] of [
    [[], false],
    [['http://staging.example'], false],
    [['http://127.0.0.1:1'], false],
    [['postgres://127.0.0.1'], true],
  ] as const) {
    const attempt = replayed([BY_KEY], { allowedTargets: allowed, durationMs: 1_000 })
    if (isAllowed) await expect(attempt).resolves.toMatchObject({ run: { ended: 'completed' } })
    else await expect(attempt).rejects.toMatchObject({ code: 'load-target-refused' })
  }
})

test.each([
  [['--database', 'postgres://127.0.0.1/x'], 'which workload?'],
  [['--workload', 'w.json'], 'load on which database?'],
  [
    ['--workload', 'w.json', '--database', 'postgres://127.0.0.1/x', '--factor', 'much'],
    '--factor much is not understood',
  ],
  [['--workload', 'none.json', '--database', 'postgres://127.0.0.1/x'], 'cannot be read'],
  [
    ['--workload', 'w.json', '--database', 'postgres://u:hidden@db.example/x'],
    'load on the database at db.example:5432 is not allowed',
  ],
  [['--workload', 'w.json', '--database', 'somewhere'], 'is no PostgreSQL URL'],
])('load replay %j is told what is missing', async (args, message) => {
  const { exitCode, note, out } = await run('load', 'replay', ...args)
  expect(note).toContain(message)
  expect(note + out).not.toContain('hidden')
  expect([2, 3]).toContain(exitCode)
})
