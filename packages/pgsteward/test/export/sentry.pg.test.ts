// The real process, configured with a DSN: what an application reports arrives at a strict Sentry, once, over kill -9 and a new start.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { Recorder } from '../../../instrument/src/record/recorder.ts'
import { resolveOptions } from '../../../instrument/src/resolve-options.ts'
import { otlpBodies } from '../../../instrument/src/send/otlp.ts'
import { type Receiver, startReceiver } from '../notify/receiver.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { strictSentry } from './strict-sentry.ts'

const bin = resolve(import.meta.dirname, '../../bin/pgsteward.js')
const dir = mkdtempSync(join(tmpdir(), 'pgsteward-sentry-watch-'))
const KEY = 'e12d836b15bb49d7bbf99e64295d995b'
const TOKEN = 'an-ingest-token-of-some-length'
const SOON = { timeout: 90_000, interval: 100 }
const sentry = strictSentry('42', KEY)
const children: ChildProcess[] = []
let target: TestDatabase
let history: TestDatabase
let receiver: Receiver

beforeAll(async () => {
  target = await createDatabase()
  history = await createDatabase(inject('serverUrl'))
  receiver = await startReceiver(sentry.take)
  const config = {
    targets: [{ id: 'shop', url: target.monitorUrl }],
    store: { url: history.url },
    server: { port: 0, ingestToken: TOKEN },
    applications: [{ service: 'shop', target: 'shop' }],
    exports: { sentry: { dsn: `${receiver.url.replace('://', `://${KEY}@`)}/42`, findings: 'warning' } },
  }
  writeFileSync(join(dir, 'pgsteward.config.mjs'), `export default ${JSON.stringify(config)}`)
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await receiver[Symbol.asyncDispose]()
  await target.drop()
  await history.drop()
  rmSync(dir, { recursive: true, force: true })
})

async function watch() {
  const child = spawn(process.execPath, [bin, 'watch', '--config', 'pgsteward.config.mjs'], {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => {
      output += data
    })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const address = await vi.waitFor(() => {
    const found = /dashboard\s+(http:\S+)/.exec(output)?.[1]
    expect(found, output).toBeDefined()
    return found!
  }, SOON)
  return { child, ended, address, output: () => output }
}

/** A request whose one statement took so long. */
async function report(address: string, durationMs: number): Promise<void> {
  const recorder = new Recorder(resolveOptions({ service: 'shop' }, {}).options)
  const context = recorder.beginRequest('GET')
  const endpoint = { host: 'db', port: 5432, database: 'shop' }
  recorder.recordQuery({
    text: "select * from orders where mail = 'kim@x.org'",
    durationMs,
    endpoint,
    context,
  })
  recorder.endRequest(context, '/orders', 200)
  const source = { service: 'shop', version: '1.2.0', environment: 'test', instance: 'host/1', startedAt: 0 }
  for (const { path, json } of otlpBodies(recorder.drain(Date.now()), source)) {
    const answer = await fetch(`${address}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: json,
    })
    expect(answer.status).toBe(200)
  }
}

const slowQueries = () =>
  [...sentry.events.values()].filter(({ exception }) => exception?.values[0]?.type === 'SlowQuery')

test('watch tells Sentry of a slow query once, also after it was killed and started again (X3)', async () => {
  const first = await watch()
  await report(first.address, 900)
  await vi.waitFor(() => expect(slowQueries(), first.output()).toHaveLength(1), SOON)
  expect(slowQueries()[0]).toMatchObject({ transaction: 'GET /orders', release: 'shop@1.2.0' })
  first.child.kill('SIGKILL')
  await first.ended
  const second = await watch()
  await report(second.address, 700)
  await report(second.address, 800)
  const waiting = () =>
    history.query<{ count: number }>(
      `select count from pgsteward.occurrence_group where worst ->> 'kind' = 'slow-query'`,
    )
  await vi.waitFor(async () => expect(await waiting()).toEqual([{ count: 2 }]), SOON)
  second.child.kill('SIGINT')
  expect(await second.ended, second.output()).toBe(0)
  expect(slowQueries()).toHaveLength(1)
  expect(receiver.received.map(({ body }) => body).join()).not.toContain('kim@')
  expect(first.output() + second.output()).not.toContain(KEY)
})

test('findings that open are told too, where that is configured (X3)', async () => {
  await target.run('create table "Parcel Nö" (id int)')
  const watching = await watch()
  await vi.waitFor(
    () =>
      expect(
        [...sentry.events.values()].map(({ fingerprint }) => fingerprint?.[1]),
        watching.output(),
      ).toContain('finding'),
    SOON,
  )
  watching.child.kill('SIGINT')
  expect(await watching.ended).toBe(0)
})
