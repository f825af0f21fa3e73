import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApplicationStory, applicationStory } from '../application/story.ts'

const MINUTE = 60_000
let story: ApplicationStory

beforeAll(async () => {
  story = await applicationStory('error-rate')
})
afterAll(() => story?.end())

test('an application of which one request in twenty fails is critical at once (N3), fewer requests are quiet, and it is over once it answers', async () => {
  const shop = await story.start()
  await shop.visit('/parcels', 94, { together: true })
  await shop.visit('/parcels?fail', 5)
  await story.told(99)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' } })

  await shop.visit('/parcels', 1)
  const { transitions } = await story.found([
    {
      subject: { kind: 'application', name: 'shop' },
      severity: 'critical',
      summary: 'Requests of shop fail, most of GET /parcels',
      evidence: expect.arrayContaining([
        { label: 'failed', value: 0.05, unit: 'ratio' },
        { label: 'its failed requests', value: 5, unit: 'count' },
      ]),
    },
  ])
  expect(transitions[0]).toBe('opened')
  story.later(3 * MINUTE)
  await shop.visit('/parcels', 100, { together: true })
  await story.told(200)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['persisted'] })
  story.later(3 * MINUTE)
  await shop.visit('/parcels', 100, { together: true })
  await story.told(300)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['resolved'] })
})
