import { afterAll, beforeAll, expect, test } from 'vitest'
import { hotRowCounter } from '../../src/checks/query/hot-row-counter.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { findingsOf } from '../postgres/story.ts'

const [create, insert, count] = reproductionOf('hot-row-counter')
/** The story's minute at 20 a second. */
const TIMES = 1300
let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
  await database.run('create extension pg_stat_statements', create!, insert!)
})
afterAll(() => database.drop())

const findings = (statement: string, times = TIMES) =>
  findingsOf(hotRowCounter, database, {
    between: () => database.run(...Array.from({ length: times }, () => statement)),
  })

// the remedy is in the application
test('a counter that everybody updates is found, quiet when it is written in batches, and found again (A4)', async () => {
  expect(await findings(count!)).toMatchObject([
    { subject: { kind: 'query', database: database.name }, severity: 'info' },
  ])
  expect(await findings('update "Page Nö" set views = views + 65 where id = 1', 20)).toEqual([])
  expect(await findings(count!)).toHaveLength(1)
})

test('counters of many rows, and a value that is set, are quiet', async () => {
  expect(await findings('update "Page Nö" set views = 7 where id = 1')).toEqual([])
  await database.run('insert into "Page Nö" select i from generate_series(2, 5000) i', 'analyze "Page Nö"')
  expect(await findings(count!)).toEqual([])
})
