import { afterAll, beforeAll, expect, test } from 'vitest'
import { missingExtendedStatistics } from '../../src/checks/query/missing-extended-statistics.ts'
import { type PlanStory, planStory } from '../postgres/plan-story.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, undoRemedy } from '../postgres/story.ts'

const statement = reproductionOf('missing-extended-statistics').at(-1)!
let story: PlanStory

beforeAll(async () => {
  story = await planStory(missingExtendedStatistics, { minBusy: 0.000001 })
  await story.prepare()
})
afterAll(() => story?.end())

test('one of the columns alone is estimated well', async () => {
  await story.run(statement.replace(`c.brand = 'brand 4' and `, ''), 6)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' } })
})

test('columns that go together are found (A4), known after the remedy, and found again after its undo', async () => {
  await story.run(statement, 6)
  const { findings, transitions } = await story.judge()
  expect(transitions).toEqual(['opened'])
  expect(findings).toMatchObject([
    {
      subject: { kind: 'table', name: 'Wagen' },
      remedy: { sql: [expect.stringContaining('on "Modell", brand from public."Wagen"'), expect.anything()] },
    },
  ])
  await applyRemedy(findings[0]!, story.database)
  await story.run(statement, 6)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['resolved'] })
  await undoRemedy(findings[0]!, story.database)
  await story.run(statement, 6)
  expect(await story.judge()).toMatchObject({ transitions: ['opened'] })
})
