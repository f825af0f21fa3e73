import { afterAll, beforeAll, expect, test } from 'vitest'
import { bloatedIndex } from '../../src/checks/index/bloated-index.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf, outcomeOf } from '../postgres/story.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

const findings = () => findingsOf(bloatedIndex, database, { options: { minGain: '1MB' } })

test('without pgstattuple the check says what it lacks', async () => {
  expect(await outcomeOf(bloatedIndex, database)).toMatchObject({
    status: 'skipped',
    because: expect.stringContaining('pgstattuple'),
  })
})

test('an index that settled under inserts in random order is quiet', async () => {
  await database.run(
    'create extension pgstattuple',
    'create table letter (code bigint)',
    'create index letter_code on letter (code)',
    'insert into letter select hashint8(i)::bigint * 1000 + i % 1000 from generate_series(1, 150000) i',
    'analyze letter',
  )
  const [{ density }] = (await database.query(
    "select avg_leaf_density as density from pgstatindex('letter_code')",
  )) as [{ density: number }]
  expect(density).toBeLessThan(80)
  expect(await findings()).toEqual([])
})

test('an index left behind by a mass delete is found, and dense after the remedy', async () => {
  await database.run(...reproductionOf('bloated-index'))
  const found = await findings()
  const finding = found.find(({ subject }) => 'name' in subject && subject.name === 'by weight')
  expect(finding).toMatchObject({ severity: 'warning' })
  for (const each of found) await applyRemedy(each, database)
  expect(await findings()).toEqual([])
  // no undo: nobody wants the air back
  expect(finding?.remedy?.undo).toBeNull()
})
