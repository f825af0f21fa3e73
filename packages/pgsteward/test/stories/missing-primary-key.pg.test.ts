import { afterAll, beforeAll, expect, test } from 'vitest'
import { missingPrimaryKey } from '../../src/checks/index/missing-primary-key.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { findingsOf } from '../postgres/story.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

const findings = () => findingsOf(missingPrimaryKey, database)

test('near misses are quiet: a small table, a temporary one, a view, partitions of a table with a key', async () => {
  await database.run(
    'create table setting (name text)',
    "insert into setting values ('one')",
    'create temporary table staging as select i from generate_series(1, 5000) i',
    'create table event (id int, at date, primary key (id, at)) partition by range (at)',
    "create table event_26 partition of event for values from ('2026-01-01') to ('2027-01-01')",
    "insert into event select i, '2026-02-01' from generate_series(1, 2000) i",
    'create materialized view numbers as select i from generate_series(1, 5000) i',
  )
  expect(await findings()).toEqual([])
})

// no remedy: which columns tell rows apart is the application's knowledge, so the story mends it by hand
test('a table without a key is found, worse once it is published, and quiet with a key', async () => {
  await database.run(...reproductionOf('missing-primary-key'))
  expect(await findings()).toMatchObject([{ subject: { kind: 'table', name: 'Event Nö' }, severity: 'info' }])
  await database.run('create publication feed for table "Event Nö"')
  expect(await findings()).toMatchObject([{ severity: 'warning' }])
  await expect(database.run('update "Event Nö" set payload = null')).rejects.toThrow('replica identity')
  await database.run('alter table "Event Nö" add primary key (reference)')
  expect(await findings()).toEqual([])
  await database.run('alter table "Event Nö" drop constraint "Event Nö_pkey"')
  expect(await findings()).toHaveLength(1)
})
