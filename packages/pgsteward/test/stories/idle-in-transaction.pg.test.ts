import type pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { idleInTransaction } from '../../src/checks/availability/idle-in-transaction.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { otherSession } from '../postgres/other-session.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf } from '../postgres/story.ts'

const SOON = { timeout: 10_000, interval: 50 }
const [create, ...transaction] = reproductionOf('idle-in-transaction')
let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
  await database.run(create!)
})
afterAll(() => database.drop())

const findings = (options = {}) =>
  findingsOf(idleInTransaction, database, { options: { warnAfter: '100ms', ...options } })

async function forget(): Promise<pg.Client> {
  const client = await otherSession(database)
  for (const statement of transaction) await client.query(statement)
  return client
}

test('a forgotten transaction is found, ended by the remedy, and found again when another forgets', async () => {
  await forget()
  const finding = await vi.waitUntil(async () => (await findings())[0], SOON)
  expect(finding).toMatchObject({
    severity: 'warning',
    evidence: expect.arrayContaining([
      { label: 'statement', value: 'insert into parcel values (?)', unit: 'text' },
    ]),
  })
  await applyRemedy(finding, database)
  await expect.poll(findings, SOON).toEqual([])
  const again = await forget()
  await expect.poll(findings, SOON).toHaveLength(1)
  await again.query('rollback')
})

test('a session that ended its transaction, and one that pauses for less than the limit, are quiet', async () => {
  const client = await forget()
  expect(await findings({ warnAfter: '5m' })).toEqual([])
  await client.query('commit')
  expect(await findings({ warnAfter: '0s' })).toEqual([])
})

test('it is critical once another session waits for it', async () => {
  const holder = await forget()
  await holder.query('lock table parcel in access exclusive mode')
  const waiting = await otherSession(database)
  const waited = waiting.query('select * from parcel')
  await expect.poll(findings, SOON).toMatchObject([{ severity: 'critical' }])
  await holder.query('rollback')
  await waited
})

test('it is critical after long only where it holds back vacuum', async () => {
  const writer = await forget()
  await expect
    .poll(() => findings({ criticalAfter: '100ms' }), SOON)
    .toMatchObject([{ severity: 'critical' }])
  await writer.query('rollback')
  const reader = await otherSession(database)
  await reader.query('begin')
  await reader.query('select 1')
  await expect.poll(() => findings({ criticalAfter: '100ms' }), SOON).toMatchObject([{ severity: 'warning' }])
  await reader.query('rollback')
})
