import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { waitDominates } from '../../src/checks/capacity/wait-dominates.ts'
import { type Watched, watched } from '../activity/story.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { otherSession } from '../postgres/other-session.ts'
import { reproductionOf } from '../postgres/reproduction.ts'

const [create, insert, begin, hold, wait] = reproductionOf('wait-dominates')
let database: TestDatabase
let activity: Watched
let holder: pg.Client
let waiting: Promise<unknown>[]

beforeAll(async () => {
  database = await createDatabase()
  await database.run(create!, insert!)
  activity = watched(database)
  holder = await otherSession(database)
})
afterAll(async () => {
  await activity.close()
  await database.drop()
})

test('a lock that most sessions wait for is found, with its statement and what helps', async () => {
  await holder.query(begin!)
  await holder.query(hold!)
  const waiters = [await otherSession(database), await otherSession(database)]
  waiting = waiters.map((each) => each.query(wait!))
  await activity.until((incidents) => (incidents[0]?.peakWaiting ?? 0) === 2)
  await activity.sample(310)
  expect(await activity.findings(waitDominates)).toMatchObject([
    {
      subject: { kind: 'server' },
      severity: 'info',
      summary: expect.stringContaining('Lock:'),
      evidence: expect.arrayContaining([
        { label: 'what helps', value: expect.stringContaining('row'), unit: 'text' },
        { label: 'by statement', value: expect.stringMatching(/^100 %, query -?\d+/), unit: 'text' },
      ]),
    },
  ])
  expect(await activity.findings(waitDominates, { minSessions: 3 })).toEqual([])
})

test('the same sessions without the lock are quiet', async () => {
  await holder.query('rollback')
  await Promise.all(waiting)
  activity.forget()
  await activity.sample(310)
  expect(await activity.findings(waitDominates)).toEqual([])
})
