import { afterAll, beforeAll, expect, test } from 'vitest'
import { lineOf } from '../application/program.ts'
import { type ApplicationStory, applicationStory } from '../application/story.ts'

const ELEVEN_MINUTES = 11 * 60_000
let story: ApplicationStory

beforeAll(async () => {
  story = await applicationStory('slow-route')
})
afterAll(() => story?.end())

test('a slow route is found with what it waits for, nineteen requests are quiet, and it is over once it is quick', async () => {
  const shop = await story.start()
  await shop.visit('/parcels', 19, { together: true })
  await story.told(19)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' } })

  await shop.visit('/parcels', 1)
  const { transitions } = await story.found([
    {
      subject: { kind: 'route', application: 'shop', name: 'GET /parcels' },
      severity: 'warning',
      evidence: expect.arrayContaining([
        { label: 'requests', value: 20, unit: 'count' },
        { label: 'statements a request', value: 1, unit: 'count' },
        {
          label: 'heaviest statement',
          value: `SELECT, at ${lineOf(story.program, 'select pg_sleep')}`,
          unit: 'text',
        },
      ]),
    },
  ])
  expect(transitions[0]).toBe('opened')

  story.later(ELEVEN_MINUTES)
  await shop.visit('/parcels?seconds=0', 30)
  await story.told(30)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['resolved'] })
})
