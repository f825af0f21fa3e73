import { afterAll, beforeAll, expect, test } from 'vitest'
import { disabledTrigger } from '../../src/checks/configuration/disabled-trigger.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf, undoRemedy } from '../postgres/story.ts'

const FUNCTION = 'execute function suppress_redundant_updates_trigger()'
let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

const findings = () => findingsOf(disabledTrigger, database)

test("near misses are quiet: enabled, for replicas, always, a temporary table's, an extension's, not enforced", async () => {
  await database.run(
    'create extension pgstattuple',
    'create table depot (id int primary key, size int)',
    'create table shelf (id int primary key, depot int references depot)',
    'create table wish (depot int references depot not enforced)',
    'create table plugin (depot int references depot)',
    'alter extension pgstattuple add table plugin',
    'alter table plugin disable trigger all',
    'create temporary table scratch (id int)',
    `create trigger off before update on scratch for each row ${FUNCTION}`,
    'alter table scratch disable trigger off',
    ...['plain', 'for_replicas', 'for_all'].map(
      (name) => `create trigger ${name} before update on depot for each row ${FUNCTION}`,
    ),
    'alter table depot enable replica trigger for_replicas',
    'alter table depot enable always trigger for_all',
  )
  expect(await findings()).toEqual([])
})

test("a view's triggers can't be disabled", async () => {
  await database.run(
    'create view depots as select * from depot',
    "create function pass() returns trigger language plpgsql as 'begin return new; end'",
    'create trigger stand_in instead of update on depots for each row execute function pass()',
  )
  await expect(database.run('alter table depots disable trigger stand_in')).rejects.toThrow()
  expect(await findings()).toEqual([])
})

test('a foreign key that nothing enforces is found, enforced after the remedy, and found again after its undo', async () => {
  await database.run(...reproductionOf('disabled-trigger'))
  const [finding, ...others] = await findings()
  expect(others).toEqual([])
  expect(finding).toMatchObject({
    subject: { kind: 'table', schema: 'public', name: 'letter' },
    severity: 'warning',
    evidence: [
      { label: 'foreign key letter_parcel_fkey', value: 'FOREIGN KEY (parcel) REFERENCES parcel(id)' },
      { label: 'trigger letter_unchanged' },
      { label: 'disabled triggers', value: 3 },
      { value: 1 },
    ],
  })
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
  await expect(database.run('insert into letter values (2001, 2001)')).rejects.toThrow('letter_parcel_fkey')
  await undoRemedy(finding!, database)
  expect(await findings()).toEqual([finding])
  await database.run('insert into letter values (2001, 2001)', 'drop table letter')
})

test('a trigger of its own is told as info, and the remedy leaves those for replicas and always alone', async () => {
  await database.run('alter table depot disable trigger plain')
  const [finding, ...others] = await findings()
  expect(others).toEqual([])
  expect(finding).toMatchObject({ subject: { name: 'depot' }, severity: 'info' })
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
  expect(
    await database.query(
      `select tgname, tgenabled from pg_trigger where tgrelid = 'depot'::regclass and not tgisinternal order by 1`,
    ),
  ).toEqual([
    { tgname: 'for_all', tgenabled: 'A' },
    { tgname: 'for_replicas', tgenabled: 'R' },
    { tgname: 'plain', tgenabled: 'O' },
  ])
})

test('on the referenced side the foreign key is told of the referenced table', async () => {
  await database.run('alter table depot disable trigger all')
  const [finding, ...others] = await findings()
  expect(others).toEqual([])
  expect(finding).toMatchObject({ subject: { name: 'depot' }, severity: 'warning' })
  expect(finding!.evidence.map(({ label }) => label)).toContain('foreign key shelf_depot_fkey of shelf')
  await database.run('alter table depot enable trigger all')
})

test('a deferrable unique constraint is one too', async () => {
  await database.run(
    'create table ticket (number int unique deferrable)',
    'alter table ticket disable trigger all',
  )
  const [finding] = await findings()
  expect(finding).toMatchObject({
    severity: 'warning',
    evidence: [{ label: 'unique constraint ticket_number_key' }, {}, {}],
  })
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
})

test('what partitions inherit is one finding, mended and undone everywhere', async () => {
  await database.run(
    'create table reading (at date, depot int references depot) partition by range (at)',
    "create table reading_1 partition of reading for values from ('2025-01-01') to ('2026-01-01')",
    "create table reading_2 partition of reading for values from ('2026-01-01') to ('2027-01-01')",
    `create trigger audit before update on reading for each row ${FUNCTION}`,
    'alter table reading disable trigger all',
  )
  const [finding, ...others] = await findings()
  expect(others).toEqual([])
  expect(finding).toMatchObject({
    subject: { name: 'reading' },
    severity: 'warning',
    evidence: [
      { label: 'foreign key reading_depot_fkey' },
      { label: 'trigger audit' },
      { label: 'disabled triggers', value: 6 },
      {},
    ],
  })
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
  await undoRemedy(finding!, database)
  expect(await findings()).toEqual([finding])
  await applyRemedy(finding!, database)
})

test('a partitioned table alone is quiet: its partitions have the rows, and fire', async () => {
  await database.run('alter table only reading disable trigger all')
  expect(await findings()).toEqual([])
  await database.run('alter table only reading enable trigger all')
})

test('a trigger that one partition alone switched off is told of the table, and mended there', async () => {
  await database.run('alter table reading_2 disable trigger audit')
  const [finding] = await findings()
  expect(finding).toMatchObject({
    subject: { name: 'reading' },
    severity: 'info',
    remedy: { sql: ['alter table public.reading_2 enable trigger audit'] },
  })
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
})
