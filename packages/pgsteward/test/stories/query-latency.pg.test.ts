import { afterAll, beforeAll, expect, test } from 'vitest'
import { lineOf } from '../application/program.ts'
import { type ApplicationStory, applicationStory } from '../application/story.ts'

const ELEVEN_MINUTES = 11 * 60_000
let story: ApplicationStory

beforeAll(async () => {
  story = await applicationStory('query-latency')
})
afterAll(() => story?.end())

test('statements that are slow together are found with the heaviest (N2), a few are quiet, and it is over once they are quick', async () => {
  const shop = await story.start()
  await shop.visit('/parcels', 40, { together: true })
  await story.told(40)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' } })

  await shop.visit('/parcels', 10, { together: true })
  const first = await story.found([
    {
      subject: { kind: 'application', name: 'shop' },
      severity: 'warning',
      evidence: expect.arrayContaining([
        { label: 'statements', value: 50, unit: 'count' },
        { label: 'heaviest', value: 'GET /parcels: SELECT', unit: 'text' },
        { label: 'sent at', value: lineOf(story.program, 'select pg_sleep'), unit: 'text' },
      ]),
    },
  ])
  expect(first.transitions[0]).toBe('pending')
  story.later(121_000)
  expect(await story.judge()).toMatchObject({ transitions: ['opened'] })

  story.later(ELEVEN_MINUTES)
  await shop.visit('/parcels?seconds=0', 60)
  await story.told(60)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['persisted'] })
  story.later(121_000)
  expect(await story.judge()).toMatchObject({ transitions: ['resolved'] })
})
