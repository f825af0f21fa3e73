import type pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { vacuumBlocked } from '../../src/checks/vacuum/vacuum-blocked.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { otherSession } from '../postgres/other-session.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf } from '../postgres/story.ts'

const SOON = { timeout: 10_000, interval: 50 }
const [create, fill, clean, update, begin, look] = reproductionOf('vacuum-blocked')
let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
  await database.run(create!, fill!, clean!)
})
afterAll(() => database.drop())

const findings = (minHeld = '300ms') => findingsOf(vacuumBlocked, database, { options: { minHeld } })

async function forget(): Promise<pg.Client> {
  const client = await otherSession(database)
  await client.query(begin!)
  await client.query(look!)
  return client
}

test('an old snapshot is quiet while no dead rows wait for it', async () => {
  const client = await forget()
  await expect
    .poll(
      () =>
        database.query(
          "select from pg_stat_activity where xact_start < now() - interval '400ms' and backend_xmin is not null and datname = current_database()",
        ),
      SOON,
    )
    .not.toHaveLength(0)
  expect(await findings()).toEqual([])
  await client.query('commit')
})

test('a forgotten transaction is found once dead rows wait for it, and ended by the remedy', async () => {
  await forget()
  await database.run(update!, clean!)
  const finding = await vi.waitUntil(async () => (await findings())[0], SOON)
  expect(finding).toMatchObject({ subject: { kind: 'backend' }, severity: 'warning' })
  // vacuum by hand removed nothing, and a younger snapshot would be quiet
  expect(await findings('1h')).toEqual([])
  await applyRemedy(finding, database)
  await expect.poll(() => findings(), SOON).toEqual([])
  // no undo: its work is rolled back; the next forgotten transaction is found again
  expect(finding.remedy?.undo).toBeNull()
  const again = await forget()
  await vi.waitUntil(async () => (await findings())[0], SOON)
  await again.query('commit')
})
