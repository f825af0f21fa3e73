// VACUUM FULL on a real server (M1): by a person's name alone, out of the way when others have waited as long as they may.

import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runStep, type StepRequest } from '../../src/maintain/run-step.ts'
import type { MaintenanceStep } from '../../src/model/maintenance.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

let database: TestDatabase
let client: pg.Client

beforeAll(async () => {
  database = await createDatabase()
  await database.run(
    'create table orders (id int primary key, note text) with (autovacuum_enabled = false)',
    "insert into orders select i, repeat('n', 200) from generate_series(1, 20000) i",
    'delete from orders where id % 40 > 0',
    'create table parts (id int) partition by range (id)',
  )
  client = await database.connect()
})
afterAll(() => database?.drop())

const step = (table: string): MaintenanceStep => ({
  kind: 'vacuum-full',
  sql: `vacuum (full, analyze) public.${table}`,
  relation: { schema: 'public', name: table },
  table: null,
})
const run = (over: Partial<StepRequest> = {}) =>
  runStep({
    url: database.url,
    step: step('orders'),
    warrant: { decisionId: '1', until: new Date(Date.now() + 60_000), namedBy: 'ada' },
    limits: { blockedMs: 200, activeSessions: 50, replayLagMs: 30_000 },
    waitMs: 30_000,
    now: () => new Date(),
    signal: new AbortController().signal,
    earlier: null,
    onStart: async () => {},
    onProgress: () => {},
    ...over,
  })

test('nothing is opened for it unless somebody named the table', async () => {
  const until = new Date(Date.now() + 60_000)
  await expect(run({ url: 'postgres://nowhere', warrant: { decisionId: '1', until } })).rejects.toMatchObject(
    {
      code: 'maintenance-refused',
      message: 'nobody named a table for vacuum-full',
    },
  )
  await expect(
    run({ url: 'postgres://nowhere', warrant: { decisionId: '1', until, namedBy: null } }),
  ).rejects.toMatchObject({ code: 'maintenance-refused' })
})

test('a table in use keeps it from beginning, for half a second', async () => {
  await client.query('begin; select from orders')
  expect(await run()).toMatchObject({
    outcome: 'gave-way',
    because: expect.stringMatching(/waited too long/),
  })
  await client.query('rollback')
})

test('it steps aside when somebody waits, unless others were said to wait', async () => {
  // as long as it takes: it holds the table, and waits for what an expression of an index sleeps
  await database.run(
    "create function slow(int) returns int language plpgsql immutable as 'begin perform pg_sleep(0.002); return $1; end'",
    'create index slowly on orders (slow(id))',
  )
  const readSoon = async () => {
    await expect
      .poll(() =>
        database.query(
          "select from pg_locks where relation = 'orders'::regclass and mode = 'AccessExclusiveLock' and granted",
        ),
      )
      .not.toEqual([])
    return client.query<{ count: number }>('select count(*)::int as count from orders')
  }
  const [gaveWay, read] = await Promise.all([run(), readSoon()])
  expect(gaveWay).toMatchObject({
    outcome: 'gave-way',
    because: expect.stringMatching(/waited \d+ ms for its lock: cancelled/),
  })
  expect(read.rows).toEqual([{ count: 500 }])
  const [done] = await Promise.all([run({ step: { ...step('orders'), othersWaitMs: 60_000 } }), readSoon()])
  expect(done).toMatchObject({ outcome: 'done', because: 'Table orders was written anew.' })
  expect(done.after!.sizeBytes).toBeLessThan(done.before!.sizeBytes / 5)
}, 60_000)

test('of a partitioned table it names the partitions as the way', async () => {
  expect(await run({ step: step('parts') })).toMatchObject({
    outcome: 'failed',
    because: expect.stringMatching(/name its partitions/),
  })
})
