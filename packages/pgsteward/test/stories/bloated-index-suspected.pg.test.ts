import { afterAll, beforeAll, expect, test } from 'vitest'
import { bloatedIndexSuspected } from '../../src/checks/index/bloated-index-suspected.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { findingsOf } from '../postgres/story.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

const findings = () => findingsOf(bloatedIndexSuspected, database, { options: { minGain: '1MB' } })

test('fresh, deduplicated and hidden indexes are quiet', async () => {
  await database.run(
    'create table letter (id bigint primary key, kind int, place text)',
    "insert into letter select i, i % 10, 'shelf ' || i from generate_series(1, 150000) i",
    'create index letter_kind on letter (kind)',
    // of text columns the role that watches may not know the width
    'create index letter_place on letter (place)',
    'delete from letter where id % 10 <> 0',
    'vacuum (analyze) letter',
    'reindex index letter_pkey',
  )
  expect(await findings()).toEqual([])
})

// no remedy on an estimate alone; the story rebuilds by hand
test('an index left behind by a mass delete is suspected, until it is rebuilt', async () => {
  await database.run(...reproductionOf('bloated-index-suspected'))
  const names = (await findings()).map(({ subject }) => 'name' in subject && subject.name)
  expect(names).toContain('by weight')
  await database.run('reindex table "Parcel Nö"')
  expect(await findings()).toEqual([])
})

test('where pgstattuple measures, the estimate is silent', async () => {
  await database.run('delete from "Parcel Nö" where id % 50 <> 0', 'vacuum (analyze) "Parcel Nö"')
  expect((await findings()).length).toBeGreaterThan(0)
  await database.run('create extension pgstattuple')
  expect(await findings()).toEqual([])
})
