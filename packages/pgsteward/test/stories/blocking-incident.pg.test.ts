import { afterAll, beforeAll, expect, test } from 'vitest'
import { blockingIncident } from '../../src/checks/availability/blocking-incident.ts'
import { type Watched, watched } from '../activity/story.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { otherSession } from '../postgres/other-session.ts'
import { reproductionOf } from '../postgres/reproduction.ts'

const [create, insert, begin, hold, wait] = reproductionOf('blocking-incident')
const LIMITS = { minLost: '100ms' }
let database: TestDatabase
let activity: Watched

beforeAll(async () => {
  database = await createDatabase()
  await database.run(create!, insert!)
  activity = watched(database)
})
afterAll(async () => {
  await activity.close()
  await database.drop()
})

/** One session holds the row until the other has waited for it. */
async function blockOnce(): Promise<void> {
  const [holder, waiter] = [await otherSession(database, 'import'), await otherSession(database, 'web')]
  await holder.query(begin!)
  await holder.query(hold!)
  const waiting = waiter.query(wait!)
  await activity.until((incidents) => incidents.length > 0)
  await holder.query('commit')
  await waiting
  await activity.until((incidents) => incidents.length === 0)
  await Promise.all([holder.end(), waiter.end()])
}

test('transactions that make others wait again and again are found when they are over, with both sides', async () => {
  await blockOnce()
  await blockOnce()
  expect(await activity.findings(blockingIncident, LIMITS)).toEqual([])
  await blockOnce()
  const [finding, ...others] = await activity.findings(blockingIncident, LIMITS)
  expect(others).toEqual([])
  expect(finding).toMatchObject({
    subject: { kind: 'query', database: database.name },
    severity: 'info',
    evidence: expect.arrayContaining([
      { label: 'incidents within an hour', value: 3, unit: 'count' },
      {
        label: "blocker's statement",
        value: 'update "Parcel Nö" set weight = ? where id = ? - ?',
        unit: 'text',
      },
      { label: 'blocker sent by', value: 'src/import.ts:12', unit: 'text' },
      { label: 'waiting for', value: 'transactionid ShareLock on public.Parcel Nö', unit: 'text' },
      {
        label: 'waiting statement',
        value: 'update "Parcel Nö" set weight = ? where id = ? - ?',
        unit: 'text',
      },
    ]),
  })
})

test('the same work in transactions that end at once is quiet', async () => {
  activity.forget()
  for (let times = 0; times < 5; times++) {
    const [holder, waiter] = [await otherSession(database, 'import'), await otherSession(database, 'web')]
    await holder.query(`${begin}; ${hold}; commit`)
    await waiter.query(wait!)
    await activity.sample(3)
    await Promise.all([holder.end(), waiter.end()])
  }
  expect(await activity.findings(blockingIncident, LIMITS)).toEqual([])
})
