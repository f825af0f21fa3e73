import { afterAll, beforeAll, expect, test } from 'vitest'
import { unboundedList } from '../../src/checks/query/unbounded-list.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { findingsOf } from '../postgres/story.ts'

const [create, list] = reproductionOf('unbounded-list')
let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
  await database.run('create extension pg_stat_statements', create!)
})
afterAll(() => database.drop())

const findings = (statement: string, times = 6) =>
  findingsOf(unboundedList, database, {
    between: () => database.run(...Array.from({ length: times }, () => statement)),
  })

// the remedy is in the application: a limit
test('a list without an end is found, quiet with a limit, and found again without (A4)', async () => {
  expect(await findings(list!)).toMatchObject([
    { subject: { kind: 'query', database: database.name }, severity: 'info' },
  ])
  expect(await findings(`${list} order by id limit 2000`)).toEqual([])
  expect(await findings(list!)).toHaveLength(1)
})

test('one export, groups and counts are quiet', async () => {
  expect(await findings(list!, 1)).toEqual([])
  expect(await findings('select id, count(*) from "Parcel Nö" group by id')).toEqual([])
  expect(await findings('select count(*) from "Parcel Nö"')).toEqual([])
})
