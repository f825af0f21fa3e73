import { afterAll, beforeAll, expect, test } from 'vitest'
import { deadTuples } from '../../src/checks/vacuum/dead-tuples.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf } from '../postgres/story.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

const findings = () => findingsOf(deadTuples, database)

test('dead rows that autovacuum would still leave are quiet', async () => {
  await database.run(
    'create table letter (id int, weight int)',
    'insert into letter select i, i from generate_series(1, 100000) i',
    'vacuum (analyze) letter',
    'update letter set weight = 0 where id <= 25000',
  )
  expect(await findings()).toEqual([])
})

test('a table full of dead rows is found, and clean after the remedy', async () => {
  await database.run(...reproductionOf('dead-tuples'))
  const [finding, ...others] = await findings()
  expect(others).toEqual([])
  expect(finding).toMatchObject({ subject: { kind: 'table', name: 'Session Nö' }, severity: 'warning' })
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
  // no undo: dead rows have no way back
  expect(finding?.remedy?.undo).toBeNull()
  await database.run('update "Session Nö" set seen_at = now()')
  expect(await findings()).toHaveLength(1)
})
