import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { logLockWaitsOff } from '../../src/checks/configuration/log-lock-waits-off.ts'
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

const findings = () => findingsOf(logLockWaitsOff, server.database())

test('waits that are not logged are found, logged after the remedy, and found again after its undo', async () => {
  await server.database().run("alter system set log_lock_waits = 'on'", 'select pg_reload_conf()')
  await expect.poll(findings, SOON).toEqual([])
  await server.database().run(...reproductionOf('log-lock-waits-off'))
  const finding = await vi.waitUntil(async () => (await findings())[0], SOON)
  expect(finding).toMatchObject({ subject: { kind: 'setting', name: 'log_lock_waits' } })
  await applyRemedy(finding, server.database())
  await expect.poll(findings, SOON).toEqual([])
  await undoRemedy(finding, server.database())
  await expect.poll(findings, SOON).toHaveLength(1)
})
