// Partitions kept up by the desk (A6, M1): made ahead and detached when they are old, by the routine of the configuration, and what runs out
// proposed from its finding.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { maintenanceSchema } from '../../src/app/maintenance/maintenance-config.ts'
import { MaintenanceDesk } from '../../src/app/maintenance/maintenance-desk.ts'
import type { MaintainedTarget } from '../../src/app/maintenance/proposals.ts'
import { rowsOf } from '../../src/app/reading.ts'
import { partitionsRunningOut } from '../../src/checks/partition/partitions-running-out.ts'
import { Collector } from '../../src/collect/collector.ts'
import { indexes } from '../../src/facts/indexes.ts'
import { rangePartitions } from '../../src/facts/range-partitions.ts'
import { tables } from '../../src/facts/tables.ts'
import type { Snapshot } from '../../src/model/fact.ts'
import { findingKey } from '../../src/model/finding.ts'
import { maintenanceRun } from '../../src/model/maintenance-at-once.ts'
import { openSession } from '../../src/postgres/connect.ts'
import { openStore } from '../../src/store/open-store.ts'
import type { Store } from '../../src/store/store.ts'
import { run } from '../cli/run.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { findingsOf } from '../postgres/story.ts'

const DAY_MS = 86_400_000
let database: TestDatabase
let history: TestDatabase
let store: Store

/** Months around this one. */
const MONTHS = (table: string, first: number, last: number) => `
  do $$ declare start timestamptz; begin for i in ${first}..${last} loop
    start := (date_trunc('month', now() at time zone 'UTC') + i * interval '1 month') at time zone 'UTC';
    execute format('create table %I partition of ${table} for values from (%L) to (%L)',
                   '${table}_' || i + 50, start, (start at time zone 'UTC' + interval '1 month') at time zone 'UTC');
  end loop; end $$`

beforeAll(async () => {
  database = await createDatabase()
  history = await createDatabase()
  store = await openStore({ url: history.url })
  await database.run(
    'create table visit (id bigint, at timestamptz not null) partition by range (at)',
    MONTHS('visit', -15, 0),
    'create table letter (id bigint, at timestamptz not null) partition by range (at)',
    MONTHS('letter', -15, 0),
    'create table letter_rest partition of letter default',
    "insert into visit select i, now() - interval '14 months' from generate_series(1, 10) i",
  )
})
afterAll(async () => {
  await store?.close()
  for (const each of [database, history]) await each?.drop()
})

async function read(): Promise<Snapshot> {
  const collector = new Collector({
    target: { id: 'depot', url: database.monitorUrl, labels: {} },
    facts: [tables, indexes, rangePartitions],
    open: ({ url }) => openSession(url),
    intervalMs: 600_000,
    everyMs: 0,
  })
  return collector.collect(new Date()).finally(() => collector.close())
}

async function round(id: string, config: object, laterMs = 0) {
  const snapshot = await read()
  const target: MaintainedTarget = {
    id,
    maintenanceUrl: database.url,
    labels: {},
    tables: () => rowsOf(snapshot, tables),
    indexes: () => rowsOf(snapshot, indexes),
    partitions: () => rowsOf(snapshot, rangePartitions),
    isOurs: () => true,
    onChanged: () => undefined,
  }
  const desk = new MaintenanceDesk({
    store,
    targets: [target],
    config: maintenanceSchema.parse({
      windows: [{ from: '00:00', to: '00:00' }],
      giveWay: { activeSessions: 500 },
      analyze: false,
      vacuum: false,
      ...config,
    }),
    now: () => new Date(Date.now() + laterMs),
    everyMs: DAY_MS,
    onFailure: (_, error) => {
      throw error
    },
  })
  const planned = await desk.planned(id)
  await desk.round(target)
  return { desk, planned, jobs: await store.jobs({ targetId: id }) }
}

const partitionsOf = async (table: string) =>
  (
    await database.query<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = '${table}'::regclass order by inhrelid`,
    )
  ).map(({ name }) => name)

test('what runs out is proposed from its finding, for a person, once a day; without being asked nothing is made', async () => {
  const [finding] = (
    await findingsOf(partitionsRunningOut, database, { options: { warnShare: 1, warnWithin: '60d' } })
  ).filter(({ subject }) => 'name' in subject && subject.name === 'visit')
  const key = findingKey('partitions-running-out', finding!.subject)
  const opened = {
    ...finding!,
    key,
    checkId: 'partitions-running-out',
    area: 'partition' as const,
    targetId: 'asked',
    state: 'open' as const,
    firstSeenAt: new Date(),
    lastSeenAt: new Date(),
    openedAt: new Date(),
    quietSince: null,
    openings: [new Date()],
    resolvedAt: null,
    mutedUntil: null,
    muteReason: null,
  }
  await store.saveChanges([{ transition: 'opened', finding: opened }], new Date())
  const { desk, planned, jobs } = await round('asked', {})
  expect(planned).toMatchObject([{ draft: { origin: { kind: 'finding', key } }, isDecidedByRule: false }])
  expect(jobs).toMatchObject([{ origin: { key }, state: 'proposed' }])
  expect(jobs[0]!.steps.map(({ kind }) => kind)).toEqual(Array(3).fill('create-partition'))
  await desk.decide(jobs[0]!.id, 'reject', 'ada', 'the table goes away')
  expect((await round('asked', {})).jobs).toHaveLength(1)
  expect((await round('asked', {}, DAY_MS + 1_000)).jobs).toHaveLength(2)
  expect(await partitionsOf('visit')).toHaveLength(16)
})

test('by configuration they are made ahead every day, and of tables with a retention older ones are detached', async () => {
  const config = {
    partitions: { ahead: 2, keepMonths: { 'public.visit': 12, 'public.letter': 13, 'public.nowhere': 1 } },
    approval: [{ kinds: ['create-partition', 'detach-partition'], by: 'rule' }],
  }
  const { jobs } = await round('upkept', config)
  expect(jobs.map(({ origin, state, last }) => [origin.key, state, last?.because]).toSorted()).toMatchObject([
    ['create-partition public.letter', 'done', expect.any(String)],
    ['create-partition public.visit', 'done', expect.any(String)],
    ['detach-partition public.letter', 'done', expect.any(String)],
    ['detach-partition public.visit', 'done', expect.any(String)],
  ])
  const detached = jobs.find(({ origin }) => origin.key === 'detach-partition public.visit')!
  expect(detached.steps.map(({ sql }) => sql)).toEqual([
    'alter table public.visit detach partition public.visit_35 concurrently',
    'alter table public.visit detach partition public.visit_36 concurrently',
    'alter table public.visit detach partition public.visit_37 concurrently',
  ])
  // beside a default partition PostgreSQL has no way but the short one
  expect(jobs.find(({ origin }) => origin.key === 'detach-partition public.letter')!.steps).toMatchObject([
    { sql: 'alter table public.letter detach partition public.letter_35' },
    { sql: 'alter table public.letter detach partition public.letter_36' },
  ])
  expect(await partitionsOf('visit')).toHaveLength(16 - 3 + 2)
  expect(await partitionsOf('letter')).toHaveLength(17 - 2 + 2)
  // detached, never dropped
  expect(await database.query('select count(*)::int as rows from visit_36')).toEqual([{ rows: 10 }])
  // nothing is missing any more
  expect((await round('upkept', config, DAY_MS)).jobs).toHaveLength(4)
})

test('at once, without a store: what the configuration asks for and lets be done', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-upkeep-'))
  const file = join(dir, 'pgsteward.config.mjs')
  writeFileSync(
    file,
    `export default { maintenance: { vacuum: false, analyze: false, giveWay: { activeSessions: 500 }, partitions: { ahead: 4 }, approval: [{ kinds: ['create-partition'], by: 'rule' }] } }`,
  )
  try {
    const planned = await run('maintain', 'plan', database.url, '--config', file)
    expect(planned.out).toMatch(
      /would run {2}Routine: partitions of public\.visit: fewer than 4 lie ahead\.\n {4}create table .*;\n {4}alter table public\.visit attach partition /,
    )
    const before = (await partitionsOf('visit')).length
    const ran = await run('maintain', 'run', database.url, '--config', file, '--journal', dir, '--json')
    expect(
      maintenanceRun.parse(JSON.parse(ran.out)).runs.map(({ origin, steps }) => [origin.key, steps.length]),
    ).toEqual([
      ['create-partition public.letter', 2],
      ['create-partition public.visit', 2],
    ])
    expect(await partitionsOf('visit')).toHaveLength(before + 2)
  } finally {
    rmSync(dir, { recursive: true })
  }
})

test('the retention is taken back with its rows', async () => {
  const [job] = (await store.jobs({ targetId: 'upkept' })).filter(
    ({ origin }) => origin.key === 'detach-partition public.visit',
  )
  const { desk } = await round('upkept', {})
  const { id } = await desk.undo(job!.id, 'ada', 'the audit asks for them')
  await round('upkept', {})
  expect(await store.job(id)).toMatchObject({ state: 'done' })
  expect(await partitionsOf('visit')).toEqual(expect.arrayContaining(['visit_35', 'visit_36', 'visit_37']))
  expect(await database.query('select count(*)::int as rows from visit')).toEqual([{ rows: 10 }])
})

test("pg_partman's tables are left to it", async () => {
  await database.run(
    'create schema partman',
    'create table partman.part_config (parent_table text primary key, partition_interval text)',
    "insert into partman.part_config values ('public.visit')",
    'grant usage on schema partman to test_monitor',
    'grant select on partman.part_config to test_monitor',
  )
  const { jobs } = await round('partman', { partitions: { ahead: 6, keepMonths: { 'public.visit': 2 } } })
  expect(jobs.map(({ origin }) => origin.key)).toEqual(['create-partition public.letter'])
})

test('a DROP INDEX that was interrupted, and whose job was rejected then, is finished by the next round (M2)', async () => {
  await database.run('create table parcel (id int, day int)', 'create index by_day on parcel (day)')
  const old = await database.connect()
  await old.query('begin; select * from parcel')
  const draft = {
    origin: { kind: 'finding' as const, key: 'unused-index:made-up' },
    because: 'Nobody uses it.',
    steps: [
      {
        kind: 'drop-index' as const,
        sql: 'drop index concurrently public.by_day',
        relation: { schema: 'public', name: 'by_day' },
        table: null,
      },
    ],
    undo: null,
    lock: 'share update exclusive' as const,
    caution: '',
  }
  const id = (await store.proposeJob('dropping', draft, new Date()))!
  await store.decideJob(id, { at: new Date(), actor: 'ada', action: 'approve', reason: 'unused' })
  const { desk } = await round('dropping', { waitFor: '300ms' })
  expect(await store.job(id)).toMatchObject({ state: 'approved', last: { outcome: 'gave-way' } })
  await desk.decide(id, 'reject', 'ada', 'it waits for too long')
  await old.query('rollback')
  const valid = () =>
    database.query("select indisvalid from pg_index where indexrelid = to_regclass('by_day')")
  expect(await valid()).toEqual([{ indisvalid: false }])
  const { jobs } = await round('dropping', {})
  expect(jobs).toMatchObject([
    { origin: { key: `finish job ${id}` }, state: 'done', decidedBy: 'rule' },
    { id, state: 'rejected' },
  ])
  expect(await valid()).toEqual([])
  expect((await round('dropping', {})).jobs).toHaveLength(2)
  await old.end()
})
