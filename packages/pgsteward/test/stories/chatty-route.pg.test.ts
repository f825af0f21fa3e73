import { afterAll, beforeAll, expect, test } from 'vitest'
import { lineOf } from '../application/program.ts'
import { type ApplicationStory, applicationStory } from '../application/story.ts'

const ELEVEN_MINUTES = 11 * 60_000
let story: ApplicationStory

beforeAll(async () => {
  story = await applicationStory('chatty-route')
})
afterAll(() => story?.end())

test('a route with forty statements is found, thirty are quiet, and it is over once they are fewer', async () => {
  const shop = await story.start()
  await shop.visit('/parcels?statements=30', 20)
  await story.told(20)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' } })

  await shop.visit('/parcels', 20)
  await story.told(40)
  const { transitions } = await story.found([
    {
      subject: { kind: 'route', application: 'shop', name: 'GET /parcels' },
      evidence: expect.arrayContaining([
        { label: 'statements a request', value: 35, unit: 'count' },
        {
          label: 'heaviest statement',
          value: `SELECT parcel, at ${lineOf(story.program, 'as column_')}`,
          unit: 'text',
        },
      ]),
    },
  ])
  expect(transitions[0]).toBe('opened')

  story.later(ELEVEN_MINUTES)
  await shop.visit('/parcels?statements=5', 25)
  await story.told(25)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['resolved'] })
})
