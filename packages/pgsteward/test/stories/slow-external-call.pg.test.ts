import { afterAll, beforeAll, expect, test } from 'vitest'
import { lineOf } from '../application/program.ts'
import { type ApplicationStory, applicationStory } from '../application/story.ts'

const ELEVEN_MINUTES = 11 * 60_000
let story: ApplicationStory

beforeAll(async () => {
  story = await applicationStory('slow-external-call')
})
afterAll(() => story?.end())

test('a slow carrier is found by route and line, nine calls are quiet, and it is over once it is quick', async () => {
  const shop = await story.start()
  await shop.visit('/parcels', 9, { method: 'POST', together: true })
  await story.told(9)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' } })

  await shop.visit('/parcels', 1, { method: 'POST' })
  const place = lineOf(story.program, 'metrics.timeAsync(')
  const { transitions } = await story.found([
    {
      subject: { kind: 'service', application: 'shop', name: expect.stringMatching(/^127\.0\.0\.1:\d+$/) },
      severity: 'warning',
      summary: expect.stringMatching(new RegExp(`^POST /parcels waits long for .*, at ${place}$`)),
      evidence: expect.arrayContaining([
        { label: 'calls', value: 10, unit: 'count' },
        { label: 'route', value: 'POST /parcels', unit: 'text' },
        { label: 'measured as', value: 'carrier.send', unit: 'text' },
        { label: 'called at', value: place, unit: 'text' },
      ]),
    },
  ])
  expect(transitions[0]).toBe('opened')

  story.later(ELEVEN_MINUTES)
  await shop.visit('/parcels?ms=1', 12, { method: 'POST' })
  await story.told(12)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['resolved'] })
})
