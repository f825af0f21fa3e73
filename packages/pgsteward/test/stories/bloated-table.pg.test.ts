import { afterAll, beforeAll, expect, test } from 'vitest'
import { bloatedTable } from '../../src/checks/vacuum/bloated-table.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { findingsOf, outcomeOf } from '../postgres/story.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

const findings = () => findingsOf(bloatedTable, database, { options: { minFree: '1MB' } })

test('without pgstattuple the check says what it lacks', async () => {
  expect(await outcomeOf(bloatedTable, database)).toMatchObject({
    status: 'skipped',
    because: expect.stringContaining('pgstattuple'),
  })
})

test('what autovacuum leaves, and room kept on purpose, are quiet', async () => {
  await database.run(
    'create extension pgstattuple',
    'create table letter (id bigint, note text)',
    "insert into letter select i, repeat('x', 200) from generate_series(1, 40000) i",
    'delete from letter where id % 4 = 0',
    'vacuum (analyze) letter',
    'create table card (id bigint, note text) with (fillfactor = 40)',
    "insert into card select i, repeat('x', 200) from generate_series(1, 20000) i",
    'vacuum (analyze) card',
  )
  expect(await findings()).toEqual([])
})

// no remedy: VACUUM FULL locks everyone out, so the story runs it by hand
test('a table that was mostly emptied is found, and quiet once it is written anew', async () => {
  await database.run(...reproductionOf('bloated-table'))
  expect(await findings()).toMatchObject([
    { subject: { kind: 'table', name: 'Parcel Nö' }, severity: 'warning' },
  ])
  await database.run('vacuum full "Parcel Nö"', 'vacuum (analyze) "Parcel Nö"')
  expect(await findings()).toEqual([])
})
