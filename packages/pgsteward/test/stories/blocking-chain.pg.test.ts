import type pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { blockingChain } from '../../src/checks/availability/blocking-chain.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { otherSession } from '../postgres/other-session.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf } from '../postgres/story.ts'

const SOON = { timeout: 10_000, interval: 50 }
const [create, insert, begin, hold, wait] = reproductionOf('blocking-chain')
let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
  await database.run(create!, insert!)
})
afterAll(() => database.drop())

const findings = (options = {}) =>
  findingsOf(blockingChain, database, { options: { warnAfter: '100ms', ...options } })

async function holdLock(): Promise<pg.Client> {
  const client = await otherSession(database)
  await client.query(begin!)
  await client.query(hold!)
  return client
}

async function queueUp(): Promise<{ readonly over: Promise<unknown> }> {
  const client = await otherSession(database)
  return { over: client.query(wait!) }
}

test('a session that others wait for is found, ended by the remedy, and found again when it happens again', async () => {
  await holdLock()
  const first = await queueUp()
  const finding = await vi.waitUntil(async () => (await findings())[0], SOON)
  expect(finding).toMatchObject({
    severity: 'warning',
    evidence: expect.arrayContaining([
      { label: 'waiting statement', value: 'update parcel set weight = ? where id = ?', unit: 'text' },
      { label: 'blocker is', value: 'idle in transaction', unit: 'text' },
    ]),
  })
  await applyRemedy(finding, database)
  await first.over
  expect(await findings()).toEqual([])

  const holder = await holdLock()
  const second = await queueUp()
  await expect.poll(findings, SOON).toHaveLength(1)
  await holder.query('rollback')
  await second.over
})

test('a wait shorter than the limit is quiet', async () => {
  const holder = await holdLock()
  const { over } = await queueUp()
  await expect.poll(findings, SOON).toHaveLength(1)
  expect(await findings({ warnAfter: '10m' })).toEqual([])
  await holder.query('rollback')
  await over
})

test('a queue is one finding with all its sessions, and critical from three on', async () => {
  const holder = await holdLock()
  const queue = [await queueUp(), await queueUp(), await queueUp()]
  await expect.poll(findings, SOON).toMatchObject([
    {
      severity: 'critical',
      evidence: expect.arrayContaining([{ label: 'sessions waiting', value: 3, unit: 'count' }]),
    },
  ])
  await holder.query('rollback')
  await Promise.all(queue.map((each) => each.over))
})

test('a blocker at work has its statement cancelled, not its session', async () => {
  const holder = await holdLock()
  const working = holder.query('select pg_sleep(600)').catch((error) => error.code)
  const { over } = await queueUp()
  const finding = await vi.waitUntil(async () => (await findings())[0], SOON)
  await applyRemedy(finding, database)
  expect(await working).toBe('57014')
  await over
  await holder.query('rollback')
})
