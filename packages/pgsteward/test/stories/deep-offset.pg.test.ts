import { afterAll, beforeAll, expect, test } from 'vitest'
import { lineOf } from '../application/program.ts'
import { type ApplicationStory, applicationStory } from '../application/story.ts'

const ELEVEN_MINUTES = 11 * 60_000
let story: ApplicationStory

beforeAll(async () => {
  story = await applicationStory('deep-offset')
})
afterAll(() => story?.end())

test('far pages are found by route and line, near ones are quiet, and it is over once nobody reads that far', async () => {
  const shop = await story.start()
  await shop.visit('/parcels?page=19', 10)
  await story.told(10)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' } })

  await shop.visit('/parcels', 20)
  const place = lineOf(story.program, 'order by id limit')
  const { transitions } = await story.found([
    {
      subject: { kind: 'call-site', application: 'shop', name: 'GET /parcels: SELECT parcel' },
      summary: `GET /parcels pages SELECT parcel by OFFSET, and the server reads everything before, at ${place}`,
      evidence: expect.arrayContaining([
        { label: 'rows passed over a call', value: (10 * 950 + 20 * 4000) / 30, unit: 'count' },
        { label: 'rows returned a call', value: 50, unit: 'count' },
        { label: 'sent at', value: place, unit: 'text' },
      ]),
    },
  ])
  expect(transitions[0]).toBe('opened')

  story.later(ELEVEN_MINUTES)
  await shop.visit('/parcels?page=0', 20)
  await story.told(20)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['resolved'] })
})
