// A local server ends with the process that started it, however that ends, and a left-over one is stopped.

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import pg from 'pg'
import { afterAll, expect, test, vi } from 'vitest'
import { startLocalServer } from '../../src/postgres/local-server.ts'

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-local-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const source = resolve(import.meta.dirname, '../../src/postgres/local-server.ts')
const script = (folder: string) => `
  const { startLocalServer } = await import(${JSON.stringify(source)})
  const server = await startLocalServer({ dir: ${JSON.stringify(folder)} })
  console.log(server.url())
  setInterval(() => {}, 1000)`

async function startInChild(folder: string) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script(folder)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await new Promise<string>((found) =>
    child.stdout.once('data', (data) => found(String(data).trim())),
  )
  return { child, url }
}

const answers = async (url: string) => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 })
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}

test('kill -9 of the starter stops its server, and the next start finds what was committed', async () => {
  const first = await startInChild(dir)
  const client = new pg.Client({ connectionString: first.url })
  // the server goes away under it
  client.on('error', () => undefined)
  await client.connect()
  await client.query('create table kept as select 42 as answer')
  first.child.kill('SIGKILL')
  await vi.waitFor(async () => expect(await answers(first.url)).toBe(false), {
    timeout: 20_000,
    interval: 50,
  })

  const second = await startLocalServer({ dir })
  const again = new pg.Client({ connectionString: second.url() })
  await again.connect()
  expect((await again.query('select answer from kept')).rows).toEqual([{ answer: 42 }])
  await again.end()
  await second.stop()
})

test('stop ends the server, and is harmless twice', async () => {
  const server = await startLocalServer({ dir })
  expect(await answers(server.url())).toBe(true)
  await server.stop()
  expect(await answers(server.url())).toBe(false)
  await server.stop()
})

test('a start over a running server of the same folder takes its place', async () => {
  const first = await startLocalServer({ dir })
  const second = await startLocalServer({ dir })
  expect(await answers(first.url())).toBe(first.port === second.port)
  expect(await answers(second.url())).toBe(true)
  await second.stop()
  await first.stop()
})
