import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApplicationStory, applicationStory } from '../application/story.ts'

const MINUTE = 60_000
const POST = { method: 'POST' } as const
let story: ApplicationStory

beforeAll(async () => {
  story = await applicationStory('payment-failures')
})
afterAll(() => story?.end())

test('the third payment that fails opens it (N3), declined cards and two failures open nothing, and it is over after half an hour', async () => {
  const shop = await story.start()
  await shop.visit('/orders', 5, POST)
  await shop.visit('/orders?outcome=declined', 4, POST)
  await shop.visit('/orders?outcome=failed', 2, POST)
  await story.told(11)
  // between its limits: it would keep what is open
  expect(await story.judge()).toMatchObject({ findings: [{ sustains: true }], transitions: [] })

  await shop.visit('/orders?outcome=failed', 1, POST)
  const { transitions } = await story.found([
    {
      subject: { kind: 'metric', application: 'shop', name: 'billing.charge' },
      severity: 'warning',
      evidence: expect.arrayContaining([
        { label: 'failed an hour', value: 3, unit: 'count' },
        { label: 'charges in the last hour', value: 12, unit: 'count' },
        { label: 'cards declined in the last hour', value: 4, unit: 'count' },
        { label: 'route', value: 'POST /orders', unit: 'text' },
      ]),
    },
  ])
  expect(transitions[0]).toBe('opened')

  story.later(11 * MINUTE)
  await shop.visit('/orders', 2, POST)
  await story.told(2)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['persisted'] })
  story.later(30 * MINUTE)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['resolved'] })
})
