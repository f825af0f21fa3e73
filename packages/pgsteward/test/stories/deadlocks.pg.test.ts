import { afterAll, beforeAll, expect, test } from 'vitest'
import { deadlocks } from '../../src/checks/availability/deadlocks.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { otherSession } from '../postgres/other-session.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { findingsOf } from '../postgres/story.ts'

const [create, insert, begin, first1, , second2, second1, first2] = reproductionOf('deadlocks')
let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
  await database.run(create!, insert!)
})
afterAll(() => database.drop())

/** Two sessions update two rows; in opposite order they wait for each other. */
async function update(order: 'same' | 'opposite'): Promise<void> {
  const [one, two] = [await otherSession(database), await otherSession(database)]
  for (const session of [one, two]) {
    await session.query("set deadlock_timeout = '20ms'")
    await session.query(begin!)
  }
  await one.query(first1!)
  if (order === 'opposite') await two.query(second2!)
  const waiting = two
    .query(second1!)
    .then(() => two.query('commit'))
    .catch(() => two.query('rollback'))
  await one
    .query(first2!)
    .then(() => one.query('commit'))
    .catch(() => one.query('rollback'))
  await waiting
  for (const session of [one, two]) {
    await session.query('select pg_stat_force_next_flush()')
    await session.end()
  }
}

// the remedy is in the application: one order for all
test('updates in opposite order are found, quiet in the same order, and found again', async () => {
  expect(await findingsOf(deadlocks, database, { between: () => update('opposite') })).toMatchObject([
    { subject: { kind: 'database', name: database.name }, severity: 'info' },
  ])
  expect(await findingsOf(deadlocks, database, { between: () => update('same') })).toEqual([])
  expect(await findingsOf(deadlocks, database, { between: () => update('opposite') })).toHaveLength(1)
})

test('those before the interval do not count', async () => {
  await update('opposite')
  expect(await findingsOf(deadlocks, database, { between: () => database.run('select 1') })).toEqual([])
})
