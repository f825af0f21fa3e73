import { afterAll, beforeAll, expect, test } from 'vitest'
import { stalePlanStatistics } from '../../src/checks/query/stale-plan-statistics.ts'
import { type PlanStory, planStory } from '../postgres/plan-story.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy } from '../postgres/story.ts'

const statement = reproductionOf('stale-plan-statistics').at(-1)!
let story: PlanStory

beforeAll(async () => {
  story = await planStory(stalePlanStatistics, { minBusy: 0.000001 })
  await story.prepare()
})
afterAll(() => story?.end())

test('a statement of the same table whose plan is right is left alone', async () => {
  await story.run('select id from "Korb" where id = 17', 6)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' } })
})

test('the table whose statistics mislead a plan is found (A4), and is over after the remedy', async () => {
  await story.run(statement, 6)
  const { findings, transitions } = await story.judge()
  expect(transitions).toEqual(['opened'])
  expect(findings).toMatchObject([{ subject: { kind: 'table', name: 'Korb' }, remedy: { undo: null } }])
  await applyRemedy(findings[0]!, story.database)
  await story.run(statement, 6)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['resolved'] })
})
