// verify-indices.sql on the oldest and the newest PostgreSQL, by a role that has pg_monitor alone: each of its ten queries runs, and
// finds what was planted for it.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { LocalServer } from '../../src/postgres/local-server.ts'
import { splitScript } from '../../src/sql/parse/split-script.ts'
import { run } from '../cli/run.ts'
import { createDatabase, startTestServer, type TestDatabase } from '../postgres/database.ts'

const script = readFileSync(resolve(import.meta.dirname, '../../sql/verify-indices.sql'), 'utf8')

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-test-verify-sql-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const DECLARED = [
  { table: 'parcel', name: 'parcel_tenant_id_sent_at_idx', keys: ['tenant_id', 'sent_at'] },
  { table: 'parcel', name: 'parcel_by_state', keys: ['state'] },
  { table: 'parcel', name: 'parcel_gone_idx', keys: ['sent_at'] },
  { table: 'parcel', name: 'parcel_broken_idx', keys: ['tenant_id'], unique: true },
  { table: 'parcel', name: 'parcel_weight_idx', keys: ['weight', 'id'] },
  { table: 'parcel', name: 'parcel_lower_idx' },
  { table: 'visit', name: 'visit_time_idx', keys: ['time', '"Größe"'] },
]

test('the script is ten queries behind the list of declared indexes', () => {
  expect(splitScript(script)).toHaveLength(11)
  expect(script.match(/^-- \d+\. /gm)).toHaveLength(10)
})

test('verify --print-sql fills in what the project declares', async () => {
  const example = resolve(import.meta.dirname, '../../../../examples/messaging')
  const { out } = await run('verify', '--print-sql', '--prisma', example)
  const [list, ...queries] = splitScript(out)
  expect(queries).toHaveLength(10)
  const declared = JSON.parse(/\$declared\$([\s\S]*)\$declared\$/.exec(list!.sql)![1]!)
  expect(declared).toContainEqual({
    table: 'conversation',
    name: 'conversation_church_id_last_message_at_id_idx',
    keys: ['church_id', 'last_message_at', 'id'],
  })
})

/** Before 15 a process of its own collects what sessions tell it, a little later. */
async function untilCounted(database: TestDatabase): Promise<void> {
  const deadline = Date.now() + 30_000
  const counted = `select from pg_stat_user_indexes where indexrelname = 'parcel_tenant_id_sent_at_idx' and idx_scan > 0`
  while ((await database.query(counted)).length === 0) {
    if (Date.now() > deadline) throw new Error('the scan was not counted within 30 s')
    await new Promise((done) => setTimeout(done, 50))
  }
}

describe.each([14, 18] as const)('on PostgreSQL %d', (major) => {
  let server: LocalServer | null = null
  let database: TestDatabase
  const answers: Record<string, unknown>[][] = []

  beforeAll(async () => {
    const settings = { shared_preload_libraries: 'pg_stat_statements' }
    if (major === 14) server = await startTestServer(14, settings)
    database = await createDatabase(server === null ? inject('serverUrl') : server.url())
    await database.run(
      'create extension if not exists pg_stat_statements',
      'create table tenant (id integer primary key)',
      'insert into tenant select generate_series(1, 200)',
      `create table parcel (id integer primary key, tenant_id integer not null, state text not null, weight integer,
                            note text, sent_at timestamptz not null, carrier_id integer references tenant)`,
      `insert into parcel select i, 1 + i % 200, 'SENT', i % 90, 'note ' || i, now(), 1 from generate_series(1, 60000) i`,
      'create index parcel_tenant_id_sent_at_idx on parcel (tenant_id, sent_at desc)',
      'create index state_of_parcel on parcel (state)',
      'create index parcel_weight_idx on parcel (weight)',
      'create index parcel_weight_again_idx on parcel (weight)',
      'create index parcel_lower_idx on parcel (lower(note))',
      'create table visit (id integer primary key, time timestamptz, "Größe" integer)',
      'create index visit_time_idx on visit (time, "Größe")',
      'create index parcel_swollen_idx on parcel (note)',
      "update parcel set note = note || '!' where id % 2 = 0",
      "update parcel set note = note || '?'",
      'grant select on all tables in schema public to test_monitor',
      'vacuum analyze',
      'select count(*) from parcel',
      'set enable_seqscan = off',
      'select * from parcel where tenant_id = 7 order by sent_at desc limit 5',
      'reset enable_seqscan',
    )
    await database
      .run('create unique index concurrently parcel_broken_idx on parcel (tenant_id)')
      .catch(() => undefined)
    await database.flushStatistics()
    await untilCounted(database)
    const filled = script.replace('$declared$\n[]\n', `$declared$\n${JSON.stringify(DECLARED)}\n`)
    const client = new pg.Client({ connectionString: database.monitorUrl })
    await client.connect()
    try {
      await client.query('set default_transaction_read_only = on')
      for (const { sql } of splitScript(filled)) answers.push((await client.query(sql)).rows)
    } finally {
      await client.end()
    }
  })
  afterAll(async () => {
    await database?.drop()
    await server?.stop()
  })

  const rows = (question: number) => answers[question] ?? []
  const names = (question: number) => rows(question).map(({ name }) => name)

  test('1: declared indexes that are missing, invalid, different or under another name', () => {
    expect(answers[0]).toEqual([{ declared_indexes: 7 }])
    expect(rows(1).map(({ name, status }) => `${name}: ${status}`)).toEqual([
      'parcel_gone_idx: missing',
      'parcel_broken_idx: invalid',
      'parcel_by_state: ok, under the name state_of_parcel',
      'parcel_lower_idx: ok',
      'parcel_tenant_id_sent_at_idx: ok',
      'parcel_weight_idx: different: ["weight"]',
      'visit_time_idx: ok',
    ])
  })

  test('2: use and size of the declared', () => {
    const used = rows(2).find(({ name }) => name === 'parcel_tenant_id_sent_at_idx')
    expect(used).toMatchObject({ scans: '1', size: expect.stringMatching(/kB|MB/) })
    expect(used?.stats_since).toBeInstanceOf(Date)
    expect(typeof used?.last_scan).toBe(major === 14 ? 'object' : 'string')
  })

  test('3 to 6: invalid, duplicate and unused ones, and foreign keys without', () => {
    expect(rows(3)).toMatchObject([{ name: 'parcel_broken_idx', is_being_built: false }])
    expect(rows(4).map((row) => row.names)).toEqual(['parcel_weight_again_idx, parcel_weight_idx'])
    expect(names(5)).toContain('parcel_swollen_idx')
    expect(names(5)).not.toContain('parcel_tenant_id_sent_at_idx')
    expect(names(5)).not.toContain('parcel_pkey')
    expect(rows(6)).toMatchObject([
      {
        table: 'parcel',
        parent: 'tenant',
        remedy: 'create index concurrently on public.parcel (carrier_id)',
      },
    ])
  })

  test('7 and 8: tables read from end to end, and what the cache holds', () => {
    expect(rows(7)).toMatchObject([{ table: 'parcel' }])
    expect(Number(rows(7)[0]?.rows_per_scan)).toBeGreaterThan(10_000)
    expect(names(8)).toContain('parcel_tenant_id_sent_at_idx')
    expect(Number(rows(8)[0]?.hit_ratio)).toBeLessThanOrEqual(1)
  })

  test('9: the index that has swollen', () => {
    const swollen = rows(9).find(({ name }) => name === 'parcel_swollen_idx')
    expect(Number(swollen?.bloat_ratio)).toBeGreaterThan(0.3)
    expect(swollen?.remedy).toBe('reindex index concurrently public.parcel_swollen_idx')
  })

  test('verify says the same of the declared', async () => {
    const list = join(dir, `${major}.json`)
    writeFileSync(list, JSON.stringify(DECLARED.filter(({ keys }) => keys !== undefined)))
    const { out, note } = await run('verify', database.monitorUrl, '--indexes', list, '--json')
    expect(out, note).not.toBe('')
    const { indexes } = JSON.parse(out) as { indexes: { name: string; status: string }[] }
    expect(indexes.map(({ name, status }) => `${name}: ${status === 'unused' ? 'ok' : status}`)).toEqual([
      'parcel_tenant_id_sent_at_idx: different',
      'parcel_by_state: ok',
      'parcel_gone_idx: missing',
      'parcel_broken_idx: invalid',
      'parcel_weight_idx: different',
      'visit_time_idx: ok',
    ])
  })

  test('10: the statements that take most', () => {
    expect(rows(10).length).toBeGreaterThan(0)
    expect(
      rows(10)
        .map(({ statement }) => statement)
        .join(),
    ).toContain('insert into parcel')
  })
})
