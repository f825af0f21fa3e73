import { afterAll, beforeAll, expect, test } from 'vitest'
import { unusedIndex } from '../../src/checks/index/unused-index.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf, outcomeOf, undoRemedy } from '../postgres/story.ts'

const MONTH_LATER = { laterMs: 31 * 86_400_000, options: { minSize: '100kB' } }
let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
  await database.run(...reproductionOf('unused-index'))
})
afterAll(() => database.drop())

const findings = () => findingsOf(unusedIndex, database, MONTH_LATER)

test('an index that nothing scans is found, and gone with its remedy, and back with its undo', async () => {
  const [finding, ...others] = await findings()
  expect(others).toEqual([])
  expect(finding).toMatchObject({ subject: { kind: 'index', schema: 'public', name: 'parcel_weight' } })
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
  await undoRemedy(finding!, database)
  expect(await findings()).toHaveLength(1)
})

test('one scan is enough to keep it quiet', async () => {
  await database.run(
    'set enable_seqscan = off',
    'select count(*) from parcel where weight = 7',
    'reset enable_seqscan',
  )
  expect(await findings()).toEqual([])
})

test('statistics younger than the window say nothing', async () => {
  expect(await outcomeOf(unusedIndex, database)).toMatchObject({ status: 'skipped' })
})
