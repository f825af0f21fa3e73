import { afterAll, beforeAll, expect, test } from 'vitest'
import { slowStatement } from '../../src/checks/query/slow-statement.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { findingsOf } from '../postgres/story.ts'

// what takes 100 ms on one machine takes 20 on another; the story only needs a limit between a scan and an index
const LIMIT = { warnMean: '3ms' }
const [create, fill, analyze, slow] = reproductionOf('slow-statement')
let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
  await database.run('create extension pg_stat_statements', create!, fill!, analyze!)
})
afterAll(() => database.drop())

const repeated = (statement: string, times: number) => Array.from({ length: times }, () => statement)
const findings = (times: number, options: Record<string, unknown> = LIMIT) =>
  findingsOf(slowStatement, database, { options, between: () => database.run(...repeated(slow!, times)) })

test('a scan for one row is found, and quiet once an index serves it, and found again without', async () => {
  expect(await findings(12)).toMatchObject([
    {
      subject: { kind: 'query', database: database.name },
      severity: 'warning',
      evidence: expect.arrayContaining([
        { label: 'statement', value: 'select count(*) from parcel where place = $1', unit: 'text' },
        { label: 'calls measured', value: 12, unit: 'count' },
      ]),
    },
  ])
  // no remedy to apply: which index helps is for the checks on indexes to prove
  await database.run('create index parcel_place on parcel (place)')
  expect(await findings(12)).toEqual([])
  await database.run('drop index parcel_place')
  expect(await findings(12)).toHaveLength(1)
})

test('a few calls, and a mean below the limit, are quiet', async () => {
  expect(await findings(9)).toEqual([])
  expect(await findings(12, { warnMean: '1m' })).toEqual([])
})

test('what it did before the interval does not count', async () => {
  await database.run(...repeated(slow!, 20))
  expect(await findings(1)).toEqual([])
})
