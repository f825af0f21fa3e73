import { afterAll, beforeAll, expect, test } from 'vitest'
import { staleStatistics } from '../../src/checks/vacuum/stale-statistics.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf } from '../postgres/story.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

const findings = (laterMs = 11 * 60_000) => findingsOf(staleStatistics, database, { laterMs })

test('few changes, and a table that was analyzed minutes ago, are quiet', async () => {
  await database.run(
    'create table letter (id int, weight int)',
    'insert into letter select i, i from generate_series(1, 100000) i',
  )
  // counts that a session has not yet reported would come after the ANALYZE
  await database.flushStatistics()
  await database.run('analyze letter', 'update letter set weight = 0 where id <= 15000')
  expect(await findings()).toEqual([])
  await database.run('update letter set weight = 1 where id <= 60000')
  expect(await findings(0)).toEqual([])
  expect(await findings()).toHaveLength(1)
  await database.run('analyze letter')
})

test('a table that outgrew its statistics is found, and quiet after the remedy', async () => {
  await database.run(...reproductionOf('stale-statistics'))
  const [finding, ...others] = await findings()
  expect(others).toEqual([])
  expect(finding).toMatchObject({ subject: { kind: 'table', name: 'Member Nö' }, severity: 'warning' })
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
  // no undo: nobody wants the old statistics back
  expect(finding?.remedy?.undo).toBeNull()
  await database.run('update "Member Nö" set club = 3')
  expect(await findings()).toHaveLength(1)
  await database.run('analyze "Member Nö"')
})

test('a table that was never analyzed is found', async () => {
  await database.run('create table fresh as select i from generate_series(1, 20000) i')
  const [finding] = await findings(0)
  expect(finding).toMatchObject({ subject: { name: 'fresh' } })
  await applyRemedy(finding!, database)
  expect(await findings(0)).toEqual([])
})
