import { afterAll, beforeAll, expect, test } from 'vitest'
import { offsetPaging } from '../../src/checks/query/offset-paging.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { findingsOf } from '../postgres/story.ts'

const [create, index, vacuum, prepare, farPage] = reproductionOf('offset-paging')
let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
  await database.run(
    'create extension pg_stat_statements',
    create!,
    index!,
    vacuum!,
    prepare!,
    'prepare page_by_key as select id, note from parcel where id > $1 order by id limit 50',
  )
})
afterAll(() => database.drop())

const findings = (statement: string, times = 12) =>
  findingsOf(offsetPaging, database, {
    between: () => database.run(...Array.from({ length: times }, () => statement)),
  })

// the remedy is in the application: the key to go on from
test('far pages are found, the same by key are quiet, and found again by offset', async () => {
  expect(await findings(farPage!)).toMatchObject([
    { subject: { kind: 'query', database: database.name }, severity: 'info' },
  ])
  expect(await findings('execute page_by_key(30000)')).toEqual([])
  expect(await findings(farPage!)).toHaveLength(1)
})

test('first pages, and a look at a far one now and then, are quiet', async () => {
  expect(await findings('execute page(50)')).toEqual([])
  expect(await findings(farPage!, 3)).toEqual([])
})
