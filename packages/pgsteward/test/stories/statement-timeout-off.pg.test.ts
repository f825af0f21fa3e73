import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { statementTimeoutOff } from '../../src/checks/configuration/statement-timeout-off.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf, undoRemedy } from '../postgres/story.ts'

const [create, long, short] = reproductionOf('statement-timeout-off')
const role = `Web Nö ${process.pid}`
let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
  await database.run(
    'create extension pg_stat_statements',
    create!,
    `create role "${role}" login password 'web'`,
  )
})
afterAll(async () => {
  await database.run(`drop owned by "${role}"`, `drop role "${role}"`)
  await database.drop()
})

/** In a session of its own each time: what ALTER ROLE gives reaches new sessions. */
const asRole = async (...statements: readonly string[]) => {
  const url = new URL(database.url)
  const client = new pg.Client({
    host: url.hostname,
    port: Number(url.port),
    database: database.name,
    user: role,
    password: 'web',
  })
  await client.connect()
  for (const statement of statements) await client.query(statement)
  await client.end()
}
const findings = (calls = 120, options = {}) =>
  findingsOf(statementTimeoutOff, database, {
    options: { ranFor: '300ms', ...options },
    between: () => asRole(...Array.from({ length: calls }, () => short!)),
  })

test('a long call of short statements is found, limited by the remedy, and found again after its undo (A8)', async () => {
  await asRole(short!)
  expect(await findings()).toEqual([])
  await asRole(long!)
  const [finding, ...others] = await findings()
  expect(others).toEqual([])
  expect(finding).toMatchObject({ subject: { kind: 'role', name: role }, severity: 'info' })
  await applyRemedy(finding!, database)
  expect(await findings()).toEqual([])
  await undoRemedy(finding!, database)
  expect(await findings()).toHaveLength(1)
})

test('few calls, and a call that was not long enough, are quiet', async () => {
  expect(await findings(20)).toEqual([])
  expect(await findings(120, { ranFor: '1h' })).toEqual([])
})
