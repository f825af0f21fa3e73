import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApplicationStory, applicationStory } from '../application/story.ts'

const ELEVEN_MINUTES = 11 * 60_000
let story: ApplicationStory

beforeAll(async () => {
  story = await applicationStory('failing-route')
})
afterAll(() => story?.end())

test('a failing route is found, four errors are quiet, half of them are critical, and it is over once it answers', async () => {
  const shop = await story.start()
  await shop.visit('/parcels', 16)
  await shop.visit('/parcels?fail', 4)
  await story.told(20)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' } })

  await shop.visit('/parcels?fail', 1)
  expect(await story.found()).toMatchObject({
    findings: [
      { subject: { kind: 'route', application: 'shop', name: 'GET /parcels' }, severity: 'warning' },
    ],
    transitions: ['opened'],
  })
  await shop.visit('/parcels?fail', 30)
  await story.told(51)
  expect(await story.judge()).toMatchObject({
    findings: [
      {
        severity: 'critical',
        evidence: expect.arrayContaining([{ label: 'failed requests', value: 35, unit: 'count' }]),
      },
    ],
    transitions: ['worsened'],
  })

  story.later(ELEVEN_MINUTES)
  await shop.visit('/parcels', 5)
  await story.told(5)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['resolved'] })
})
