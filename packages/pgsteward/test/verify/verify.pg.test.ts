// verify through its command line, on a real server, as a role that has pg_monitor and may select.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EXIT } from '../../src/model/error.ts'
import type { VerifyReport } from '../../src/model/verify.ts'
import { run } from '../cli/run.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

let database: TestDatabase
let dir: string
const path = (name: string) => join(dir, name)

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'pgsteward-test-verify-'))
  database = await createDatabase()
  await database.run(
    'create schema "Shop"',
    `create table parcel (id integer primary key, tenant_id integer not null, state text not null, weight numeric,
                          note varchar(80), sent_at timestamptz not null)`,
    `insert into parcel select i, i % 200, case when i % 500 = 0 then 'LOST' else 'SENT' end, i % 90, 'note ' || i,
                               timestamptz '2026-01-01' + i * interval '1 minute' from generate_series(1, 60000) i`,
    'create index parcel_tenant_id_sent_at_idx on parcel (tenant_id, sent_at desc)',
    "create index lost_parcels on parcel (tenant_id) where state = any (array['LOST', 'GONE'])",
    'create index parcel_lower_idx on parcel (lower(note))',
    'create index parcel_weight_idx on parcel (weight desc)',
    'create index parcel_never_idx on parcel (note, weight)',
    'create index parcel_extra_idx on parcel (state)',
    'create table "Shop"."Order Nö" (id integer primary key, "Größe" integer)',
    'create index "Order Nö_Größe_idx" on "Shop"."Order Nö" ("Größe")',
    'create table event (at date not null, kind integer) partition by range (at)',
    "create table event_1 partition of event for values from ('2026-01-01') to ('2026-02-01')",
    "create table event_2 partition of event for values from ('2026-02-01') to ('2026-03-01')",
    'create index event_kind_idx on event (kind)',
    "insert into event select date '2026-01-01' + i % 59, i from generate_series(1, 20000) i",
    'grant usage on schema public, "Shop" to test_monitor',
    'grant select on all tables in schema public to test_monitor',
    'vacuum analyze',
  )
  // a build that failed
  await database
    .run('create unique index concurrently parcel_broken_idx on parcel (tenant_id)')
    .catch(() => undefined)
  await database.query('select * from parcel where tenant_id = 7 order by sent_at desc limit 5')
  await database.query('set enable_seqscan = off; select * from event where kind = 11; reset enable_seqscan')
  await database.query('select * from "Shop"."Order Nö" where "Größe" = 1')
  await database.flushStatistics()
  mkdirSync(path('migrations'))
  writeFileSync(
    path('migrations/1.sql'),
    `create table parcel (id integer primary key);
     create index on parcel (tenant_id, sent_at desc);
     create index parcel_lost_idx on parcel (tenant_id) where state in ('LOST', 'GONE');
     create index parcel_lower_idx on parcel (lower(note));
     create index parcel_gone_idx on parcel (sent_at);
     this is no sql;
     create index parcel_weight_idx on parcel (weight, tenant_id);
     create index parcel_never_idx on parcel (note, weight);
     create index parcel_broken_idx on parcel (tenant_id, state);
     create index "Order Nö_Größe_idx" on "Shop"."Order Nö" ("Größe");
     create index event_kind_idx on event (kind);
     create index nowhere_idx on nowhere (a);
     create index event_1_kind_idx on only event_1 (kind);`,
  )
  writeFileSync(
    path('migrations/2.sql'),
    'alter table parcel rename column sent_at to dispatched_at;\nalter table parcel rename column dispatched_at to sent_at;\ndrop index parcel_gone_idx;',
  )
})
afterAll(async () => {
  await database?.drop()
  rmSync(dir, { recursive: true, force: true })
})

async function verify(...args: readonly string[]): Promise<{ exitCode: number; report: VerifyReport }> {
  const { exitCode, out, note } = await run('verify', database.monitorUrl, ...args, '--json')
  expect(out, note).not.toBe('')
  return { exitCode, report: JSON.parse(out) }
}

describe('V1: declared indexes', () => {
  test('are found by name or as an equal one, and what is wrong is named, with exit code 1', async () => {
    const { exitCode, report } = await verify('--migrations', path('migrations'))
    expect(exitCode).toBe(EXIT.gate)
    expect(
      report.indexes.map(
        ({ name, status, because }) => `${name}: ${status}${because === null ? '' : `, ${because}`}`,
      ),
    ).toEqual([
      'parcel_pkey: ok',
      'parcel_tenant_id_sent_at_idx: ok',
      'parcel_lost_idx: unused, under the name lost_parcels; not scanned since the statistics began',
      'parcel_lower_idx: unused, not scanned since the statistics began',
      'parcel_weight_idx: different, its keys differ: declared (weight, tenant_id), found (weight desc)',
      'parcel_never_idx: unused, not scanned since the statistics began',
      'parcel_broken_idx: different, its keys differ: declared (tenant_id, state), found (tenant_id)',
      'Order Nö_Größe_idx: unused, not scanned since the statistics began',
      'event_kind_idx: ok',
      'nowhere_idx: missing, the table nowhere does not exist',
      'event_1_kind_idx: ok',
    ])
    expect(report.problems).toEqual([{ where: '1.sql:6', because: expect.stringContaining('syntax error') }])
    expect(report.undeclared.map(({ name }) => name)).toEqual(['Order Nö_pkey', 'parcel_extra_idx'])
    const event = report.indexes.find(({ name }) => name === 'event_kind_idx')?.found
    expect(event).toMatchObject({ partitions: 2, scans: 2 })
    expect(event?.lastScanAt).toEqual(expect.any(String))
    expect(event?.sizeBytes).toBeGreaterThan(100_000)
    expect(report.indexes[1]?.found).toMatchObject({ scans: 1, definition: '(tenant_id, sent_at desc)' })
  })

  test('that are invalid are the gate, with the words to mend them', async () => {
    writeFileSync(path('list.sql'), 'create unique index parcel_broken_idx on parcel (tenant_id);')
    const { exitCode, report } = await verify('--indexes', path('list.sql'))
    expect(exitCode).toBe(EXIT.gate)
    expect(report.indexes[0]).toMatchObject({
      status: 'invalid',
      because: 'its build failed: drop index concurrently public.parcel_broken_idx, then create it again',
    })
  })

  test('may be listed as JSON, and one entry that is not understood does not stop the rest', async () => {
    writeFileSync(
      path('list.json'),
      JSON.stringify([
        { table: 'parcel', columns: ['tenant_id', 'sent_at desc'] },
        { schema: 'Shop', table: 'Order Nö', columns: ['Größe'], name: 'Order Nö_Größe_idx' },
        { table: 'parcel', columns: ['tenant_id'], where: "state in ('GONE', 'LOST')" },
        { columns: ['x'] },
        'select 1',
      ]),
    )
    const { exitCode, report } = await verify('--indexes', path('list.json'))
    expect(exitCode).toBe(EXIT.clean)
    expect(report.indexes.map(({ status, found }) => [status, found?.name])).toEqual([
      ['ok', 'parcel_tenant_id_sent_at_idx'],
      ['unused', 'Order Nö_Größe_idx'],
      ['unused', 'lost_parcels'],
    ])
    expect(report.problems.map(({ where }) => where)).toEqual(['list.json entry 4', 'list.json entry 5'])
  })

  test('are those of the database where nothing is declared', async () => {
    const { exitCode, report } = await verify()
    expect(exitCode).toBe(EXIT.gate)
    expect(report.indexes.map(({ name, status }) => `${name} ${status}`)).toContain(
      'parcel_broken_idx invalid',
    )
    expect(report.indexes).toHaveLength(11)
    expect(report.undeclared).toEqual([])
    expect(report.notes[0]).toContain('Nothing was declared')
  })

  test('two places of declaration, none at all in a file, and a folder without migrations are refused', async () => {
    const both = await run('verify', database.url, '--migrations', dir, '--indexes', path('list.sql'))
    expect([both.exitCode, both.note]).toEqual([EXIT.usage, expect.stringContaining('more than one place')])
    writeFileSync(path('none.sql'), 'select 1')
    const none = await run('verify', database.url, '--indexes', path('none.sql'))
    expect([none.exitCode, none.note]).toEqual([EXIT.usage, expect.stringContaining('no index is declared')])
    mkdirSync(path('bare'))
    const bare = await run('verify', database.url, '--migrations', path('bare'))
    expect([bare.exitCode, bare.note]).toEqual([EXIT.usage, expect.stringContaining('holds no migration')])
    const lone = await run('verify', database.url, '--indexes', path('list.sql'), '--measure')
    expect([lone.exitCode, lone.note]).toEqual([EXIT.usage, expect.stringContaining('which queries')])
  })
})

describe('V1: key queries', () => {
  beforeAll(() => {
    writeFileSync(
      path('queries.json'),
      JSON.stringify([
        { id: 'latest', sql: 'select * from parcel where tenant_id = 7 order by sent_at desc limit 5' },
        {
          id: 'template',
          template: 'select * from parcel where tenant_id = $1 order by sent_at desc limit 5',
        },
        {
          id: 'values',
          template: 'select * from parcel where lower(note) = $1',
          variants: [["'note 77'"]],
        },
        { id: 'by kind', sql: 'select * from event where kind = 77' },
        { id: 'all', sql: 'select count(*) from parcel' },
        { id: 'writes', sql: 'delete from parcel where id = 3' },
        { id: 'locks', sql: 'select * from parcel where id = 3 for update' },
        {
          id: 'hidden write',
          sql: 'with gone as (delete from parcel returning 1) select count(*) from gone',
        },
        { id: 'broken', sql: 'selec 1' },
      ]),
    )
  })

  test('are planned by the target, and by a twin without the index', async () => {
    const { report } = await verify('--migrations', path('migrations'), '--queries', path('queries.json'))
    const of = (id: string) => report.queries.find((query) => query.id === id)!
    expect(of('latest').uses).toEqual(['public.parcel_tenant_id_sent_at_idx'])
    expect(of('template').uses).toEqual(['public.parcel_tenant_id_sent_at_idx'])
    expect(of('latest').plan?.steps).toEqual(['Index Scan using parcel_tenant_id_sent_at_idx on parcel'])
    expect(of('latest').without!.cost).toBeGreaterThan(10 * of('latest').plan!.cost)
    expect(of('latest').without!.steps.join()).not.toContain('parcel_tenant_id_sent_at_idx')
    expect(of('values').uses).toEqual(['public.parcel_lower_idx'])
    expect(of('by kind').uses).toEqual(['public.event_kind_idx', 'public.event_1_kind_idx'])
    expect(of('by kind').without!.steps).toEqual(['Seq Scan on event_1', 'Seq Scan on event_2'])
    expect(of('all')).toMatchObject({ uses: [], without: null })
    expect(of('broken')).toMatchObject({ plan: null, error: expect.stringContaining('syntax error') })
    expect(report.indexes[1]?.usedBy).toEqual(['latest', 'template'])
    expect(
      report.queries.every(({ measured, notMeasured }) => measured === null && notMeasured === null),
    ).toBe(true)
  })

  test('are measured when asked, with and without, and nothing that is no plain SELECT is run', async () => {
    const rows = async () => (await database.query('select count(*) from parcel'))[0]
    const before = await rows()
    const { report } = await verify(
      '--migrations',
      path('migrations'),
      '--queries',
      path('queries.json'),
      '--measure',
      '--runs',
      '6',
    )
    const of = (id: string) => report.queries.find((query) => query.id === id)!
    for (const id of ['values', 'by kind']) {
      const { measured } = of(id)
      expect(measured, id).toMatchObject({ withoutBy: 'as planned', with: { runs: 6 }, without: { runs: 6 } })
      // thousands of blocks against a few: what the verdict on times is, is the machine's matter
      expect(measured!.without!.blocks).toBeGreaterThan(10 * measured!.with.blocks)
      expect(['faster', 'inconclusive']).toContain(measured!.verdict)
    }
    expect(of('all').measured).toMatchObject({ without: null, verdict: 'inconclusive' })
    expect(of('template').notMeasured).toContain('parameters without values')
    expect(of('writes').notMeasured).toContain('only SELECT')
    expect(of('locks').notMeasured).toContain('locks rows')
    expect(of('hidden write').notMeasured).toContain('writes')
    expect(of('broken').notMeasured).toContain('syntax error')
    expect(await rows()).toEqual(before)
  })

  test('that take longer than the limit are cut off', async () => {
    writeFileSync(path('slow.sql'), 'select count(*) from generate_series(1, 100000000)')
    const { report } = await verify(
      '--migrations',
      path('migrations'),
      '--queries',
      path('slow.sql'),
      '--measure',
      '--runs',
      '1',
      '--timeout',
      '50ms',
    )
    expect(report.queries[0]?.measured?.with.hasTimedOut).toBe(true)
  })
})

test('the report reads as text and as Markdown', async () => {
  const text = await run(
    'verify',
    database.monitorUrl,
    '--migrations',
    path('migrations'),
    '--queries',
    path('queries.json'),
  )
  expect(text.out).toMatch(
    /^11 declared indexes: 1 missing, 2 different, \d not scanned in the .+ that statistics cover\.$/m,
  )
  expect(text.out).toMatch(/^missing {3}nowhere_idx/m)
  const markdown = await run('verify', database.monitorUrl, '--migrations', path('migrations'), '--markdown')
  expect(markdown.out).toContain('| missing | `nowhere_idx` | `nowhere` | `(a)` |')
})
