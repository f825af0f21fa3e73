import { afterAll, beforeAll, expect, test } from 'vitest'
import { selectStarWide } from '../../src/checks/query/select-star-wide.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { findingsOf } from '../postgres/story.ts'

const [create, index, vacuum, list] = reproductionOf('select-star-wide')
let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
  await database.run('create extension pg_stat_statements', create!, index!, vacuum!)
})
afterAll(() => database.drop())

const findings = (statement: string, times = 45) =>
  findingsOf(selectStarWide, database, {
    between: () => database.run(...Array.from({ length: times }, () => statement)),
  })

// the remedy is in the application: the columns that it needs
test('all columns of wide rows are found, quiet by name, and found again (A4)', async () => {
  expect(await findings(list!)).toMatchObject([
    {
      subject: { kind: 'query', database: database.name },
      evidence: expect.arrayContaining([{ label: 'long columns', value: 'note', unit: 'text' }]),
    },
  ])
  expect(await findings('select id from "Parcel Nö" where id <= 500')).toEqual([])
  expect(await findings('select id, note from "Parcel Nö" where id <= 500')).toHaveLength(1)
})

test('a few calls are quiet', async () => {
  expect(await findings(list!, 2)).toEqual([])
})
