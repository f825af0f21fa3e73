import { afterAll, beforeAll, expect, test } from 'vitest'
import { nestedLoopMisestimate } from '../../src/checks/query/nested-loop-misestimate.ts'
import { type PlanStory, planStory } from '../postgres/plan-story.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy } from '../postgres/story.ts'

// a few calls in ten minutes keep nobody busy
const OPTIONS = { minBusy: 0.000001 }
const statement = reproductionOf('nested-loop-misestimate').at(-1)!
let story: PlanStory

beforeAll(async () => {
  story = await planStory(nestedLoopMisestimate, OPTIONS)
  await story.prepare()
})
afterAll(() => story?.end())

test('a nested loop over as many rows as expected is left alone', async () => {
  await story.run(
    'select b.id, l.sku from basket b join basket_line l on l.basket_id = b.id where b.id = 5',
    10,
  )
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' } })
})

test('one that was chosen for a row and got thousands is found (A4), and is over after the remedy', async () => {
  await story.run(statement, 6)
  const { findings, transitions } = await story.judge()
  expect(transitions).toEqual(['opened'])
  expect(findings).toMatchObject([
    {
      subject: { kind: 'query' },
      evidence: expect.arrayContaining([
        { label: 'the estimate goes wrong at', value: 'Seq Scan on basket b', unit: 'text' },
      ]),
      remedy: { sql: ['analyze public.basket'], undo: null },
    },
  ])
  await applyRemedy(findings[0]!, story.database)
  await story.run(statement, 6)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['resolved'] })
})
