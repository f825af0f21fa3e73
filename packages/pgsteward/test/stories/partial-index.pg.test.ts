import { afterAll, beforeAll, expect, test } from 'vitest'
import { partialIndex } from '../../src/checks/index/partial-index.ts'
import { type AdviceStory, adviceStory } from '../postgres/advice-story.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, undoRemedy } from '../postgres/story.ts'

let story: AdviceStory

beforeAll(async () => {
  story = await adviceStory(partialIndex)
})
afterAll(() => story?.end())

test('a condition that holds for most rows is none', async () => {
  await story.database.run(
    'create table letter (id int primary key, state text, depot_id int, note text)',
    "insert into letter select i, case when i % 50 = 0 then 'lost' else 'sent' end, i % 500, repeat('n', 60) from generate_series(1, 50000) i",
    'vacuum analyze letter',
    "select note from letter where state = 'sent' and depot_id = 7",
  )
  await story.seek()
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' } })
})

test('an index on the few rows that are asked for is found (A2), gone with the remedy, found again after its undo', async () => {
  await story.database.run(...reproductionOf('partial-index'))
  for (let call = 0; call < 50; call++)
    await story.database.run(
      'select id, note from parcel where done_at is null and depot_id = 7',
      "insert into parcel select max(id) + 1, now(), 7, 1, 'n' from parcel",
    )
  await story.seek()
  const { findings } = await story.judge()
  const [finding, ...others] = findings
  expect(others).toEqual([])
  expect(finding).toMatchObject({
    subject: { kind: 'index', name: expect.stringMatching(/^parcel .* where .*done_at/) },
    evidence: expect.arrayContaining([expect.objectContaining({ label: 'saved by its condition' })]),
  })
  await applyRemedy(finding!, story.database)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['resolved'] })
  await undoRemedy(finding!, story.database)
  expect(await story.judge()).toMatchObject({ transitions: ['opened'] })
})
