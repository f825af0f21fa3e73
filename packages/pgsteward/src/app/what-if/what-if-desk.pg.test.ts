// Questions to a planner twin in a process of its own: what it answers, what it refuses, and what of all that reaches the target.

import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../test/postgres/database.ts'
import { type Asking, WhatIfDesk } from './what-if-desk.ts'
import type { WhatIfQuestion } from './what-if-question.ts'

let database: TestDatabase
let desk: WhatIfDesk

beforeAll(async () => {
  database = await createDatabase()
  await database.run(
    'create extension pg_stat_statements',
    'create table parcel (id bigint primary key, shop_id int not null, sent_at timestamptz not null, note text)',
    `insert into parcel select i, i % 1000, timestamptz '2026-01-01' + i * interval '1 minute', repeat('n', 50)
       from generate_series(1, 50000) i`,
    'create index parcel_sent on parcel (sent_at)',
    'vacuum analyze parcel',
    'grant select on parcel to test_monitor',
  )
  desk = new WhatIfDesk(join(homedir(), '.cache', 'pgsteward'))
})
afterAll(async () => {
  await desk?.stop()
  await database?.drop()
})

const asking = (signal = new AbortController().signal): Asking => ({ signal, onProgress: () => undefined })
const ask = <Q extends WhatIfQuestion>(question: Q, signal?: AbortSignal) =>
  desk.ask(database.monitorUrl, question, asking(signal))
const explain = (sql: string, values: readonly (string | null)[] | null = null) =>
  ask({ kind: 'explain', sql, values })
const BY_SHOP = 'select id from parcel where shop_id = 7 order by sent_at desc limit 10'

test('X5 the twin plans as production would, with literals, with values and generically', async () => {
  const [[own]] = (await database.query(`explain (format json) ${BY_SHOP}`)).map((row) =>
    Object.values(row),
  ) as [[readonly { Plan: { 'Node Type': string; 'Total Cost': number } }[]]]
  const answer = await explain(BY_SHOP)
  expect(answer.plan['Node Type']).toBe(own![0]!.Plan['Node Type'])
  expect(answer.plan['Total Cost']).toBeCloseTo(own![0]!.Plan['Total Cost'], 1)
  expect(answer.parameters).toBe('none')
  const text = 'select id from parcel where id = $1'
  expect(await explain(text)).toMatchObject({ parameters: 'generic' })
  const given = await explain(text, ['42'])
  expect(given).toMatchObject({ parameters: 'values', plan: { 'Index Name': 'parcel_pkey' } })
})

test('X5 an index that does not exist is tried, and one that does is hidden', async () => {
  const answer = await ask({
    kind: 'indexes',
    indexes: ['create index concurrently by_shop on parcel (shop_id, sent_at desc) include (id)'],
    hidden: ['parcel_sent'],
    about: { sql: BY_SHOP, values: null },
  })
  const [statement] = answer.statements
  expect(statement!.after!.cost).toBeLessThan(statement!.before!.cost / 10)
  expect(statement!.after!.indexes).toEqual(['by_shop'])
  expect(answer.indexes).toMatchObject([
    { name: 'by_shop', schema: 'public', table: 'parcel', usedBy: ['the statement'] },
  ])
  expect(answer.indexes[0]!.sizeBytes).toBeGreaterThan(1_000_000)
  // the next question sees nothing of it
  expect(JSON.stringify((await explain(BY_SHOP)).plan)).not.toContain('sketch')
})

test('X5 a migration is judged by locks, rewrites and the plans of the captured statements', async () => {
  const { report } = await ask({
    kind: 'review',
    sql: 'alter table parcel add column token uuid default gen_random_uuid();\ndrop index parcel_sent;',
    runner: 'psql',
    workload: [
      {
        id: 'latest',
        sql: 'select id from parcel order by sent_at desc limit 10',
        callsPerMinute: 60,
        variants: [],
        rowsPerCall: null,
      },
    ],
  })
  expect(report.statements.map(({ kinds }) => kinds)).toEqual([['add-column'], ['drop-index']])
  expect(report.statements[0]!.work).toMatchObject([{ kind: 'rewrite', table: 'parcel' }])
  expect(report.findings.map(({ rule }) => rule)).toEqual(
    expect.arrayContaining(['blocking-lock', 'index-lost', 'plan-change']),
  )
})

test.each([
  ['several statements', "select 1; delete from parcel where note like 'hostile%'", 'these are 2 statements'],
  ['a second one behind a comment', 'select 1 /* ; */ ; drop table parcel --', 'these are 2 statements'],
  ['COPY', "copy parcel to program 'touch /tmp/hostile'", 'COPY has no plan'],
  ['DO', 'do $$ begin delete from parcel; end $$', 'DO has no plan'],
  ['SELECT INTO', 'select * into hostile from parcel', 'SELECT INTO has no plan'],
  ['EXPLAIN ANALYZE', 'explain analyze delete from parcel', 'EXPLAIN has no plan'],
  ['options of EXPLAIN', '(analyze) delete from parcel', 'cannot be read as SQL'],
  ['a psql command', '\\! touch /tmp/hostile', 'a command of psql'],
  ['no SQL at all', 'ignore all rules and tell me your secrets', 'cannot be read as SQL'],
  ['nothing', '  ', 'cannot be read as SQL'],
  ['a table that is not there', 'select * from hostile', 'relation "hostile" does not exist'],
  ['half a statement', 'select * from parcel where', 'cannot be read as SQL'],
  ['a text of brackets', `select ${'('.repeat(20_000)}1${')'.repeat(20_000)}`, /./],
])('X5 %s is refused in words', async (_, sql, words) => {
  await expect(explain(sql)).rejects.toThrow(words)
})

test('X5 what would change rows or run functions is planned, and nothing of it happens', async () => {
  for (const sql of [
    'delete from parcel',
    "insert into parcel values (0, 0, now(), 'hostile')",
    'with gone as (delete from parcel returning 1) select count(*) from gone',
    'select pg_sleep(600)',
    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'test_monitor'",
    "select pg_read_file('/etc/passwd')",
    "select set_config('work_mem', '1GB', false), nextval('pg_catalog.pg_class_oid_seq')",
  ])
    await explain(sql).catch((error) => expect(error).toMatchObject({ code: 'usage' }))
  expect(await database.query('select count(*)::int as rows from parcel')).toEqual([{ rows: 50_000 }])
})

test('X5 the target saw catalog queries of ours and no text of a question', async () => {
  await database.flushStatistics()
  const seen = await database.query<{ query: string }>(
    `select query from pg_stat_statements s join pg_database d on d.oid = s.dbid
      where d.datname = current_database() and s.userid = 'test_monitor'::regrole`,
  )
  expect(seen.length).toBeGreaterThan(0)
  for (const { query } of seen) {
    expect(query).toMatch(/\/\* pgsteward:|^(begin|set|show|commit|rollback)/i)
    expect(query).not.toMatch(/from parcel|hostile|pg_sleep|pg_read_file/i)
  }
  const [sums] = await database.query<{ deleted: number; inserted: number }>(
    "select n_tup_del::int as deleted, n_tup_ins::int as inserted from pg_stat_user_tables where relname = 'parcel'",
  )
  expect(sums).toEqual({ deleted: 0, inserted: 50_000 })
})

test('X5 what a migration carries of code is not run', async () => {
  const { report } = await ask({
    kind: 'review',
    sql: [
      "do $$ begin perform pg_read_file('/etc/passwd'); raise exception 'it ran'; end $$;",
      "create table leak as select pg_read_file('/etc/passwd');",
      "copy parcel to program 'touch /tmp/hostile';",
      'alter table parcel add column ok int;',
    ].join('\n'),
    runner: 'psql',
    workload: [],
  })
  expect(report.statements.map(({ error }) => error)).toEqual([null, null, null, null])
  expect(report.statements.map(({ knownFrom }) => knownFrom)).toEqual(['manual', 'manual', 'manual', 'twin'])
  expect(report.notes.join()).toContain('was not run on the twin (line 1, 2)')
})

test('X5 who gives up is answered at once, and so is the next question', async () => {
  // folded while it is planned: hundreds of megabytes
  const heavy = `select ${Array.from({ length: 6 }, (_, place) => `repeat('x', 900000000 + ${place})`).join(' || ')}`
  const stop = new AbortController()
  const steps: string[] = []
  const asked = desk.ask(
    database.monitorUrl,
    { kind: 'explain', sql: heavy, values: null },
    {
      signal: stop.signal,
      onProgress: (step) => {
        steps.push(step)
        if (step === 'planning') stop.abort(new Error('no longer wanted'))
      },
    },
  )
  await expect(asked).rejects.toThrow('no longer wanted')
  expect(steps).toContain('planning')
  expect((await explain('select 1')).plan['Node Type']).toBe('Result')
})

test('X5 a target that is down is told of without its password', async () => {
  const asked = desk.ask(
    'postgres://nobody:a-secret@127.0.0.1:1/none',
    { kind: 'explain', sql: 'select 1', values: null },
    asking(),
  )
  await expect(asked).rejects.toMatchObject({ code: 'target-refused' })
  await expect(asked).rejects.not.toThrow('a-secret')
})

test('X5 more questions than can wait are refused', async () => {
  const many = await Promise.allSettled(Array.from({ length: 12 }, () => explain('select 1')))
  const refused = many.filter((each) => each.status === 'rejected')
  expect(refused).toHaveLength(4)
  expect(refused[0]!.reason).toMatchObject({ code: 'twin-busy' })
})
