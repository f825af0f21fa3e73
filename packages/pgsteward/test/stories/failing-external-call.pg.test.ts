import { afterAll, beforeAll, expect, test } from 'vitest'
import { lineOf } from '../application/program.ts'
import { type ApplicationStory, applicationStory } from '../application/story.ts'

const ELEVEN_MINUTES = 11 * 60_000
let story: ApplicationStory

beforeAll(async () => {
  story = await applicationStory('failing-external-call')
})
afterAll(() => story?.end())

test('a failing carrier is found as service, and as metric where it refuses (N3), four failures are quiet, and it is over once it answers', async () => {
  const shop = await story.start()
  await shop.visit('/parcels', 16, { method: 'POST' })
  await shop.visit('/parcels?how=fail', 4, { method: 'POST' })
  await story.told(20)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' } })

  await shop.visit('/parcels?how=fail', 1, { method: 'POST' })
  const place = lineOf(story.program, '.timeAsync(')
  const { transitions } = await story.found([
    {
      subject: { kind: 'service', application: 'shop' },
      severity: 'warning',
      summary: expect.stringMatching(new RegExp(`fail, most in POST /parcels, at ${place}$`)),
      evidence: expect.arrayContaining([
        { label: 'failures', value: 5, unit: 'count' },
        { label: 'measured as', value: 'carrier.send', unit: 'text' },
      ]),
    },
  ])
  expect(transitions[0]).toBe('opened')

  // it answers 200 and refuses all the same
  await shop.visit('/parcels?how=refuse', 5, { method: 'POST' })
  await story.told(26)
  await story.found([
    { subject: { kind: 'service' } },
    {
      subject: { kind: 'metric', application: 'shop', name: 'carrier.send' },
      summary: `carrier.send of shop fails, most in POST /parcels, at ${place}`,
      evidence: expect.arrayContaining([{ label: 'failures', value: 10, unit: 'count' }]),
    },
  ])

  story.later(ELEVEN_MINUTES)
  await shop.visit('/parcels', 5, { method: 'POST' })
  await story.told(5)
  expect(await story.judge()).toMatchObject({
    outcome: { status: 'quiet' },
    transitions: ['resolved', 'resolved'],
  })
})
