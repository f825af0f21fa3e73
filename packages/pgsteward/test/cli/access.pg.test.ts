// pgsteward token, session and audit, of a running server and of the store alone (D2).

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { madeTokenWire } from '../../src/model/access-wire.ts'
import { ADMIN_TOKEN, ask, type GuardedServer, startGuardedServer } from '../server/guarded-server.ts'
import { run } from './run.ts'

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-access-'))
const file = join(dir, 'pgsteward.config.mjs')
let guarded: GuardedServer
let address: string
const write = (server: object) => writeFileSync(file, `export default ${JSON.stringify({ server })}`)
beforeAll(async () => {
  guarded = await startGuardedServer()
  address = await guarded.server.listen({ host: '127.0.0.1', port: 0 })
  write({ port: Number(new URL(address).port), adminToken: ADMIN_TOKEN })
})
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true })
  await guarded.stop()
})
const steward = (...args: readonly string[]) => run(...args, '--config', file)

test('a token is printed once, listed without itself, and revoked', async () => {
  const made = await steward('token', 'create', '--role', 'operator', '--name', 'ada', '--expires', '90d')
  expect(made.exitCode, made.note).toBe(0)
  const token = made.out.trim()
  expect(token).toMatch(/^pgst_/)
  expect(made.note).toContain('operator ada')
  expect((await ask(guarded.server, '/api/v1/targets', token)).statusCode).toBe(200)

  const listed = await steward('token', 'list')
  expect(listed.out).toMatch(/ada +operator +all targets +expires \d{4}-\d\d-\d\d \d\d:\d\d +used/)
  expect(listed.out).not.toContain(token)
  const twice = await steward('token', 'create', '--name', 'ada')
  expect(twice.exitCode).toBe(2)
  expect(twice.note).toContain('pgsteward token revoke ada')

  expect((await steward('token', 'revoke', 'ada')).out).toBe('revoked: ada\n')
  expect((await ask(guarded.server, '/api/v1/targets', token)).statusCode).toBe(401)
  expect((await steward('token', 'revoke', 'ada')).exitCode).toBe(2)
  expect((await steward('token', 'list')).out).toMatch(/revoked .* by admin/)
})

test.each([
  [['--name', 'a b'], 'cannot be the name'],
  [['--name', 'x', '--role', 'owner'], '--role owner is not known'],
  [['--name', 'x', '--expires', 'soon'], 'is not a duration'],
  [['--name', 'x', '--target', 'nowhere'], 'there is no target nowhere'],
])('token create %j is refused: %s', async (args, words) => {
  const { exitCode, note } = await steward('token', 'create', ...args)
  expect(exitCode).toBe(2)
  expect(note).toContain(words)
})

test('who is signed in is listed, and signed out', async () => {
  const headers = {
    host: 'localhost',
    origin: 'http://localhost',
    'x-pgsteward': 'x',
    'user-agent': 'Ada\u001b[31m',
  }
  await ask(guarded.server, '/api/v1/session', null, { token: ADMIN_TOKEN }, { headers })
  const listed = await steward('session', 'list')
  expect(listed.out).toMatch(/^(\d+) +admin +admin +since .* 127\.0\.0\.1 Ada/)
  expect(listed.out).not.toContain('\u001b')
  const id = listed.out.split(' ')[0]!
  expect((await steward('session', 'end', id)).out).toBe(`ended: session ${id}\n`)
  expect((await steward('session', 'list')).out).toBe('Nobody is signed in.\n')
  expect((await steward('session', 'end', id)).exitCode).toBe(2)
})

test('the audit log tells who did it', async () => {
  const { out } = await steward('audit', '--since', '1h')
  expect(out).toMatch(/admin +done +POST \/api\/admin\/tokens\/ada\/revoke/)
  expect((await steward('audit', '--outcome', 'refused', '--json')).out).toContain('token-unknown')
  expect((await steward('audit', '--since', 'ever')).exitCode).toBe(2)
})

test('a token of the configuration asks a server beyond loopback, and says so when it may not', async () => {
  const viewer = madeTokenWire.parse(
    JSON.parse((await steward('token', 'create', '--name', 'vera', '--json')).out),
  ).token
  const other = join(dir, 'other.config.mjs')
  writeFileSync(other, `export default ${JSON.stringify({ server: { token: viewer } })}`)
  const list = await run('change', 'list', '--server', address, '--config', other)
  expect(list.exitCode, list.note).toBe(0)
  const denied = await run('token', 'list', '--server', address, '--config', other)
  expect(denied.exitCode).toBe(2)
  expect(denied.note).toContain('this takes the role admin; vera has the role viewer')
})

test('where no server runs, the store is asked, and the audit log knows who did it', async () => {
  const store = ['--store', guarded.database.url]
  const made = await run('token', 'create', '--name', 'offline', ...store)
  expect(made.exitCode, made.note).toBe(0)
  expect((await ask(guarded.server, '/api/v1/targets', made.out.trim())).statusCode).toBe(200)
  const audit = await run('audit', '--limit', '1', ...store)
  expect(audit.out).toMatch(/cli +done +POST \/api\/admin\/tokens +command line/)
})
