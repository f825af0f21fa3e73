import { afterAll, beforeAll, expect, test } from 'vitest'
import { spillingSortOrHash } from '../../src/checks/query/spilling-sort-or-hash.ts'
import { type PlanStory, planStory } from '../postgres/plan-story.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, undoRemedy } from '../postgres/story.ts'

const statement = reproductionOf('spilling-sort-or-hash').at(-1)!
let story: PlanStory

beforeAll(async () => {
  story = await planStory(spillingSortOrHash)
  await story.prepare()
})
afterAll(() => story?.end())

/** What a new session of the role gets. */
async function workMemOfRole(): Promise<string> {
  const [row] = await story.database.query<{ setting: string }>(
    `select pg_catalog.array_to_string(s.setconfig, ',') as setting from pg_catalog.pg_db_role_setting s
       join pg_catalog.pg_database d on d.oid = s.setdatabase where d.datname = current_database()`,
  )
  return row?.setting ?? ''
}

test('a sort that fits is left alone', async () => {
  await story.run('select count(*) from (select id from letter where id < 1000 order by title offset 1) x', 6)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' } })
})

test('the sort that spills is found (A4), and the memory that is proposed holds it', async () => {
  await story.run(statement, 6)
  const { findings, transitions } = await story.judge()
  expect(transitions).toEqual(['opened'])
  expect(findings).toMatchObject([
    { summary: 'The Sort of a statement does not fit into work_mem and goes to disk' },
  ])
  await applyRemedy(findings[0]!, story.database)
  const workMem = /work_mem=(\w+)/.exec(await workMemOfRole())![1]!
  // a new session of the role has it
  await story.client.query(`set work_mem = '${workMem}'`)
  await story.judge()
  await story.run(statement, 6)
  const after = await story.judge()
  expect(after).toMatchObject({ outcome: { status: 'quiet' } })
  await undoRemedy(findings[0]!, story.database)
  expect(await workMemOfRole()).toBe('')
})
