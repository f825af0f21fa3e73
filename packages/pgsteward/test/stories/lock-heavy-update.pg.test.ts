import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { lockHeavyUpdate } from '../../src/checks/query/lock-heavy-update.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { otherSession } from '../postgres/other-session.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { findingsOf } from '../postgres/story.ts'

const SOON = { timeout: 20_000, interval: 50 }
const [create, insert, begin, hold, wait] = reproductionOf('lock-heavy-update')
let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
  await database.run('create extension pg_stat_statements', create!, insert!)
})
afterAll(() => database.drop())

const waiters = async () =>
  Number(
    (
      await database.query<{ count: string }>(
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      )
    )[0]?.count,
  )
// the statement must be counted in pg_stat_statements, which it is when it ends
const findings = () => findingsOf(lockHeavyUpdate, database, { between: () => database.run(wait!) })

async function queue(sessions: number): Promise<() => Promise<void>> {
  const holder = await otherSession(database)
  const queued = await Promise.all(Array.from({ length: sessions }, () => otherSession(database)))
  await holder.query(begin!)
  await holder.query(hold!.replace('id = 1', 'id = 2'))
  const over = queued.map((client) => client.query(wait!.replace('id = 1', 'id = 2')))
  await vi.waitUntil(async () => (await waiters()) === sessions, SOON)
  return async () => {
    await holder.query('rollback')
    await Promise.all(over)
    await Promise.all([holder, ...queued].map((client) => client.end()))
  }
}

// the remedy is in the application: a shorter transaction
test('a statement in which sessions queue for a row is found, quiet when the transaction ends, found again (A4)', async () => {
  await database.run(`insert into "Parcel Nö" values (2, 'NEW')`)
  const end = await queue(3)
  expect(await findings()).toMatchObject([
    { subject: { kind: 'query', database: database.name }, severity: 'info' },
  ])
  await end()
  expect(await findings()).toEqual([])
  const endAgain = await queue(3)
  expect(await findings()).toHaveLength(1)
  await endAgain()
})

test('two sessions that meet are quiet', async () => {
  const end = await queue(1)
  expect(await findings()).toEqual([])
  await end()
})
