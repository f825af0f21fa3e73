import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { unsafeSettings } from '../../src/checks/configuration/unsafe-settings.ts'
import { type OwnServer, startOwnServer } from '../postgres/own-server.ts'
import { reproductionOf } from '../postgres/reproduction.ts'
import { applyRemedy, findingsOf, undoRemedy } from '../postgres/story.ts'

// a reload reaches new sessions a moment after it was asked for
const SOON = { timeout: 20_000, interval: 50 }
let server: OwnServer

beforeAll(async () => {
  server = await startOwnServer({}, { durable: true })
})
afterAll(() => server.stop())

const findings = () => findingsOf(unsafeSettings, server.database())

test('pages that may tear are found, mended by the remedy, and found again after its undo', async () => {
  expect(await findings()).toEqual([])
  await server.database().run(...reproductionOf('unsafe-settings'))
  const finding = await vi.waitUntil(async () => (await findings())[0], SOON)
  expect(finding).toMatchObject({ subject: { kind: 'setting', name: 'full_page_writes' } })
  await applyRemedy(finding, server.database())
  await expect.poll(findings, SOON).toEqual([])
  await undoRemedy(finding, server.database())
  await expect.poll(findings, SOON).toHaveLength(1)
})

test('commits that may be late are no such thing', async () => {
  await server
    .database()
    .run(
      'alter system reset full_page_writes',
      'alter system set synchronous_commit = off',
      'select pg_reload_conf()',
    )
  await expect.poll(findings, SOON).toEqual([])
})
