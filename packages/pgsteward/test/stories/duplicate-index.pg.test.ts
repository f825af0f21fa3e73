import { afterAll, beforeAll, expect, test } from 'vitest'
import { duplicateIndex } from '../../src/checks/index/duplicate-index.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf, undoRemedy } from '../postgres/story.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

const findings = () => findingsOf(duplicateIndex, database)

test('near misses are quiet: operator class, order, collation, predicate, INCLUDE, method, a longer one', async () => {
  await database.run(
    'create table letter (id bigint primary key, place text, weight int, during int4range)',
    "insert into letter select i, 'shelf ' || i, i, int4range(i, i + 1) from generate_series(1, 20000) i",
    'create index letter_place on letter (place)',
    'create index letter_place_pattern on letter (place text_pattern_ops)',
    'create index letter_place_down on letter (place desc)',
    'create index letter_place_c on letter (place collate "C")',
    'create index letter_place_some on letter (place) where weight > 100',
    'create index letter_place_more on letter (place) include (weight)',
    'create index letter_place_hash on letter using hash (place)',
    'create index letter_place_lower on letter (lower(place))',
    'create index letter_place_weight on letter (place, weight)',
    'create index letter_during on letter using gist (during)',
    'alter table letter add constraint letter_apart exclude using gist (during with &&)',
  )
  expect(await findings()).toEqual([])
})

test('a second index of the same is found, gone with the remedy, and found again after its undo', async () => {
  await database.run(...reproductionOf('duplicate-index'))
  const [finding, ...others] = await findings()
  expect(others).toEqual([])
  expect(finding).toMatchObject({ subject: { kind: 'index', name: 'weight again' } })
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
  await undoRemedy(finding!, database)
  expect(await findings()).toHaveLength(1)
  await applyRemedy(finding!, database)
})

test('a unique constraint beside the primary key goes and comes back as a constraint', async () => {
  await database.run('alter table "Parcel Nö" add constraint "Id once" unique (id)')
  const [finding] = await findings()
  expect(finding).toMatchObject({ subject: { name: 'Id once' } })
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
  await undoRemedy(finding!, database)
  expect(await findings()).toHaveLength(1)
  await applyRemedy(finding!, database)
})

test('on a partitioned table the parent speaks, once, and partitions take part in remedy and undo', async () => {
  await database.run(
    'create table event (at date, kind int) partition by range (at)',
    "create table event_26 partition of event for values from ('2026-01-01') to ('2027-01-01')",
    "insert into event select '2026-03-01', i from generate_series(1, 30000) i",
    'create index event_kind on event (kind)',
    'create index event_kind_again on event (kind)',
  )
  const [finding, ...others] = await findings()
  expect(others).toEqual([])
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
  await undoRemedy(finding!, database)
  expect(await findings()).toHaveLength(1)
})
