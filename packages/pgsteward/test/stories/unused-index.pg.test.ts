import { afterAll, beforeAll, expect, test } from 'vitest'
import { unusedIndex } from '../../src/checks/index/unused-index.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { applyRemedy, findingsOf, outcomeOf, undoRemedy } from '../postgres/story.ts'

const MONTH_LATER = { laterMs: 31 * 86_400_000 }
let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
  await database.run(
    'create table parcel (id bigint primary key, weight int, place text)',
    "insert into parcel select i, i % 1000, 'shelf ' || i from generate_series(1, 60000) i",
    'create index parcel_weight on parcel (weight)',
    'analyze parcel',
  )
})
afterAll(() => database.drop())

test('an index that nothing scans is found, and gone with its remedy, and back with its undo', async () => {
  const [finding, ...others] = await findingsOf(unusedIndex, database, {
    ...MONTH_LATER,
    options: { minSize: '100kB' },
  })
  expect(others).toEqual([])
  expect(finding).toMatchObject({ subject: { kind: 'index', schema: 'public', name: 'parcel_weight' } })
  await applyRemedy(finding!, database)
  expect(await findingsOf(unusedIndex, database, { ...MONTH_LATER, options: { minSize: '100kB' } })).toEqual(
    [],
  )
  await undoRemedy(finding!, database)
  expect(
    await findingsOf(unusedIndex, database, { ...MONTH_LATER, options: { minSize: '100kB' } }),
  ).toHaveLength(1)
})

test('one scan is enough to keep it quiet', async () => {
  await database.run(
    'set enable_seqscan = off',
    'select count(*) from parcel where weight = 7',
    'reset enable_seqscan',
  )
  expect(await findingsOf(unusedIndex, database, { ...MONTH_LATER, options: { minSize: '100kB' } })).toEqual(
    [],
  )
})

test('statistics younger than the window say nothing', async () => {
  expect(await outcomeOf(unusedIndex, database)).toMatchObject({ status: 'skipped' })
})
