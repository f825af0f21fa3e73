import { afterAll, beforeAll, expect, test } from 'vitest'
import { lineOf } from '../application/program.ts'
import { type ApplicationStory, applicationStory } from '../application/story.ts'

const ELEVEN_MINUTES = 11 * 60_000
let story: ApplicationStory

beforeAll(async () => {
  story = await applicationStory('repeated-statement')
})
afterAll(() => story?.end())

test('a statement a row is found by route and line (I5), nine rows are quiet, and it is over once they are loaded together', async () => {
  const shop = await story.start()
  await shop.visit('/parcels?limit=9', 5)
  await shop.visit('/mended', 5)
  await story.told(10)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' } })

  await shop.visit('/parcels', 5)
  const place = lineOf(story.program, 'from recipient where parcel_id = $1')
  const [{ queryid }] = (await story.database.query(
    "select queryid::text from pg_stat_statements where query = 'select name from recipient where parcel_id = $1'",
  )) as [{ queryid: string }]
  const { transitions } = await story.found([
    {
      subject: { kind: 'call-site', application: 'shop', name: 'GET /parcels: SELECT recipient' },
      summary: `GET /parcels sends SELECT recipient again and again, at ${place}`,
      evidence: expect.arrayContaining([
        { label: 'repetitions a request', value: 12, unit: 'count' },
        { label: 'route', value: 'GET /parcels', unit: 'text' },
        { label: 'sent at', value: place, unit: 'text' },
        { label: 'query id', value: queryid, unit: 'text' },
      ]),
    },
  ])
  expect(transitions[0]).toBe('opened')

  story.later(ELEVEN_MINUTES)
  await shop.visit('/mended', 5)
  await story.told(5)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['resolved'] })
})
