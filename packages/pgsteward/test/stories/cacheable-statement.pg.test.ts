import { afterAll, beforeAll, expect, test } from 'vitest'
import { cacheableStatement } from '../../src/checks/query/cacheable-statement.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { findingsOf } from '../postgres/story.ts'

const [create, vacuum, count] = reproductionOf('cacheable-statement')
let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
  await database.run('create extension pg_stat_statements', create!, vacuum!)
})
afterAll(() => database.drop())

const findings = (...statements: readonly string[]) =>
  findingsOf(cacheableStatement, database, {
    // other tests are at work on the same server, and their time counts
    options: { minShareRemoved: 0.001 },
    between: () => database.run(...statements),
  })
const times = (n: number, ...statements: readonly string[]) =>
  Array.from({ length: n }, () => statements).flat()

// the remedy is in the application: it asks on a miss only
test('a count that is asked for again and again is found, quiet behind a cache, and found again without (A9)', async () => {
  expect(await findings(...times(70, count!))).toMatchObject([
    {
      subject: { kind: 'query', database: database.name },
      severity: 'info',
      evidence: expect.arrayContaining([
        { label: 'calls a minute', value: 70, unit: 'count' },
        { label: 'tables', value: 'Parcel Nö', unit: 'text' },
        { label: 'rows written to them a minute', value: 0, unit: 'count' },
        { label: 'different results, at most', value: 1, unit: 'count' },
      ]),
    },
  ])
  expect(await findings(...times(2, count!))).toEqual([])
  expect(await findings(...times(70, count!))).toHaveLength(1)
})

test('a table that is written as often as it is read is quiet', async () => {
  const write = 'insert into "Parcel Nö" values (0, 1), (0, 2), (0, 3)'
  expect(await findings(...times(70, write, count!))).toEqual([])
})
