import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { lineOf } from '../application/program.ts'
import { type ApplicationStory, applicationStory, TARGET } from '../application/story.ts'

const ELEVEN_MINUTES = 11 * 60_000
let story: ApplicationStory

beforeAll(async () => {
  story = await applicationStory('slow-application-query')
})
afterAll(() => story?.end())

test('three slow ones are found by route, line and query id (S3), two are quiet, and it is over once it is quick', async () => {
  const shop = await story.start()
  await shop.visit('/parcels', 2)
  await story.told(2)
  await vi.waitFor(
    async () => expect(await story.store.slowQueryCounts(TARGET, story.window())).toMatchObject({ kept: 2 }),
    { timeout: 60_000, interval: 100 },
  )
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' } })

  await shop.visit('/parcels', 1)
  const place = lineOf(story.program, 'pg_sleep($2) from parcel')
  const [{ queryid }] = (await story.database.query(
    "select queryid::text from pg_stat_statements where query like 'select id, pg_sleep(%'",
  )) as [{ queryid: string }]
  const { transitions } = await story.found([
    {
      subject: { kind: 'call-site', application: 'shop', name: 'GET /parcels: SELECT parcel' },
      severity: 'warning',
      summary: `GET /parcels waits long for SELECT parcel, at ${place}`,
      evidence: expect.arrayContaining([
        { label: 'single slow ones', value: 3, unit: 'count' },
        { label: 'sent at', value: place, unit: 'text' },
        { label: 'query id', value: queryid, unit: 'text' },
      ]),
    },
  ])
  expect(transitions[0]).toBe('opened')

  story.later(ELEVEN_MINUTES)
  await shop.visit('/parcels?seconds=0', 5)
  await story.told(5)
  expect(await story.judge()).toMatchObject({ outcome: { status: 'quiet' }, transitions: ['resolved'] })
})
