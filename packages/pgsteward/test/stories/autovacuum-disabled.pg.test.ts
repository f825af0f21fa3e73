import { afterAll, beforeAll, expect, test } from 'vitest'
import { autovacuumDisabled } from '../../src/checks/vacuum/autovacuum-disabled.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf, undoRemedy } from '../postgres/story.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

const findings = () => findingsOf(autovacuumDisabled, database)

test('an archive, and a table that is vacuumed by hand, are quiet', async () => {
  await database.run(
    'create table archive (id int) with (autovacuum_enabled = off)',
    'insert into archive select i from generate_series(1, 5000) i',
    'create table by_hand (id int) with (autovacuum_enabled = off)',
    'insert into by_hand select i from generate_series(1, 50000) i',
    'update by_hand set id = id',
  )
  // counts that a session has not yet reported would come after the vacuum, and undo it
  await database.flushStatistics()
  await database.run('vacuum (analyze)', 'update by_hand set id = id where id < 2000')
  expect(await findings()).toEqual([])
})

test('a neglected table is found, left to autovacuum by the remedy, and found again after its undo', async () => {
  await database.run(...reproductionOf('autovacuum-disabled'))
  const [finding, ...others] = await findings()
  expect(others).toEqual([])
  expect(finding).toMatchObject({ subject: { kind: 'table', name: 'Session Nö' }, severity: 'warning' })
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
  await undoRemedy(finding!, database)
  expect(await findings()).toHaveLength(1)
})

test('a materialized view is named as what it is', async () => {
  await database.run(
    'create materialized view "Numbers Nö" with (autovacuum_enabled = off) as select i from generate_series(1, 5000) i',
    'create unique index on "Numbers Nö" (i)',
    'analyze "Numbers Nö"',
    'refresh materialized view "Numbers Nö"',
  )
  const finding = (await findings()).find(({ subject }) => 'name' in subject && subject.name === 'Numbers Nö')
  expect(finding).toBeDefined()
  await applyRemedy(finding!, database)
  expect(await findings()).toHaveLength(1)
  await undoRemedy(finding!, database)
  expect(await findings()).toHaveLength(2)
})
