import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { preparedTransactionOld } from '../../src/checks/availability/prepared-transaction-old.ts'
import { createDatabase } from '../postgres/database.ts'
import { type OwnServer, startOwnServer } from '../postgres/own-server.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf } from '../postgres/story.ts'

const SOON = { timeout: 10_000, interval: 50 }
const [create, ...prepare] = reproductionOf('prepared-transaction-old')
let server: OwnServer

beforeAll(async () => {
  server = await startOwnServer({ max_prepared_transactions: '5' })
  await server.database().run(create!)
})
afterAll(() => server.stop())

const findings = (options = {}) =>
  findingsOf(preparedTransactionOld, server.database(), { options: { warnAfter: '100ms', ...options } })

test('one that was left is found, rolled back by the remedy, and found again when another is left', async () => {
  expect(await findings()).toEqual([])
  await server.database().run(...prepare)
  const finding = await vi.waitUntil(async () => (await findings())[0], SOON)
  expect(finding).toMatchObject({ subject: { name: 'prepared order-7' }, severity: 'warning' })
  await applyRemedy(finding, server.database())
  expect(await findings()).toEqual([])
  expect(await server.database().query('select * from parcel')).toEqual([])
  await server.database().run(...prepare)
  await expect.poll(findings, SOON).toHaveLength(1)
  await server.database().run("commit prepared 'order-7'")
})

test('a young one, and one of another database, are quiet', async () => {
  await server.database().run(...prepare)
  expect(await findings({ warnAfter: '5m' })).toEqual([])
  const other = await createDatabase(server.url())
  expect(await findingsOf(preparedTransactionOld, other, { options: { warnAfter: '0s' } })).toEqual([])
  await other.drop()
  await server.database().run("rollback prepared 'order-7'")
})
