// Maintenance steps on a real server (M2): done by their effect, out of the way when somebody waits, nothing left behind.

import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { allowedStep } from '../../src/maintain/allowed-step.ts'
import { recoverStep } from '../../src/maintain/recover-step.ts'
import { runStep, type StepRequest } from '../../src/maintain/run-step.ts'
import type { MaintenanceStep, RunMark } from '../../src/model/maintenance.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

let database: TestDatabase
let client: pg.Client

beforeAll(async () => {
  database = await createDatabase()
  await database.run(
    'create table orders (id int primary key, day int, note text)',
    "insert into orders select i, i % 300, 'note ' || i from generate_series(1, 20000) i",
    'create index by_day on orders (day)',
  )
  client = await database.connect()
})
afterAll(() => database?.drop())
beforeEach(() => client.query('rollback'))

const stepOf = async (sql: string): Promise<MaintenanceStep> => {
  const allowed = await allowedStep(sql)
  if ('refused' in allowed) throw new Error(allowed.refused)
  return allowed.step
}

async function run(sql: string, over: Partial<StepRequest> = {}) {
  return runStep({
    url: database.url,
    step: await stepOf(sql),
    warrant: { decisionId: '1', until: new Date(Date.now() + 60_000) },
    limits: { blockedMs: 200, activeSessions: 50, replayLagMs: 30_000 },
    waitMs: 30_000,
    now: () => new Date(),
    signal: new AbortController().signal,
    earlier: null,
    onStart: async () => {},
    onProgress: () => {},
    ...over,
  })
}

const oidOf = async (index: string) =>
  (
    await database.query<{ oid: string | null }>(`select to_regclass('public.${index}')::oid::text as oid`)
  )[0]!.oid
const invalid = async () =>
  (
    await database.query<{ name: string }>(
      'select indexrelid::regclass::text as name from pg_index where not indisvalid order by 1',
    )
  ).map(({ name }) => name)

test('an index is built, verified and dropped; asked for again there is nothing to do', async () => {
  const marks: RunMark[] = []
  const sql = 'create index concurrently if not exists by_note on public.orders (note)'
  const built = await run(sql, {
    onStart: async (mark) => {
      // kept before anything changes
      expect(await oidOf('by_note')).toBeNull()
      marks.push(mark)
    },
  })
  expect(built).toMatchObject({
    outcome: 'done',
    before: { oid: null },
    after: { isValid: true, rows: 20000 },
  })
  expect(built.after!.sizeBytes).toBeGreaterThan(100_000)
  expect(marks).toMatchObject([{ pid: expect.any(Number), before: { oid: null } }])
  expect(await run(sql)).toMatchObject({ outcome: 'done', because: expect.stringMatching(/there already/) })
  expect(await run('drop index concurrently if exists public.by_note')).toMatchObject({ outcome: 'done' })
  expect(await oidOf('by_note')).toBeNull()
})

test('a rebuild gives the index another body, and leaves alone what an earlier one of others left', async () => {
  await database.run('update orders set day = day where id <= 10000')
  const before = await oidOf('by_day')
  await database.run('create index by_day_ccnew on orders (day)')
  await database.run("update pg_index set indisvalid = false where indexrelid = 'by_day_ccnew'::regclass")
  const rebuilt = await run('reindex index concurrently public.by_day')
  expect(rebuilt).toMatchObject({ outcome: 'done', cleaned: [] })
  expect(await oidOf('by_day')).not.toBe(before)
  expect(await invalid()).toEqual(['by_day_ccnew'])
  await database.run('drop index by_day_ccnew')
})

test('vacuum, analyze and settings are done when the server counted them', async () => {
  expect(await run('vacuum public.orders')).toMatchObject({
    outcome: 'done',
    before: { vacuums: 0 },
    after: { vacuums: 1 },
  })
  expect(await run('analyze public.orders')).toMatchObject({ outcome: 'done', after: { rows: 20000 } })
  expect(await run('alter table public.orders set (autovacuum_vacuum_scale_factor = 0.02)')).toMatchObject({
    outcome: 'done',
    after: { options: ['autovacuum_vacuum_scale_factor=0.02'] },
  })
})

test('an ANALYZE that the server skips with a warning has failed, in its words', async () => {
  const result = await run('analyze public.orders', { url: database.monitorUrl })
  expect(result).toMatchObject({
    outcome: 'failed',
    because: expect.stringMatching(/did not analyze table orders.*WARNING: .*(permission denied|only)/),
  })
})

test('it is cancelled as soon as somebody waits for it, and leaves nothing', async () => {
  const old = await database.connect()
  // its snapshot holds the build up without touching the table
  await old.query('begin isolation level repeatable read; select 1')
  let told = ''
  const building = run('create index concurrently by_note on public.orders (note)', {
    onProgress: (text) => {
      told += `${text}\n`
    },
  })
  await expect.poll(() => told, { timeout: 20_000 }).toMatch(/waits for test/)
  // without giving way this would wait for the old transaction, and all the table's readers behind it
  await client.query('alter table orders add column if not exists extra int')
  expect(await building).toMatchObject({
    outcome: 'gave-way',
    because: expect.stringMatching(/^Test waited \d+ ms for its lock: cancelled\.$/),
    cleaned: ['by_note'],
  })
  await old.query('rollback')
  expect(await invalid()).toEqual([])
  await old.end()
})

test('the end of the window and the end of pgsteward cancel it, too', async () => {
  const old = await database.connect()
  await old.query('begin isolation level repeatable read; select 1')
  const sql = 'reindex index concurrently public.by_day'
  const before = await oidOf('by_day')
  const stop = new AbortController()
  const rebuilding = run(sql, { signal: stop.signal, onProgress: () => stop.abort() })
  expect(await rebuilding).toMatchObject({
    outcome: 'gave-way',
    because: 'Pgsteward is stopping: cancelled.',
  })
  const late = await run(sql, { warrant: { decisionId: '1', until: new Date(Date.now() + 700) } })
  expect(late).toMatchObject({ outcome: 'gave-way', because: 'The maintenance window is over: cancelled.' })
  await old.query('rollback')
  expect(await oidOf('by_day')).toBe(before)
  expect(await invalid()).toEqual([])
  await old.end()
})

test('it waits for old transactions as long as it may, and says for whom', async () => {
  const old = await database.connect()
  await old.query('begin isolation level repeatable read; select 1')
  const result = await run('create index concurrently by_note on public.orders (note)', { waitMs: 1_000 })
  await old.query('rollback')
  expect(result).toMatchObject({
    outcome: 'gave-way',
    because: expect.stringMatching(/^It waited too long for test \(session \d+\)\.$/),
    cleaned: ['by_note'],
  })
  await old.end()
})

test('a busy database, another pgsteward and a locked table keep it from beginning', async () => {
  const started: RunMark[] = []
  const onStart = async (mark: RunMark) => void started.push(mark)
  const busy = client.query('select pg_sleep(1.5)')
  await expect
    .poll(() =>
      database.query(
        "select 1 from pg_stat_activity where query = 'select pg_sleep(1.5)' and state = 'active'",
      ),
    )
    .toHaveLength(1)
  const limits = { blockedMs: 200, activeSessions: 0, replayLagMs: 30_000 }
  expect(await run('vacuum public.orders', { limits, onStart })).toMatchObject({
    outcome: 'gave-way',
    because: expect.stringMatching(/sessions are at work.*not begun/),
  })
  await busy
  await client.query('select pg_advisory_lock(1886613620, 1)')
  expect(await run('vacuum public.orders', { onStart })).toMatchObject({
    outcome: 'gave-way',
    because: expect.stringMatching(/Another pgsteward/),
  })
  await client.query('select pg_advisory_unlock(1886613620, 1)')
  expect(started).toEqual([])
  await client.query('begin; lock table orders in share row exclusive mode')
  expect(await run('vacuum public.orders')).toMatchObject({
    outcome: 'gave-way',
    because: expect.stringMatching(/waited too long/),
  })
  await client.query('rollback')
})

test("without a warrant nothing is opened, and others' invalid index is theirs", async () => {
  const lost = { url: 'postgres://nobody@127.0.0.1:1/nowhere' }
  await expect(
    run('analyze public.orders', { ...lost, warrant: { decisionId: '', until: new Date(Date.now() + 1e6) } }),
  ).rejects.toMatchObject({ code: 'maintenance-refused' })
  await expect(
    run('analyze public.orders', { ...lost, warrant: { decisionId: '1', until: new Date(0) } }),
  ).rejects.toMatchObject({ code: 'maintenance-refused' })
  await database.run('create index by_note on orders (note)')
  await database.run("update pg_index set indisvalid = false where indexrelid = 'by_note'::regclass")
  expect(await run('create index concurrently by_note on public.orders (note)')).toMatchObject({
    outcome: 'failed',
    because: expect.stringMatching(/did not leave/),
  })
  expect(await invalid()).toEqual(['by_note'])
  await database.run('drop index by_note')
})

test('what an earlier attempt left and could not drop is dropped before the next', async () => {
  await database.run('create index by_note on orders (note)')
  await database.run("update pg_index set indisvalid = false where indexrelid = 'by_note'::regclass")
  const earlier = {
    oid: null,
    isValid: null,
    isPartitioned: false,
    sizeBytes: 0,
    rows: null,
    deadRows: null,
    vacuums: 0,
    analyzes: 0,
    options: [],
    invalidIndexes: [],
  }
  const sql = 'create index concurrently by_note on public.orders (note)'
  await client.query('begin; lock table orders in share row exclusive mode')
  expect(await run(sql, { earlier })).toMatchObject({
    outcome: 'gave-way',
    because: expect.stringMatching(/left cannot be dropped/),
  })
  await client.query('rollback')
  expect(await run(sql, { earlier })).toMatchObject({ outcome: 'done' })
  expect(await invalid()).toEqual([])
  await database.run('drop index by_note')
})

test('what is wrong with the statement itself is told in the words of the server', async () => {
  expect(await run('create index concurrently by_note on public.orders (no_such_column)')).toMatchObject({
    outcome: 'failed',
    because: expect.stringMatching(/no_such_column.*42703/),
  })
  expect(await run('reindex index concurrently public.nowhere')).toMatchObject({
    outcome: 'failed',
    because: 'Index nowhere does not exist.',
  })
})

test('an orphaned session is ended, and what it left is removed', async () => {
  const old = await database.connect()
  await old.query('begin isolation level repeatable read; select 1')
  let mark: RunMark | undefined
  const step = await stepOf('reindex index concurrently public.by_day')
  let isWaiting = false
  const orphan = run(step.sql, {
    onStart: async (each) => {
      mark = each
    },
    onProgress: () => {
      isWaiting = true
    },
  })
  await expect.poll(() => isWaiting, { timeout: 20_000 }).toBe(true)
  const ended = orphan.then(
    () => null,
    (error: unknown) => error,
  )
  const said: string[] = []
  const recovering = recoverStep({
    url: database.url,
    step,
    mark: mark!,
    onProgress: (text) => said.push(text),
  })
  await expect(ended).resolves.toMatchObject({ code: 'target-lost' })
  await old.query('rollback')
  expect(await recovering).toMatchObject({ outcome: 'interrupted', because: 'pgsteward was interrupted.' })
  expect(said[0]).toMatch(/^ends session \d+/)
  expect(await invalid()).toEqual([])
  await old.end()
})
