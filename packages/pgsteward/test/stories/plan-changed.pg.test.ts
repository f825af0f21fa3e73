import { afterAll, beforeAll, expect, test } from 'vitest'
import { planChanged } from '../../src/checks/query/plan-changed.ts'
import { type PlanStory, planStory } from '../postgres/plan-story.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy } from '../postgres/story.ts'

const page = reproductionOf('plan-changed')
const [create, load] = [page.slice(0, 5), page.slice(5, -1)]
const statement = page.at(-1)!
const CALLS = 30
let story: PlanStory

beforeAll(async () => {
  story = await planStory(planChanged, { lostMsPerMinute: 1 })
})
afterAll(() => story.end())

/** Two rounds: in the first the plan is seen, in the second what a call takes with it. */
async function interval(times = CALLS) {
  await story.run(statement, times, 'not logged')
  const first = await story.judge()
  await story.run(statement, times, 'not logged')
  const second = await story.judge()
  // in which of the two it ends depends on which plan was asked for first
  return { ...second, transitions: [...first.transitions, ...second.transitions] }
}

test('a plan that flips by stale statistics is found within two intervals, and quiet after ANALYZE', async () => {
  await story.database.run(...create, 'grant select on all tables in schema public to test_monitor')
  await story.judge()
  expect(await interval()).toMatchObject({ findings: [] })

  await story.database.run(...load)
  const { findings, transitions } = await interval()
  expect(findings).toMatchObject([
    {
      subject: { kind: 'query', database: story.database.name },
      summary: expect.stringContaining('the statistics of parcel are out of date'),
      evidence: expect.arrayContaining([
        {
          label: 'what differs',
          value: expect.stringMatching(/Node Type "Index Scan", not "Bitmap Heap Scan"/),
          unit: 'text',
        },
      ]),
      remedy: { sql: ['analyze public.parcel'] },
    },
  ])
  expect(transitions).toContain('opened')

  await applyRemedy(findings[0]!, story.database)
  const mended = await interval()
  expect(mended.findings).toEqual([])
  expect(mended.transitions).toContain('resolved')
})

test('an index that comes, and another plan with it that is no slower, is quiet', async () => {
  await story.database.run('create index on parcel (customer, depot)', 'vacuum analyze parcel')
  expect(await interval()).toMatchObject({ findings: [] })
})
