import { afterAll, beforeAll, expect, test } from 'vitest'
import { missingIndex } from '../../src/checks/index/missing-index.ts'
import { type AdviceStory, adviceStory } from '../postgres/advice-story.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, undoRemedy } from '../postgres/story.ts'

let story: AdviceStory

beforeAll(async () => {
  story = await adviceStory(missingIndex)
})
afterAll(() => story?.end())

test('without advice it is skipped; a statement that reads most of a table, or a small one, lacks nothing', async () => {
  expect(await story.judge()).toMatchObject({
    outcome: { status: 'skipped', because: 'no advice has been sought yet' },
  })
  await story.database.run(
    'create table shop (id int primary key, name text)',
    "insert into shop select i, 'shop ' || i from generate_series(1, 100) i",
    'create table letter (id int primary key, weight int, note text)',
    "insert into letter select i, i % 10, 'n' from generate_series(1, 20000) i",
    'vacuum analyze shop',
    'vacuum analyze letter',
    "select id from shop where name = 'shop 7'",
    'select sum(id) from letter where weight > 2',
  )
  await story.seek()
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' } })
})

test('an index that a statement lacks is found (A1), gone with the remedy, found again after its undo', async () => {
  await story.database.run(...reproductionOf('missing-index'))
  await story.seek()
  const { findings, transitions } = await story.judge()
  expect(transitions).toEqual(['opened'])
  const [finding, ...others] = findings
  expect(others).toEqual([])
  expect(finding).toMatchObject({
    subject: { kind: 'index', schema: 'public', name: expect.stringMatching(/^parcel \(shop_id/) },
    evidence: expect.arrayContaining([
      expect.objectContaining({ value: expect.stringContaining('from parcel where shop_id') }),
    ]),
  })
  await applyRemedy(finding!, story.database)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['resolved'] })
  await undoRemedy(finding!, story.database)
  expect(await story.judge()).toMatchObject({ transitions: ['opened'] })
})

test('it is over when a later advice no longer proposes the index', async () => {
  await story.database.run('drop table parcel')
  await story.seek()
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['resolved'] })
})
