import { afterAll, beforeAll, expect, test } from 'vitest'
import { manyRowsStatement } from '../../src/checks/query/many-rows-statement.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { findingsOf } from '../postgres/story.ts'

const [create, list] = reproductionOf('many-rows-statement')
let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
  await database.run('create extension pg_stat_statements', create!)
})
afterAll(() => database.drop())

const findings = (statement: string, times = 6) =>
  findingsOf(manyRowsStatement, database, {
    between: () => database.run(...Array.from({ length: times }, () => statement)),
  })

// the remedy is in the application: pages
test('a list with too large a limit is found, quiet with a small one, and found again', async () => {
  expect(await findings(list!)).toMatchObject([
    { subject: { kind: 'query', database: database.name }, severity: 'info' },
  ])
  expect(await findings('select id from parcel order by id limit 100')).toEqual([])
  expect(await findings(list!)).toHaveLength(1)
})

test('one export is quiet, and so are writes, whose rows are not sent', async () => {
  expect(await findings(list!, 1)).toEqual([])
  expect(await findings('update parcel set id = id')).toEqual([])
  expect(await findings('with w as (update parcel set id = id returning id) select id from w')).toEqual([])
})
