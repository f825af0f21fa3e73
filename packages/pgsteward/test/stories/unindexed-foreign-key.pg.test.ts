import { afterAll, beforeAll, expect, test } from 'vitest'
import { unindexedForeignKey } from '../../src/checks/index/unindexed-foreign-key.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf, undoRemedy } from '../postgres/story.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

const findings = () => findingsOf(unindexedForeignKey, database)

test('near misses are quiet: columns in another order, a prefix, nulls left out, a unique part, partitions', async () => {
  await database.run(
    'create table place (country int, town int, primary key (country, town))',
    'insert into place select i, i from generate_series(1, 1000) i',
    'create table letter (id int primary key, country int, town int, foreign key (country, town) references place)',
    'insert into letter select i, i % 900 + 1, i % 900 + 1 from generate_series(1, 12000) i',
    'create index letter_town_country on letter (town, country, id)',
    'create table card (letter int references letter, note text)',
    "insert into card select i, 'n' from generate_series(1, 12000) i",
    'create index card_letter on card (letter) where letter is not null',
    'create table stamp (at date, letter int references letter) partition by range (at)',
    "create table stamp_26 partition of stamp for values from ('2026-01-01') to ('2027-01-01')",
    "insert into stamp select '2026-02-01', i from generate_series(1, 12000) i",
    'create index stamp_26_letter on stamp_26 (letter)',
    'analyze',
  )
  expect(await findings()).toEqual([])
})

test('a key that no index leads with is found, served by the remedy, and found again after its undo', async () => {
  await database.run(...reproductionOf('unindexed-foreign-key'))
  const [finding, ...others] = await findings()
  expect(others).toEqual([])
  expect(finding).toMatchObject({ subject: { kind: 'table', name: 'Parcel Nö' }, severity: 'warning' })
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
  const plan = await database.query<{ 'QUERY PLAN': string }>(
    'explain select from "Parcel Nö" where "Depot Id" = 7',
  )
  expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('Parcel Nö_Depot Id_idx')
  await undoRemedy(finding!, database)
  expect(await findings()).toHaveLength(1)
})

test('a partitioned table gets its index on the parent', async () => {
  await database.run('drop index stamp_26_letter', 'delete from letter where id > 12000')
  const finding = (await findings()).find(({ subject }) => 'name' in subject && subject.name === 'stamp')
  await applyRemedy(finding!, database)
  expect(await findings()).toHaveLength(1)
  await undoRemedy(finding!, database)
  expect(await findings()).toHaveLength(2)
})
