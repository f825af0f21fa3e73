import type pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { longTransaction } from '../../src/checks/availability/long-transaction.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { otherSession } from '../postgres/other-session.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf } from '../postgres/story.ts'

const SOON = { timeout: 10_000, interval: 50 }
const [create, ...batch] = reproductionOf('long-transaction')
let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
  await database.run(create!)
})
afterAll(() => database.drop())

const findings = (options = {}) =>
  findingsOf(longTransaction, database, { options: { warnAfter: '900ms', ...options } })

async function work(): Promise<pg.Client> {
  const client = await otherSession(database)
  for (const statement of batch) await client.query(statement)
  return client
}

test('a batch in one transaction is found, ended by the remedy, and found again when it starts again', async () => {
  await work()
  const finding = await vi.waitUntil(async () => (await findings())[0], SOON)
  expect(finding).toMatchObject({ subject: { kind: 'backend' }, severity: 'warning' })
  await applyRemedy(finding, database)
  await expect.poll(findings, SOON).toEqual([])
  const again = await work()
  await expect.poll(findings, SOON).toHaveLength(1)
  await again.query('commit')
  expect(await findings()).toEqual([])
})

test('a younger transaction, and one that idle-in-transaction reports, are quiet', async () => {
  const client = await work()
  expect(await findings({ warnAfter: '30m' })).toEqual([])
  await expect.poll(() => findings({ idleIsOtherCheckAfter: '200ms' }), SOON).toEqual([])
  await client.query('commit')
})

test('one long statement is no long transaction', async () => {
  const client = await otherSession(database)
  const sleeping = client.query('select pg_sleep(3)')
  const isOld = async () =>
    (
      await database.query(
        "select 1 from pg_stat_activity where query like '%pg_sleep(3)%' and pid <> pg_backend_pid() and clock_timestamp() - xact_start > '1500ms' and state = 'active'",
      )
    ).length
  await expect.poll(isOld, SOON).toBe(1)
  expect(await findings()).toEqual([])
  await sleeping
})
