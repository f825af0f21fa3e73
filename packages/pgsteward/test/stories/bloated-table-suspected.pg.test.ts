import { afterAll, beforeAll, expect, test } from 'vitest'
import { bloatedTableSuspected } from '../../src/checks/vacuum/bloated-table-suspected.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { findingsOf } from '../postgres/story.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

const findings = () => findingsOf(bloatedTableSuspected, database, { options: { minGain: '1MB' } })
const maySee = (table: string) => `grant select on ${table} to test_monitor`

test('what autovacuum leaves, room kept on purpose, and hidden tables are quiet', async () => {
  await database.run(
    'create table letter (id bigint, note text)',
    "insert into letter select i, repeat('x', 200) from generate_series(1, 40000) i",
    'delete from letter where id % 4 = 0',
    'vacuum (analyze) letter',
    maySee('letter'),
    'create table card (id bigint, note text) with (fillfactor = 40)',
    "insert into card select i, repeat('x', 200) from generate_series(1, 20000) i",
    'vacuum (analyze) card',
    maySee('card'),
    // of text columns the role that watches may not know the width
    'create table secret (id bigint, note text)',
    "insert into secret select i, repeat('x', 200) from generate_series(1, 40000) i",
    'delete from secret where id % 10 <> 0',
    'vacuum (analyze) secret',
  )
  expect(await findings()).toEqual([])
})

// no remedy on an estimate alone; the story writes it anew by hand
test('a table that was mostly emptied is suspected, until it is written anew', async () => {
  await database.run(...reproductionOf('bloated-table-suspected'), maySee('"Parcel Nö"'))
  expect(await findings()).toMatchObject([
    { subject: { kind: 'table', name: 'Parcel Nö' }, severity: 'info' },
  ])
  await database.run('vacuum full "Parcel Nö"', 'vacuum (analyze) "Parcel Nö"')
  expect(await findings()).toEqual([])
})

test('where pgstattuple measures, the estimate is silent', async () => {
  await database.run('delete from letter where id % 10 <> 0', 'vacuum (analyze) letter')
  expect((await findings()).length).toBeGreaterThan(0)
  await database.run('create extension pgstattuple')
  expect(await findings()).toEqual([])
})
