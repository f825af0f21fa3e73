import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { longRunningQuery } from '../../src/checks/availability/long-running-query.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { otherSession } from '../postgres/other-session.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf } from '../postgres/story.ts'

const SOON = { timeout: 10_000, interval: 50 }
const [slow] = reproductionOf('long-running-query')
let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

const findings = (options = {}) =>
  findingsOf(longRunningQuery, database, { options: { warnAfter: '300ms', ...options } })

test('a statement that runs for long is found, cancelled by the remedy, and found again when it runs again', async () => {
  const client = await otherSession(database)
  const first = client.query(slow!).catch((error) => error.code)
  const finding = await vi.waitUntil(async () => (await findings())[0], SOON)
  expect(finding).toMatchObject({ subject: { kind: 'backend' }, severity: 'warning' })
  expect(await findings({ warnAfter: '10m' })).toEqual([])
  await applyRemedy(finding, database)
  expect(await first).toBe('57014')
  await expect.poll(findings, SOON).toEqual([])

  const second = client.query(slow!).catch((error) => error.code)
  const again = await vi.waitUntil(async () => (await findings())[0], SOON)
  await applyRemedy(again, database)
  await second
})

test('a statement that waits for a lock is another check’s matter', async () => {
  await database.run('create table parcel (id int)')
  const holder = await otherSession(database)
  await holder.query('begin')
  await holder.query('lock table parcel')
  const client = await otherSession(database)
  const waiting = client.query('select * from parcel')
  const isWaiting = async () =>
    (
      await database.query(
        "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database() and clock_timestamp() - query_start > '500ms'",
      )
    ).length
  await expect.poll(isWaiting, SOON).toBe(1)
  expect(await findings()).toEqual([])
  await holder.query('rollback')
  await waiting
})

test('an application that is named as slow by nature is left alone', async () => {
  const client = await otherSession(database)
  await client.query("set application_name = 'reports'")
  const running = client.query(slow!).catch((error) => error.code)
  const finding = await vi.waitUntil(async () => (await findings())[0], SOON)
  expect(await findings({ ignoreApplications: ['reports'] })).toEqual([])
  await applyRemedy(finding, database)
  await running
})
