import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApplicationStory, applicationStory } from '../application/story.ts'

const MINUTE = 60_000
const POST = { method: 'POST' } as const
let story: ApplicationStory

beforeAll(async () => {
  story = await applicationStory('delivery-failures')
})
afterAll(() => story?.end())

test('a burst of twenty failures is critical at once (N3), however many arrive; nine open nothing; over soon after its end', async () => {
  const shop = await story.start()
  await shop.visit('/parcels?times=5000', 1, POST)
  await shop.visit('/parcels?times=9&fail', 1, POST)
  await story.told(2)
  // between its limits: it would keep what is open
  expect(await story.judge()).toMatchObject({ findings: [{ sustains: true }], transitions: [] })

  await shop.visit('/parcels?times=11&fail', 1, POST)
  const { transitions } = await story.found([
    {
      subject: { kind: 'metric', application: 'shop', name: 'message.delivery' },
      severity: 'critical',
      evidence: expect.arrayContaining([
        { label: 'failed in the last hour', value: 20, unit: 'count' },
        { label: 'channel', value: 'sms', unit: 'text' },
        { label: 'route', value: 'POST /parcels', unit: 'text' },
      ]),
    },
  ])
  expect(transitions[0]).toBe('opened')

  story.later(11 * MINUTE)
  await shop.visit('/parcels?times=20', 1, POST)
  await story.told(1)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['persisted'] })
  story.later(10 * MINUTE)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['resolved'] })
})
