import { afterAll, beforeAll, expect, test } from 'vitest'
import { repeatedStatementRatio } from '../../src/checks/query/repeated-statement-ratio.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { findingsOf } from '../postgres/story.ts'

const statements = reproductionOf('repeated-statement-ratio')
const [list, lookup] = statements.slice(-2)
let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
  await database.run(
    'create extension pg_stat_statements',
    ...statements.slice(0, -2),
    'prepare together as select p.id, d.city from parcel p join "Depot Nö" d on d.id = p.depot_id order by p.id limit 20',
  )
})
afterAll(() => database.drop())

const times = (count: number, statement: string) => Array.from({ length: count }, () => statement)
const findings = (...all: readonly string[]) =>
  findingsOf(repeatedStatementRatio, database, { between: () => database.run(...all) })
const oneByOne = times(12, list!).flatMap((each) => [each, ...times(20, lookup!)])

// the remedy is in the application: ask once
test('a lookup for each row of a list is found, quiet as a join, and found again (A4)', async () => {
  expect(await findings(...oneByOne)).toMatchObject([
    {
      subject: { kind: 'query', database: database.name },
      evidence: expect.arrayContaining([{ label: 'lookups for each list', value: 20, unit: 'count' }]),
    },
  ])
  expect(await findings(...times(12, 'execute together'))).toEqual([])
  expect(await findings(...oneByOne)).toHaveLength(1)
})

test('lookups that do not go with the list are quiet', async () => {
  expect(await findings(...times(12, list!), ...times(400, lookup!))).toEqual([])
})
