import { afterAll, beforeAll, expect, test } from 'vitest'
import { lateOrFilter } from '../../src/checks/query/late-or-filter.ts'
import { type PlanStory, planStory } from '../postgres/plan-story.ts'
import { reproductionOf } from '../postgres/reproduction.ts'

const statement = reproductionOf('late-or-filter').at(-1)!
// as the finding says: the two halves, the second without what the first has
const rewritten = `${statement.split(' where ')[0]} where c.email = 'c17@example.com'
  union all ${statement.split(' where ')[0]} where i.number = 'R99' and (c.email = 'c17@example.com') is not true`
let story: PlanStory

beforeAll(async () => {
  story = await planStory(lateOrFilter, { minBusy: 0.000001 })
  await story.prepare()
})
afterAll(() => story?.end())

test('a condition on one of the tables is left alone', async () => {
  await story.run(`${statement.split(' or ')[0]}`, 6, 'not logged')
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' } })
})

test('an OR across tables is found by its plan alone (A4)', async () => {
  await story.run(statement, 6, 'not logged')
  const { findings, transitions } = await story.judge()
  expect(transitions).toEqual(['opened'])
  expect(findings).toMatchObject([
    { evidence: expect.arrayContaining([expect.objectContaining({ label: 'Rewrite' })]) },
  ])
})

test('the rewrite returns the same rows, and is quiet', async () => {
  const rows = async (sql: string) => (await story.client.query(`${sql}`)).rows.map(({ id }) => id).sort()
  expect(await rows(rewritten)).toEqual(await rows(statement))
  await story.judge()
  await story.run(rewritten, 6)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' } })
})
