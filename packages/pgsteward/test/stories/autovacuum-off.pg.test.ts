import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { autovacuumOff } from '../../src/checks/configuration/autovacuum-off.ts'
import { type OwnServer, startOwnServer } from '../postgres/own-server.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf, undoRemedy } from '../postgres/story.ts'

// a reload reaches new sessions a moment after it was asked for
const SOON = { timeout: 20_000, interval: 50 }
let server: OwnServer

beforeAll(async () => {
  server = await startOwnServer()
})
afterAll(() => server.stop())

const findings = () => findingsOf(autovacuumOff, server.database())

test('autovacuum that is off is found, switched on by the remedy, and found again after its undo', async () => {
  expect(await findings()).toEqual([])
  await server.database().run(...reproductionOf('autovacuum-off'))
  const finding = await vi.waitUntil(async () => (await findings())[0], SOON)
  expect(finding).toMatchObject({ subject: { kind: 'setting', name: 'autovacuum' } })
  await applyRemedy(finding, server.database())
  await expect.poll(findings, SOON).toEqual([])
  await undoRemedy(finding, server.database())
  await expect.poll(findings, SOON).toHaveLength(1)
})

test('autovacuum that is off for one table alone is another matter', async () => {
  await server
    .database()
    .run(
      'alter system reset autovacuum',
      'select pg_reload_conf()',
      'create table parcel (id int) with (autovacuum_enabled = off)',
    )
  await expect.poll(findings, SOON).toEqual([])
})
