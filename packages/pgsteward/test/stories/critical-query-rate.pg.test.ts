import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { lineOf } from '../application/program.ts'
import { type ApplicationStory, applicationStory, TARGET } from '../application/story.ts'

const SIX_MINUTES = 6 * 60_000
const PATIENCE = { timeout: 60_000, interval: 100 }
let story: ApplicationStory

beforeAll(async () => {
  story = await applicationStory('critical-query-rate')
})
afterAll(() => story?.end())

const kept = (count: number) =>
  vi.waitFor(
    async () =>
      expect((await story.store.slowQueryCounts(TARGET, story.window())).kept).toBeGreaterThanOrEqual(count),
    PATIENCE,
  )

test('five that are far too slow are found with their place (N2), three are quiet, and it is over once they are quick', async () => {
  const shop = await story.start()
  await shop.visit('/parcels', 3, { together: true })
  await kept(3)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' } })

  await shop.visit('/parcels', 2, { together: true })
  const first = await story.found([
    {
      subject: { kind: 'server' },
      severity: 'warning',
      evidence: expect.arrayContaining([
        { label: 'of them critical', value: 5, unit: 'count' },
        { label: 'sent at', value: lineOf(story.program, 'select pg_sleep'), unit: 'text' },
      ]),
    },
  ])
  expect(first.transitions[0]).toBe('pending')
  story.later(61_000)
  expect(await story.judge()).toMatchObject({ transitions: ['opened'] })

  story.later(SIX_MINUTES)
  await shop.visit('/parcels?seconds=0', 5)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['persisted'] })
  story.later(121_000)
  expect(await story.judge()).toMatchObject({ transitions: ['resolved'] })
})
