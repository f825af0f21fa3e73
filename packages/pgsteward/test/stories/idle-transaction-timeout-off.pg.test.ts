import { afterAll, beforeAll, expect, test } from 'vitest'
import { idleTransactionTimeoutOff } from '../../src/checks/configuration/idle-transaction-timeout-off.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf, undoRemedy } from '../postgres/story.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
  await database.run(...reproductionOf('idle-transaction-timeout-off'))
})
afterAll(() => database.drop())

const findings = () => findingsOf(idleTransactionTimeoutOff, database)

test('a database without the limit is found, bounded by the remedy, and found again after its undo', async () => {
  const [finding] = await findings()
  expect(finding).toMatchObject({ subject: { name: 'idle_in_transaction_session_timeout' } })
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
  const fresh = await database.connect()
  expect((await fresh.query('show idle_in_transaction_session_timeout')).rows).toEqual([
    { idle_in_transaction_session_timeout: '5min' },
  ])
  await undoRemedy(finding!, database)
  expect(await findings()).toHaveLength(1)
})

test('a limit for one role in this database is a decision, and quiet', async () => {
  const statement = `alter role test_monitor in database ${database.name}`
  await database.run(`${statement} set idle_in_transaction_session_timeout = '1min'`)
  expect(await findings()).toEqual([])
  await database.run(`${statement} reset all`)
  expect(await findings()).toHaveLength(1)
})
