import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ALL_CHECKS } from '../../checks/all.ts'
import type { StewardError } from '../../model/error.ts'
import { loadConfig } from './load-config.ts'

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-config-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const load = (flags: Record<string, unknown>, env: Record<string, string> = {}, file?: string) =>
  loadConfig({ checks: ALL_CHECKS, cwd: dir, env, flags, ...(file === undefined ? {} : { file }) })

test('without anything, all values are defaults', async () => {
  const { config, origins, file } = await load({})
  expect(config).toMatchObject({
    targets: [],
    server: { host: '127.0.0.1', port: 7432 },
    collect: { every: 60_000 },
  })
  expect(origins.size).toBe(0)
  expect(file).toBeNull()
})

test('flags win over the environment, that over the file', async () => {
  const file = join(dir, 'layers.config.mjs')
  writeFileSync(file, "export default { server: { port: 1, host: '127.0.0.2' }, store: { keepRaw: '2d' } }")
  const { config, origins } = await load(
    { server: { port: 3 } },
    { PGSTEWARD_PORT: '2', PGSTEWARD_HOST: '127.0.0.3' },
    file,
  )
  expect(config).toMatchObject({ server: { port: 3, host: '127.0.0.3' }, store: { keepRaw: 172_800_000 } })
  expect(Object.fromEntries(origins)).toEqual({
    'server.port': 'flag',
    'server.host': 'environment',
    'store.keepRaw': 'file',
  })
})

test.each<[flags: Record<string, unknown>, words: string]>([
  [{ serve: {} }, 'serve is not known; did you mean server?'],
  [{ server: { prot: 1 } }, 'server.prot is not known; did you mean port?'],
  [{ targets: [{ url: 'x', lable: {} }] }, 'targets.0.lable is not known; did you mean labels?'],
  [{ checks: { 'unused-indx': false } }, 'checks.unused-indx is not known; did you mean unused-index?'],
  [
    { checks: { 'unused-index': { minsize: '1MB' } } },
    'checks.unused-index.minsize is not known; did you mean minSize?',
  ],
  [{ checks: { 'unused-index': { unusedFor: 'ages' } } }, '"ages" is not understood; write a duration'],
  [{ store: { maxSize: 'lots' } }, '"lots" is not understood; write a size'],
  [{ targets: [{}] }, 'targets.0.url'],
])('%j is refused: %s', async (flags, words) => {
  const error = (await load(flags).catch((reason: unknown) => reason)) as StewardError
  expect(error).toMatchObject({ code: 'config-invalid' })
  expect(error.detail).toContain(words)
})

test.each([
  ['a syntax error', 'export default {', 'could not be read'],
  ['no default export', 'export const targets = []', 'could not be read'],
])('a file with %s is refused', async (_name, text, words) => {
  const file = join(dir, `broken-${Math.abs(text.length)}.config.mjs`)
  writeFileSync(file, text)
  await expect(load({}, {}, file)).rejects.toMatchObject({
    code: 'config-invalid',
    message: expect.stringContaining(words),
  })
})

test('mail goes to its server by a connection of ours: what would lead around that is refused', async () => {
  const channels = (smtp: string) => ({
    alerts: { channels: { mail: { type: 'email', smtp, from: 'a@example.com', to: 'b@example.com' } } },
  })
  for (const around of ['proxy=http://10.0.0.1:3128', 'pool=true&sendmail=true', 'socket.fd=0'])
    await expect(load(channels(`smtp://mail.example.com:25?${around}`))).rejects.toMatchObject({
      detail: expect.stringContaining('smtp'),
    })
  await load(channels('smtps://mail.example.com?tls.rejectUnauthorized=false&name=proxy'))
})
