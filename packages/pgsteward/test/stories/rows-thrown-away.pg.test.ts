import { afterAll, beforeAll, expect, test } from 'vitest'
import { rowsThrownAway } from '../../src/checks/query/rows-thrown-away.ts'
import { type PlanStory, planStory } from '../postgres/plan-story.ts'
import { reproductionOf } from '../postgres/reproduction.ts'

const statement = reproductionOf('rows-thrown-away').at(-1)!
let story: PlanStory

beforeAll(async () => {
  story = await planStory(rowsThrownAway, { minBusy: 0.000001, minRowsPerSecond: 1 })
  await story.prepare()
})
afterAll(() => story?.end())

test('a scan that keeps most of what it reads is left alone', async () => {
  await story.run('select id, note from parcel where weight > 30', 6)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' } })
})

test('a scan for a few rows is found by its plan alone (A4), and is over once an index serves it', async () => {
  await story.run(statement, 20, 'not logged')
  const { findings, transitions } = await story.judge()
  expect(transitions).toEqual(['opened'])
  expect(findings).toMatchObject([
    { summary: 'A filter throws away nearly all rows that are read from parcel' },
  ])
  await story.database.run('create index on parcel (weight)')
  await story.run(statement, 20, 'not logged')
  const after = await story.judge()
  expect(after).toMatchObject({ outcome: { status: 'quiet' } })
  expect(after.transitions).toContain('resolved')
})
