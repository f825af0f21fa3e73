import { afterAll, beforeAll, expect, test } from 'vitest'
import { partitionsRunningOut } from '../../src/checks/partition/partitions-running-out.ts'
import { allowedSteps } from '../../src/maintain/allowed-step.ts'
import { createDatabase, startTestServer, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf, undoRemedy } from '../postgres/story.ts'

const DAY_MS = 86_400_000
let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

const findings = (laterMs = 0, on = database) => findingsOf(partitionsRunningOut, on, { laterMs })

test('near misses are quiet: months ahead, a range without an end, lists, keys of two columns, a table that is not divided', async () => {
  await database.run(
    'create table event (at timestamptz not null, note text) partition by range (at)',
    `do $$ begin for i in -1..3 loop execute format('create table %I partition of event for values from (%L) to (%L)', 'event_' || i + 1,
       date_trunc('month', now() at time zone 'UTC') + i * interval '1 month', date_trunc('month', now() at time zone 'UTC') + (i + 1) * interval '1 month'); end loop; end $$`,
    'create table visit (at date) partition by range (at)',
    `create table visit_all partition of visit for values from ('2020-01-01') to (maxvalue)`,
    'create table tenant (name text) partition by list (name)',
    `create table tenant_a partition of tenant for values in ('a')`,
    'create table pair (at date, id int) partition by range (at, id)',
    `create table pair_old partition of pair for values from ('2020-01-01', 0) to ('2020-02-01', 0)`,
    'create table plain (at timestamptz)',
    // what is pgsteward's own: its store, and a copy that is not swapped in yet
    'create schema pgsteward',
    'create table letter_pgsteward_state (id int)',
    ...['pgsteward.series', 'letter_partitioned'].flatMap((own) => [
      `create table ${own} (at timestamptz) partition by range (at)`,
      `do $$ begin execute format('create table ${own}_1 partition of ${own} for values from (%L) to (%L)', now() - interval '1 hour', now() + interval '1 hour'); end $$`,
    ]),
  )
  expect(await findings()).toEqual([])
})

test('partitions that end are found, made by the remedy, taken back, and found again (A6)', async () => {
  await database.run(...reproductionOf('partitions-running-out'))
  const [finding, ...others] = await findings()
  expect(others).toEqual([])
  expect(finding).toMatchObject({
    subject: { kind: 'table', name: 'Parcel Nö' },
    severity: 'critical',
    remedy: { lock: 'share update exclusive' },
  })
  expect(finding!.remedy!.sql).toHaveLength(3)
  // maintenance runs both as they stand
  expect(await allowedSteps(finding!.remedy!.sql)).toMatchObject({
    steps: [{ kind: 'create-partition' }, { kind: 'create-partition' }, { kind: 'create-partition' }],
  })
  expect(await allowedSteps(finding!.remedy!.undo!)).toHaveProperty('steps')
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
  // a row of the day after tomorrow has its place
  await database.run(
    `insert into "Parcel Nö" (sent_at) values (now() + interval '2 days')`,
    'delete from "Parcel Nö" where sent_at > now() + interval \'1 day\'',
  )
  await undoRemedy(finding!, database)
  expect(await findings()).toMatchObject([{ severity: 'critical' }])
  // what was detached is attached again
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
})

test('beside a default partition it is a warning; its rows are told, and their range is left out', async () => {
  await database.run(
    'create table scan (id bigint, at date not null) partition by range (at)',
    `create table scan_1 partition of scan for values from ('2020-01-01') to ('2020-02-01')`,
    'create table scan_rest partition of scan default',
  )
  // nobody writes to it
  expect(await findings()).toEqual([])
  await database.run(
    'insert into scan select i, current_date from generate_series(1, 100) i',
    'analyze scan_rest',
  )
  const [finding] = await findings()
  expect(finding).toMatchObject({
    subject: { name: 'scan' },
    severity: 'warning',
    remedy: { lock: 'access exclusive' },
  })
  await applyRemedy(finding!, database)
  expect(await findings()).toMatchObject([{ severity: 'info', summary: expect.stringMatching(/holds rows/) }])
  await database.run('drop table scan')
})

test('a number is judged by the sequence that fills it, in steps of the latest range', async () => {
  await database.run(
    'create table ticket (id bigint generated always as identity, note text) partition by range (id)',
    'create table ticket_p0 partition of ticket for values from (0) to (1000)',
    "insert into ticket (note) select 'note' from generate_series(1, 400)",
  )
  // without USAGE or SELECT on the sequence the role sees that the newest is in use, and no more
  expect(await findings()).toMatchObject([{ subject: { name: 'ticket' }, severity: 'info' }])
  await database.run('grant usage on sequence ticket_id_seq to test_monitor')
  expect(await findings()).toEqual([])
  await database.run("insert into ticket (note) select 'note' from generate_series(1, 300)")
  const [finding] = await findings()
  expect(finding).toMatchObject({ severity: 'warning' })
  expect(finding!.remedy!.sql[0]).toMatch(/ticket_p1000/)
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
  await database.run('drop table ticket')
})

test("pg_partman's tables are left to it", async () => {
  await database.run(
    'create schema partman',
    'create table partman.part_config (parent_table text primary key, control text, partition_interval text)',
    `insert into partman.part_config values ('public.mail & co', 'at', '1 day')`,
    'create table "mail & co" (at date) partition by range (at)',
    `do $$ begin execute format('create table mail_1 partition of "mail & co" for values from (%L) to (%L)', (now() at time zone 'UTC')::date, (now() at time zone 'UTC')::date + 1); end $$`,
  )
  const mail = async () => {
    const finding = (await findings()).find(
      ({ subject }) => 'name' in subject && subject.name === 'mail & co',
    )
    const { value } = finding!.evidence.find(({ label }) => label === 'kept up by')!
    return [finding!.severity, value, finding!.remedy]
  }
  expect(await mail()).toEqual(['critical', expect.stringMatching(/perhaps.*may not read/), undefined])
  await database.run(
    'grant usage on schema partman to test_monitor',
    'grant select on partman.part_config to test_monitor',
  )
  expect(await mail()).toEqual(['critical', expect.stringMatching(/run_maintenance/), undefined])
  await database.run('drop schema partman cascade', 'drop table "mail & co"')
})

test('on PostgreSQL 14 as well', async () => {
  const server = await startTestServer(14)
  const old = await createDatabase(server.url())
  try {
    await old.run(...reproductionOf('partitions-running-out'))
    const [finding] = await findings(0, old)
    expect(finding).toMatchObject({ severity: 'critical' })
    await applyRemedy(finding!, old)
    expect(await findings(0, old)).toEqual([])
    expect(await findings(2 * DAY_MS, old)).toEqual([])
    await undoRemedy(finding!, old)
    expect(await findings(0, old)).toHaveLength(1)
  } finally {
    await old.drop()
    await server.stop('immediate')
  }
})
