import { afterAll, beforeAll, expect, test } from 'vitest'
import { redundantIndex } from '../../src/checks/index/redundant-index.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf, undoRemedy } from '../postgres/story.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

const findings = () => findingsOf(redundantIndex, database, { options: { minSize: '100kB' } })

test('near misses are quiet: unique rules, other orders, operator classes, predicates, INCLUDE', async () => {
  await database.run(
    'create table letter (id bigint primary key, place text, weight int, note text)',
    "insert into letter select i, 'shelf ' || i, i, 'n' from generate_series(1, 20000) i",
    'create unique index letter_place_once on letter (place)',
    'create index letter_place_weight on letter (place, weight)',
    'create index letter_place_pattern on letter (place text_pattern_ops)',
    'create index letter_weight_some on letter (weight) where note is not null',
    'create index letter_weight_note on letter (weight desc, note)',
    'create index letter_note_include on letter (note) include (id)',
    'create index letter_note_place on letter (note, place)',
  )
  expect(await findings()).toEqual([])
})

test('the beginning of a longer index is found, gone with the remedy, and found again after its undo', async () => {
  await database.run(...reproductionOf('redundant-index'))
  const [finding, ...others] = await findings()
  expect(others).toEqual([])
  expect(finding).toMatchObject({ subject: { kind: 'index', name: 'by weight' } })
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
  await undoRemedy(finding!, database)
  expect(await findings()).toHaveLength(1)
})
