// The real process, configured to send OTLP: what arrives at a strict receiver, and what it tells of a receiver that refuses.

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { type StrictOtlp, startStrictOtlp } from './strict-otlp.ts'

const program = resolve(import.meta.dirname, '../../bin/pgsteward.js')
const dir = mkdtempSync(join(tmpdir(), 'pgsteward-otlp-'))
const SECRET = 'a-license-key-that-nobody-may-see'
let database: TestDatabase
let history: TestDatabase
let receiver: StrictOtlp

beforeAll(async () => {
  database = await createDatabase()
  history = await createDatabase()
  receiver = await startStrictOtlp()
})
afterAll(async () => {
  await receiver.stop()
  await database.drop()
  await history.drop()
  rmSync(dir, { recursive: true, force: true })
})

test('watch sends what it reads, says once that the receiver refuses, and tells a last time when it stops (X1)', async () => {
  const config = {
    targets: [{ id: 'shop', url: database.monitorUrl }],
    // the embedded store takes longer to begin than all the rest
    store: { url: history.url },
    server: { port: 0 },
    collect: { every: '1s' },
    exports: {
      otlp: {
        endpoint: receiver.url,
        headers: { 'api-key': SECRET },
        every: '5s',
        protocol: 'http/json',
        temporality: 'delta',
        resource: { 'deployment.environment.name': 'test' },
      },
    },
  }
  writeFileSync(join(dir, 'pgsteward.config.mjs'), `export default ${JSON.stringify(config)}`)
  const child = spawn(process.execPath, [program, 'watch', '--config', 'pgsteward.config.mjs'], {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => {
      output += data
    })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const soon = { timeout: 90_000, interval: 100 }
  const metrics = () => receiver.decoded.flatMap((each) => each.metrics)

  await vi.waitFor(
    () => expect(metrics().find(({ name }) => name === 'postgresql.commits')?.isDelta, output).toBe(true),
    soon,
  )
  expect(receiver.headers[0]!['api-key']).toBe(SECRET)
  expect(receiver.decoded[0]!.resource).toMatchObject({
    'service.name': 'pgsteward',
    'deployment.environment.name': 'test',
  })
  receiver.behave((response) => response.writeHead(403).end())
  await vi.waitFor(() => expect(output).toContain('refuses metrics'), soon)
  receiver.behave(null)
  await vi.waitFor(() => expect(output).toContain('takes metrics again'), soon)

  const before = receiver.headers.length
  child.kill('SIGINT')
  expect(await ended, output).toBe(0)
  expect(receiver.headers.length).toBeGreaterThan(before)
  expect(receiver.faults).toEqual([])
  expect(output).not.toContain(SECRET)
  expect(output.match(/refuses metrics/g)).toHaveLength(1)
})
