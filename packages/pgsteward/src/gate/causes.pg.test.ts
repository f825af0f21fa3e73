// The cause of a slowdown on a real server: what changed between base and head is done to the database, and has to be named.

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { runRow } from '../../test/gate/runs.ts'
import { createDatabase, type TestDatabase } from '../../test/postgres/database.ts'
import { environmentOf } from '../app/load/environment-of.ts'
import { startDatabaseMeasurement } from '../app/load/measure-database.ts'
import type { LoadRun } from '../model/load-run.ts'
import { encodeLatencies, latencyHistogram, percentileMs, recordMs } from '../stats/latency-histogram.ts'
import { bottleneckOf } from './bottleneck.ts'
import { findCauses } from './causes.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
  await database.run(
    'create extension if not exists pg_stat_statements',
    'create table conversation_message (id bigint primary key, conversation_id int not null, body text not null)',
    `insert into conversation_message select i, i % 4000, repeat('x', 80) from generate_series(1, 80000) i`,
    'create table member (id int primary key, name text not null)',
    `insert into member select i, 'member ' || i from generate_series(1, 1000) i`,
    'grant select on all tables in schema public to test_monitor',
  )
  await database.flushStatistics()
  await database.run('vacuum analyze conversation_message', 'analyze member')
})

beforeEach(() =>
  database.run(
    'create index if not exists conversation_message_conversation_idx on conversation_message (conversation_id)',
  ),
)

afterAll(() => database.drop())

const MESSAGES = 'select body from conversation_message where conversation_id = $1'
const MEMBER = 'select name from member where id = $1'

/** Requests as an application would make them, measured from outside as a load generator does. */
async function measuredRun(
  requests: number,
  request: (query: Query, at: number) => Promise<void>,
): Promise<LoadRun> {
  const client = await database.connect()
  const measurement = await startDatabaseMeasurement(database.monitorUrl)
  const histogram = latencyHistogram()
  let sumMs = 0
  for (let at = 0; at < requests; at++) {
    const began = performance.now()
    await request((sql, ...values) => client.query(sql, [...values]).then(() => undefined), at)
    const ms = performance.now() - began
    sumMs += ms
    recordMs(histogram, ms)
  }
  await database.flushStatistics()
  const percentiles = {
    p50Ms: percentileMs(histogram, 0.5),
    p90Ms: percentileMs(histogram, 0.9),
    p95Ms: percentileMs(histogram, 0.95),
    p99Ms: percentileMs(histogram, 0.99),
  }
  const run = runRow()
  const all = {
    ...run.series[0]!,
    count: requests,
    sumMs,
    histogram: encodeLatencies(histogram),
    percentiles,
  }
  return {
    ...run,
    series: [all],
    requests: { ...run.requests, count: requests, errors: 0 },
    database: await measurement.finish(),
    environment: await environmentOf({
      env: {},
      cwd: '/',
      hostBusyRatio: null,
      hostStolenRatio: null,
      databaseUrl: database.monitorUrl,
    }),
  }
}

type Query = (sql: string, ...values: readonly unknown[]) => Promise<void>

const ordinary = async (query: Query, at: number) => {
  await query(MESSAGES, at % 4000)
  await query(MEMBER, (at % 1000) + 1)
}

test('V5: a dropped index: the cause is the statement, with both plans, the table and the index', async () => {
  const base = await measuredRun(100, ordinary)
  await database.run('drop index conversation_message_conversation_idx')
  const head = await measuredRun(60, ordinary)
  const [first, ...others] = findCauses([base], [head])
  expect(first).toMatchObject({ kind: 'plan', subject: MESSAGES })
  expect(first!.share).toBeGreaterThan(0.5)
  expect(first!.summary).toContain('using conversation_message_conversation_idx')
  expect(first!.summary).toContain('Seq Scan on conversation_message')
  expect(first!.summary).toContain('index conversation_message_conversation_idx is gone')
  expect(first!.summary).toMatch(/reads the whole of conversation_message, 80,000 rows each time/)
  expect(others.find(({ kind }) => kind === 'schema')?.summary).toContain(
    'index public.conversation_message_conversation_idx is gone (on public.conversation_message (conversation_id))',
  )
  // the other statement did what it always did
  expect(findCauses([base], [head]).some(({ subject }) => subject.includes('member where'))).toBe(false)

  const [bottleneck] = bottleneckOf(head)
  expect(bottleneck).toMatchObject({ kind: 'statement', subject: MESSAGES })
  expect(bottleneck!.summary).toMatch(/80,000 rows a scan, to return 20: an index is missing/)
})

test('V5: an index that was added is the cause of the gain', async () => {
  await database.run('drop index conversation_message_conversation_idx')
  const base = await measuredRun(60, ordinary)
  await database.run(
    'create index conversation_message_conversation_idx on conversation_message (conversation_id)',
  )
  const head = await measuredRun(60, ordinary)
  const [first] = findCauses([base], [head])
  expect(first!.summary).toContain('index conversation_message_conversation_idx is new')
  expect(first!.summary).toContain('of the whole gain')
})

test('V5: one query for each row is told by its calls', async () => {
  const base = await measuredRun(60, ordinary)
  const head = await measuredRun(60, async (query, at) => {
    await query(MESSAGES, at % 4000)
    for (let row = 1; row <= 30; row++) await query(MEMBER, row)
  })
  const cause = findCauses([base], [head]).find(({ subject }) => subject === MEMBER)
  expect(cause?.summary).toMatch(/30 times .*N\+1/)
})

test('V5: time in the application is not put on the database', async () => {
  const base = await measuredRun(40, ordinary)
  const head = await measuredRun(40, async (query, at) => {
    await ordinary(query, at)
    // computing, as an application would
    const until = performance.now() + 25
    while (performance.now() < until);
  })
  expect(findCauses([base], [head])[0]).toMatchObject({ kind: 'application' })
})
