import { afterAll, beforeAll, expect, test } from 'vitest'
import { invalidIndex } from '../../src/checks/index/invalid-index.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf, undoRemedy } from '../postgres/story.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

const findings = () => findingsOf(invalidIndex, database)

test('an index that failed to build is found, and valid after the remedy', async () => {
  const [failing, ...before] = [...reproductionOf('invalid-index')].reverse()
  await database.run(...before.reverse())
  expect(await findings()).toEqual([])
  await expect(database.run(failing!)).rejects.toThrow('division by zero')
  const [finding] = await findings()
  expect(finding).toMatchObject({ subject: { kind: 'index', name: 'by lightness' }, severity: 'warning' })
  await database.run('delete from "Parcel Nö" where weight = 0')
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
  // no undo: nothing makes a valid index invalid again
  expect(finding?.remedy?.undo).toBeNull()
})

test('a failed rebuild leaves an index that is dropped', async () => {
  await database.run('insert into "Parcel Nö" values (2001, 5)', 'create table letter (id int, weight int)')
  await database.run(
    'insert into letter select i, i from generate_series(1, 100) i',
    'create function share(int) returns int immutable language sql as $$ select 100 / ($1 + 1) $$',
    'create index letter_share on letter (share(weight))',
    'create or replace function share(int) returns int immutable language sql as $$ select 100 / ($1 - 7) $$',
  )
  await expect(database.run('reindex index concurrently letter_share')).rejects.toThrow('division by zero')
  const [finding, ...others] = await findings()
  expect(others).toEqual([])
  expect(finding).toMatchObject({ subject: { name: 'letter_share_ccnew' } })
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
  // its undo builds it again, which fails as before and leaves it invalid
  await expect(undoRemedy(finding!, database)).rejects.toThrow('division by zero')
  expect(await findings()).toHaveLength(1)
  await applyRemedy(finding!, database)
})

test('a unique index that found duplicates is dropped', async () => {
  await expect(
    database.run('create unique index concurrently "once only" on "Parcel Nö" (weight)'),
  ).rejects.toThrow('could not create unique index')
  const [finding] = await findings()
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
})

test('an index under construction and a partitioned one in the making are quiet', async () => {
  await database.run(
    'create table event (at date) partition by range (at)',
    "create table event_26 partition of event for values from ('2026-01-01') to ('2027-01-01')",
    'create index event_at on only event (at)',
  )
  expect(await findings()).toEqual([])
  const [holder, builder] = [await database.connect(), await database.connect()]
  // an open transaction that touched the table makes CREATE INDEX CONCURRENTLY wait for it
  await holder.query('begin; insert into "Parcel Nö" values (3000, 1)')
  const building = builder.query('create index concurrently parcel_weight on "Parcel Nö" (weight)')
  await expect
    .poll(() =>
      database.query(
        "select from pg_index where indexrelid = to_regclass('parcel_weight') and not indisvalid",
      ),
    )
    .toHaveLength(1)
  const seen = findings()
  // flushing statistics waits for no lock, but shares the builder's connection: let it end first
  await holder.query('commit')
  await building
  expect(await seen).toEqual([])
})
