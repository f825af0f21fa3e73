import { afterAll, beforeAll, expect, test } from 'vitest'
import { unloggedTable } from '../../src/checks/availability/unlogged-table.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf, undoRemedy } from '../postgres/story.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

const findings = () => findingsOf(unloggedTable, database)
const unlogged = () =>
  database.query("select relname from pg_class where relpersistence = 'u' and relkind = 'r' order by relname")

test('near misses are quiet: temporary, logged, small and truncated tables', async () => {
  await database.run(
    'create temporary table staging as select i from generate_series(1, 5000) i',
    'create table logged as select i from generate_series(1, 5000) i',
    'create unlogged table heartbeat as select i from generate_series(1, 9) i',
    'create unlogged table import as select i from generate_series(1, 5000) i',
    'analyze import',
    'truncate import',
  )
  expect(await findings()).toEqual([])
  await database.run('drop table heartbeat, import')
})

test('an unlogged table is found, quiet once it is logged by the remedy, and found again after its undo', async () => {
  await database.run(...reproductionOf('unlogged-table'))
  const [finding, ...others] = await findings()
  expect(others).toEqual([])
  expect(finding).toMatchObject({ subject: { kind: 'table', name: 'Cart Nö' }, severity: 'info' })
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
  expect(await database.query('select count(*)::int as rows from "Cart Nö"')).toEqual([{ rows: 2000 }])
  await undoRemedy(finding!, database)
  expect(await findings()).toHaveLength(1)
  await database.run('drop table "Cart Nö"')
})

test('the remedy runs with foreign keys between unlogged tables, and so does its undo', async () => {
  await database.run(
    'create unlogged table "Town Nö" (id int primary key, next int references "Town Nö")',
    'create unlogged table depot (id int primary key, town int references "Town Nö")',
    'create unlogged table parcel (id int primary key, depot int references depot, parent int references parcel)',
    'insert into "Town Nö" values (1, 1)',
    'insert into depot values (1, 1)',
    'insert into parcel select i, 1, 1 from generate_series(1, 500) i',
  )
  const before = await unlogged()
  const [finding, ...others] = await findings()
  expect(others).toEqual([])
  await expect(database.run('alter table parcel set logged')).rejects.toThrow('references unlogged table')
  await applyRemedy(finding!, database)
  expect(await unlogged()).toEqual([])
  expect(await findings()).toEqual([])
  await undoRemedy(finding!, database)
  expect(await unlogged()).toEqual(before)
  expect(await findings()).toHaveLength(1)
  await database.run('drop table parcel, depot, "Town Nö"')
})

test('tables that reference each other are found, without a remedy', async () => {
  await database.run(
    'create unlogged table parcel (id int primary key, depot int)',
    'create unlogged table depot (id int primary key, parcel int references parcel)',
    'alter table parcel add foreign key (depot) references depot',
    'insert into parcel select i from generate_series(1, 500) i',
  )
  const [finding] = await findings()
  expect(finding).toMatchObject({ subject: { name: 'parcel' } })
  expect(finding).not.toHaveProperty('remedy')
  await database.run('drop table parcel, depot cascade')
})

test('of a partitioned table the unlogged partition is found', async () => {
  await database.run(
    'create table event (id int) partition by range (id)',
    'create table event_1 partition of event for values from (1) to (1000)',
    'create unlogged table event_2 partition of event for values from (1000) to (2000)',
    'insert into event select i from generate_series(1, 1999) i',
  )
  const [finding, ...others] = await findings()
  expect(others).toEqual([])
  expect(finding).toMatchObject({ subject: { name: 'event_2' } })
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
  await undoRemedy(finding!, database)
  expect(await findings()).toHaveLength(1)
  await database.run('drop table event')
})

test('a publication of all tables fails updates after the remedy, as its caution says', async () => {
  await database.run(
    'create unlogged table cart as select i from generate_series(1, 500) i',
    'create publication feed for all tables',
    'update cart set i = i',
  )
  const [finding] = await findings()
  expect(finding!.remedy!.caution).toContain('publication')
  await applyRemedy(finding!, database)
  await expect(database.run('update cart set i = i')).rejects.toThrow('replica identity')
  await undoRemedy(finding!, database)
  await database.run('update cart set i = i')
})
