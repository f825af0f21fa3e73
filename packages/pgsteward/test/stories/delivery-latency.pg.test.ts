import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApplicationStory, applicationStory } from '../application/story.ts'

const MINUTE = 60_000
const POST = { method: 'POST' } as const
let story: ApplicationStory

beforeAll(async () => {
  story = await applicationStory('delivery-latency')
})
afterAll(() => story?.end())

test('messages that take over 15 s are found (N3), nineteen are quiet, it opens when it lasts, and is over once they are quick', async () => {
  const shop = await story.start()
  await shop.visit('/parcels?times=19&seconds=20', 1, POST)
  await story.told(1)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' } })

  await shop.visit('/parcels?seconds=20', 1, POST)
  const found = [
    {
      subject: { kind: 'metric', application: 'shop', name: 'message.delivery channel=sms' },
      severity: 'warning',
      evidence: expect.arrayContaining([
        { label: 'deliveries', value: 20, unit: 'count' },
        { label: 'slowest in', value: 'POST /parcels', unit: 'text' },
      ]),
    },
  ]
  expect((await story.found(found)).transitions[0]).toBe('pending')
  story.later(2 * MINUTE)
  expect((await story.found(found)).transitions[0]).toBe('opened')

  story.later(11 * MINUTE)
  await shop.visit('/parcels?times=30', 1, POST)
  await story.told(1)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['persisted'] })
  story.later(5 * MINUTE)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['resolved'] })
})
