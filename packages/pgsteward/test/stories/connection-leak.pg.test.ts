import { afterAll, beforeAll, expect, test } from 'vitest'
import { lineOf } from '../application/program.ts'
import { type ApplicationStory, applicationStory } from '../application/story.ts'

const ELEVEN_MINUTES = 11 * 60_000
let story: ApplicationStory

beforeAll(async () => {
  story = await applicationStory('connection-leak', { warnAfter: '1s' })
})
afterAll(() => story?.end())

test('a connection that is not given back is found by its line (I6), one that is is quiet, and it is over after a restart', async () => {
  const shop = await story.start()
  await shop.visit('/report', 20)
  await story.told(20)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' } })

  await shop.visit('/report?leak', 1)
  const { findings, transitions } = await story.found()
  const place = lineOf(story.program, 'pool.connect()')
  expect(findings).toMatchObject([
    {
      subject: { kind: 'pool', application: 'shop' },
      severity: 'warning',
      summary: expect.stringMatching(new RegExp(`taken at ${place}$`)),
      evidence: expect.arrayContaining([
        { label: 'taken at', value: place, unit: 'text' },
        { label: 'connections at work', value: 1, unit: 'count' },
      ]),
    },
  ])
  expect(transitions).toEqual(['opened'])

  await shop.stop()
  story.later(ELEVEN_MINUTES)
  const restarted = await story.start()
  await restarted.visit('/report', 5)
  await story.told(5)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['resolved'] })
})
