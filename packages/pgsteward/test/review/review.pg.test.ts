// review through the command line: by the manual alone, and at a target's sizes on twins (A10).

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EXIT } from '../../src/model/error.ts'
import type { ReviewReport } from '../../src/model/review.ts'
import { run } from '../cli/run.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

let dir: string
let database: TestDatabase

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'pgsteward-test-review-'))
  database = await createDatabase()
  await database.run(
    'create schema "Depot Ö"',
    'create table "Depot Ö"."Parcel" (id bigint primary key, state varchar(20) not null, weight integer not null, label text, note text)',
    `insert into "Depot Ö"."Parcel" select i, 'waiting', i % 9973, 'parcel ' || i, repeat('x', 60) from generate_series(1, 60000) i`,
    'create index parcel_weight on "Depot Ö"."Parcel" (weight)',
    'create table event (id bigint, at date not null, kind text) partition by range (at)',
    ...[1, 2, 3].map(
      (m) =>
        `create table event_${m} partition of event for values from ('2026-0${m}-01') to ('2026-0${m + 1}-01')`,
    ),
    `insert into event select i, date '2026-01-01' + i % 80, 'k' || i % 7 from generate_series(1, 30000) i`,
    'create table tiny (id integer primary key, name text)',
    'insert into tiny values (1)',
    'vacuum analyze',
  )
}, 60_000)
afterAll(async () => {
  await database?.drop()
  rmSync(dir, { recursive: true, force: true })
})

function migration(name: string, sql: string): string {
  mkdirSync(join(dir, name), { recursive: true })
  writeFileSync(join(dir, name, 'migration.sql'), sql)
  return join(dir, name, 'migration.sql')
}

async function review(...args: readonly string[]) {
  const { exitCode, out, note } = await run('review', ...args, '--json')
  if (out === '') throw new Error(note)
  return { exitCode, report: JSON.parse(out) as ReviewReport }
}

function rules({ findings }: ReviewReport): readonly string[] {
  return findings.map(({ rule, severity, line }) => `${severity} ${rule}${line === null ? '' : ` ${line}`}`)
}

describe('without a database', () => {
  test('locks are told, and that sizes are not known', async () => {
    const file = migration(
      'rules',
      'alter table a add column b int;\ncreate index i on a (b);\nselec 1;\ndrop table c;',
    )
    const { exitCode, report } = await review(file)
    expect(exitCode).toBe(EXIT.clean)
    expect(report).toMatchObject({ target: null, plans: null, runner: 'prisma' })
    expect(rules(report)).toEqual([
      'warning blocking-lock 2',
      'warning unreadable 3',
      'warning data-loss 4',
      'warning no-lock-timeout 1',
    ])
    expect(report.findings[0]!.safer).toEqual(['create index concurrently i on a (b)'])
    expect(report.statements[0]).toMatchObject({
      kinds: ['add-column'],
      locks: [{ name: 'a', mode: 'access exclusive', blocks: 'reads and writes' }],
      takes: null,
      transaction: 'shared',
    })
    expect((await review(file, '--fail-on', 'warning')).exitCode).toBe(EXIT.gate)
  })

  test('what can’t run in a transaction is named where the runner makes one', async () => {
    const two = 'create index concurrently i on a (b);\ncreate index concurrently j on a (c);'
    expect(rules((await review(migration('two', two))).report)).toEqual([
      'critical not-in-a-transaction 1',
      'critical not-in-a-transaction 2',
    ])
    expect(rules((await review(migration('two', two), '--runner', 'psql')).report)).toEqual([])
    expect(rules((await review(migration('one', two.split('\n')[0]!))).report)).toEqual([])
    const mood = "alter type mood add value 'calm';\nupdate a set mood = 'calm' where id = 1;"
    expect(rules((await review(migration('mood', mood))).report)).toContain('critical new-enum-value-used 2')
  })

  test('bad input is named', async () => {
    const refused = async (...args: readonly string[]) => {
      const { exitCode, note } = await run('review', ...args)
      expect(exitCode).toBe(EXIT.usage)
      return note
    }
    expect(await refused()).toContain('which migration?')
    expect(await refused(join(dir, 'nowhere.sql'))).toContain('no migration can be read')
    mkdirSync(join(dir, 'empty'), { recursive: true })
    expect(await refused(join(dir, 'empty'))).toContain('no .sql file')
    expect(await refused(migration('a', ''), 'statistics.json')).toContain('is no PostgreSQL URL')
    expect(await refused(migration('a', ''), '--stats', join(dir, 'nowhere.json'))).toContain(
      'statistics file',
    )
  })
})

test('at a target’s sizes: durations, refusals, rewrites and plans, and only catalogs are read (A10)', async () => {
  const sql = `alter table "Depot Ö"."Parcel" alter column state type varchar(40);
alter table "Depot Ö"."Parcel" alter column weight type bigint;
alter table "Depot Ö"."Parcel" rename to "Package";
alter table "Depot Ö"."Package" rename column label to title;
alter table event add column source text not null default 'app';
alter table tiny add column must integer not null;
do $$ begin alter table tiny set unlogged; exception when duplicate_object then null; end $$;
alter table nowhere add column x int;
grant select on tiny to somebody_else;
update event set kind = 'k1' where kind = 'k2';
drop index "Depot Ö".parcel_weight;
create index package_title on "Depot Ö"."Package" (title);
`
  const workload = join(dir, 'workload.json')
  writeFileSync(
    workload,
    JSON.stringify([
      {
        id: 'by weight',
        template: 'select id from "Depot Ö"."Parcel" where weight = $1',
        callsPerMinute: 10,
      },
      {
        id: 'by title',
        sql: 'select id from "Depot Ö"."Package" where title = \'parcel 7\'',
        callsPerMinute: 10,
      },
      { id: 'heavy ones', sql: 'select id from "Depot Ö"."Package" where weight = 7', callsPerMinute: 10 },
      { id: 'events', sql: "select count(*) from event where at = '2026-02-03'", callsPerMinute: 10 },
    ]),
  )
  const before = await touched()
  const { exitCode, report } = await review(
    migration('all', sql),
    database.url,
    '--workload',
    workload,
    '--runner',
    'psql',
  )
  expect(await touched()).toEqual(before)
  expect(exitCode).toBe(EXIT.gate)
  const at = (line: number) => report.statements.find((each) => each.line === line)!
  // a longer varchar is no work, another integer a rewrite with its index
  expect(at(1)).toMatchObject({ knownFrom: 'twin', work: [] })
  expect(at(2).work).toMatchObject([{ kind: 'rewrite', table: 'Parcel', rows: 60_000 }])
  expect(at(2).takes!.highMs).toBeGreaterThan(at(2).takes!.lowMs)
  expect(at(5)).toMatchObject({ work: [], takes: { lowMs: 0, highMs: 0 } })
  expect(
    at(5)
      .locks.map(({ name }) => name)
      .toSorted(),
  ).toEqual(['event', 'event_1', 'event_2', 'event_3'])
  // what a block does is seen as well
  expect(at(7)).toMatchObject({ kinds: ['do'], work: [{ kind: 'rewrite', table: 'tiny' }] })
  expect(at(8).error).toBe('relation "nowhere" does not exist')
  expect(at(9).error).toBeNull()
  expect(at(10).work[0]!.rows).toBeLessThan(10_000)
  expect(rules(report)).toEqual(
    expect.arrayContaining([
      'critical fails-on-rows 6',
      'critical statement-refused 8',
      'critical query-fails',
      'warning breaks-running-code 3',
    ]),
  )

  const plan = (id: string) => report.plans!.find((each) => each.id === id)!
  expect(plan('by weight').errorAfter).toContain('"Depot Ö.Parcel" does not exist')
  // statistics went along with the new names, and the new index has a size
  expect(plan('by title')).toMatchObject({ before: null, after: { indexes: ['package_title'], rows: 1 } })
  expect(plan('heavy ones').after!.sequentialScans).toMatchObject([
    { schema: 'Depot Ö', table: 'Package', rows: 60_000 },
  ])
  expect(plan('events').after!.cost).toBe(plan('events').before!.cost)
  expect(report.findings.find(({ rule }) => rule === 'statistics-lost')).toMatchObject({
    subject: 'Depot Ö.Package.state, Depot Ö.Package.weight',
  })
})

async function touched() {
  await database.flushStatistics()
  const [row] = await database.query(
    `select sum(seq_scan) as scans, sum(seq_tup_read) as rows, sum(coalesce(idx_scan, 0)) as index_scans,
            sum(n_tup_ins + n_tup_upd + n_tup_del) as writes
       from pg_stat_user_tables`,
  )
  return row
}
