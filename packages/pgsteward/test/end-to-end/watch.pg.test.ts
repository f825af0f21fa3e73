// `npm start -- URL` against a plain PostgreSQL 15: works with pg_monitor alone, says what it lacks, and keeps its history on a
// server of the user's own.

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { overviewWire } from '../../src/model/wire.ts'
import type { LocalServer } from '../../src/postgres/local-server.ts'
import { createDatabase, startTestServer, type TestDatabase } from '../postgres/database.ts'

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-watch-'))
const start = resolve(import.meta.dirname, '../../../../scripts/start.mjs')
let server: LocalServer
let target: TestDatabase
let history: TestDatabase

beforeAll(async () => {
  server = await startTestServer(15)
  target = await createDatabase(server.url())
  await target.run(
    'create table parcel (id int primary key)',
    'insert into parcel select generate_series(1, 100)',
  )
  history = await createDatabase(inject('serverUrl'))
})
afterAll(async () => {
  await target.drop()
  await history.drop()
  await server.stop('immediate')
  rmSync(dir, { recursive: true, force: true })
})

function run(...args: string[]) {
  const child = spawn(process.execPath, [start, ...args], { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output += data
    })
  }
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { child, ended, output: () => output }
}

test('it watches, says what is missing and what mends it, and stops with exit code 0', async () => {
  const { child, ended, output } = run(target.monitorUrl, '--port', '0', '--store', history.url)
  const address = await vi.waitFor(
    () => {
      const found = /dashboard\s+(http:\S+)/.exec(output())?.[1]
      expect(found, output()).toBeDefined()
      return found!
    },
    { timeout: 60_000, interval: 100 },
  )
  expect(output()).toContain("alter system set shared_preload_libraries = 'pg_stat_statements';")
  const [{ id }] = (await (await fetch(`${address}/api/v1/targets`)).json()) as [{ id: string }]
  const overview = await vi.waitFor(
    async () => {
      const read = overviewWire.parse(await (await fetch(`${address}/api/v1/targets/${id}/overview`)).json())
      expect(read.target.status).toBe('up')
      return read
    },
    { timeout: 60_000, interval: 200 },
  )
  expect(overview.target.version).toMatch(/^15\./)
  expect(overview.target.lacks.join()).toContain('pg_stat_statements')
  child.kill('SIGINT')
  expect(await ended, output()).toBe(0)
  const [kept] = await history.query<{ snapshots: string }>(
    'select count(*) as snapshots from pgsteward.snapshot',
  )
  expect(Number(kept!.snapshots)).toBeGreaterThan(0)
})

test.each<[name: string, url: () => string, words: string]>([
  [
    'a wrong password',
    () => target.monitorUrl.replace(':monitor@', ':wrong@'),
    'password authentication failed for user "test_monitor"',
  ],
  [
    'a missing database',
    () => target.monitorUrl.replace(/\/[^/]*$/, '/atlantis'),
    'database "atlantis" does not exist',
  ],
  ['a port where nobody listens', () => 'postgres://u:p@127.0.0.1:1/x', '127.0.0.1:1 refused the connection'],
  ['something that is no URL of PostgreSQL', () => 'mysql://u:p@127.0.0.1/x', 'is not a PostgreSQL URL'],
])('%s ends in exit code 3 with one clear message', async (_name, url, words) => {
  const { ended, output } = run(url(), '--port', '0')
  expect(await ended).toBe(3)
  expect(output()).toContain(`error: `)
  expect(output()).toContain(words)
  expect(output().match(/error: /g)).toHaveLength(1)
})
