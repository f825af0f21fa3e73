import { afterAll, beforeAll, expect, test } from 'vitest'
import { orderByLimitIndex } from '../../src/checks/query/order-by-limit-index.ts'
import { type PlanStory, planStory } from '../postgres/plan-story.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, undoRemedy } from '../postgres/story.ts'

const statement = reproductionOf('order-by-limit-index').at(-1)!
let story: PlanStory

beforeAll(async () => {
  story = await planStory(orderByLimitIndex, { minBusy: 0.000001 })
  await story.prepare()
})
afterAll(() => story?.end())

test('a page whose rows come at once is left alone', async () => {
  await story.run('select id, body from "Nachricht" where "Org" = 107 order by sent_at desc limit 10', 10)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' } })
})

test('a walk along the order is found by the log (A4), gone with the index, and found again without it', async () => {
  await story.run(statement, 6)
  const { findings, transitions } = await story.judge()
  expect(transitions).toEqual(['opened'])
  expect(findings).toMatchObject([{ remedy: { sql: [expect.stringContaining('("Org", sent_at)')] } }])
  await applyRemedy(findings[0]!, story.database)
  await story.run(statement, 6)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['resolved'] })
  await undoRemedy(findings[0]!, story.database)
  await story.run(statement, 6)
  expect(await story.judge()).toMatchObject({ transitions: ['opened'] })
})
