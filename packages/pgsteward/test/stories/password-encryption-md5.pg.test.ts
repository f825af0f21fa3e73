import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { passwordEncryptionMd5 } from '../../src/checks/configuration/password-encryption-md5.ts'
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

const findings = () => findingsOf(passwordEncryptionMd5, server.database())

test('MD5 for new passwords is found, SCRAM after the remedy is not, and MD5 again after its undo', async () => {
  expect(await findings()).toEqual([])
  await server.database().run(...reproductionOf('password-encryption-md5'))
  const finding = await vi.waitUntil(async () => (await findings())[0], SOON)
  expect(finding).toMatchObject({ subject: { kind: 'setting', name: 'password_encryption' } })
  await applyRemedy(finding, server.database())
  await expect.poll(findings, SOON).toEqual([])
  await undoRemedy(finding, server.database())
  await expect.poll(findings, SOON).toHaveLength(1)
})
