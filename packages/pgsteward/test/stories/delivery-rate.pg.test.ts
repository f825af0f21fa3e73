import { afterAll, beforeAll, expect, test } from 'vitest'
import { lineOf } from '../application/program.ts'
import { type ApplicationStory, applicationStory } from '../application/story.ts'

const MINUTE = 60_000
const POST = { method: 'POST' } as const
let story: ApplicationStory

beforeAll(async () => {
  story = await applicationStory('delivery-rate')
})
afterAll(() => story?.end())

test('a channel that loses one message in twenty is found (N3), four failures are quiet, and it is over once all arrive', async () => {
  const shop = await story.start()
  await shop.visit('/parcels?times=95', 1, POST)
  await shop.visit('/parcels?fail', 4, POST)
  await story.told(5)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' } })

  await shop.visit('/parcels?fail', 1, POST)
  const found = [
    {
      subject: { kind: 'metric', application: 'shop', name: 'message.delivery channel=sms' },
      severity: 'warning',
      evidence: expect.arrayContaining([
        { label: 'failed', value: 5, unit: 'count' },
        { label: 'deliveries', value: 100, unit: 'count' },
        { label: 'route', value: 'POST /parcels', unit: 'text' },
        { label: 'measured at', value: lineOf(story.program, 'recordDelivery'), unit: 'text' },
      ]),
    },
  ]
  expect((await story.found(found)).transitions[0]).toBe('pending')
  story.later(MINUTE)
  expect((await story.found(found)).transitions[0]).toBe('opened')

  story.later(11 * MINUTE)
  await shop.visit('/parcels?times=20', 1, POST)
  await story.told(1)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['persisted'] })
  story.later(5 * MINUTE)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['resolved'] })
})
