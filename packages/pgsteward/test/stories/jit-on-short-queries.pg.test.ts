import { afterAll, beforeAll, expect, test } from 'vitest'
import { jitOnShortQueries } from '../../src/checks/query/jit-on-short-queries.ts'
import type { LocalServer } from '../../src/postgres/local-server.ts'
import { JIT_MAJOR, NO_JIT, startJitServer } from '../postgres/jit-server.ts'
import { type PlanStory, planStory } from '../postgres/plan-story.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, undoRemedy } from '../postgres/story.ts'

const statement = reproductionOf('jit-on-short-queries').at(-1)!
let server: LocalServer
let story: PlanStory

beforeAll(async () => {
  if (JIT_MAJOR === null) return
  server = await startJitServer(JIT_MAJOR, { shared_preload_libraries: 'pg_stat_statements' })
  story = await planStory(jitOnShortQueries, { minBusy: 0.0001 }, server.url())
  await story.prepare()
})
afterAll(async () => {
  await story?.end()
  await server?.stop()
})

test.skipIf(JIT_MAJOR === null)(
  `compiling is found where it is most of the work (A4)${JIT_MAJOR === null ? `: ${NO_JIT}` : ''}`,
  async () => {
    await story.client.query('set jit = off')
    for (let time = 0; time < 6; time++) await story.client.query(statement)
    expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' } })

    await story.client.query('set jit = on')
    for (let time = 0; time < 6; time++) await story.client.query(statement)
    const { findings, transitions } = await story.judge()
    expect(transitions).toEqual(['opened'])
    expect(findings).toMatchObject([{ subject: { kind: 'setting', name: 'jit' } }])

    const [before] = await story.database.query<{ jit: string }>('show jit')
    await applyRemedy(findings[0]!, story.database)
    const fresh = await story.database.connect()
    expect((await fresh.query('show jit')).rows).toEqual([{ jit: 'off' }])
    await undoRemedy(findings[0]!, story.database)
    const again = await story.database.connect()
    expect((await again.query('show jit')).rows).toEqual([before])
  },
)
