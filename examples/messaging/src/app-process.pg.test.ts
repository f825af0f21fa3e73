// The application as a process: it says why it does not start, and does not outlive its parent.

import { spawn } from 'node:child_process'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../packages/pgsteward/test/postgres/database.ts'
import { startAppProcess } from './app-process.ts'
import { migrate } from './testing/test-app.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
  await migrate(database.url)
})
afterAll(() => database.drop())

const answers = (url: string) =>
  fetch(`${url}/health`).then(
    ({ ok }) => ok,
    () => false,
  )

test('it ends when its parent is killed by force', async () => {
  const script = `
    const { startAppProcess } = await import(${JSON.stringify(new URL('./app-process.ts', import.meta.url).href)})
    const { url } = await startAppProcess({ DATABASE_URL: ${JSON.stringify(database.url)}, PORT: '0' })
    process.stdout.write(url)`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await new Promise<string>((resolve) =>
    parent.stdout.once('data', (data) => resolve(String(data))),
  )
  expect(await answers(url)).toBe(true)
  parent.kill('SIGKILL')
  await vi.waitFor(async () => expect(await answers(url)).toBe(false), { timeout: 20_000, interval: 50 })
})

test('it stops within the limit, and by itself when it has the time', async () => {
  const app = await startAppProcess({ DATABASE_URL: database.url, PORT: '0' })
  expect(await answers(app.url)).toBe(true)
  await app.stop(10_000)
  expect(await answers(app.url)).toBe(false)
})

test.each<[name: string, environment: Readonly<Record<string, string>>, words: string]>([
  ['no database is named', {}, 'DATABASE_URL'],
  ['nobody listens there', { DATABASE_URL: 'postgres://u:p@127.0.0.1:1/x' }, 'ECONNREFUSED'],
  [
    'a fault does not exist',
    { DATABASE_URL: 'postgres://u:p@127.0.0.1:1/x', FAULTS: 'rain' },
    'no fault "rain"',
  ],
  [
    'production has no secret of its own',
    { DATABASE_URL: 'postgres://u:p@127.0.0.1:1/x', NODE_ENV: 'production' },
    'WEBHOOK_SECRET',
  ],
])('it does not start and says why when %s', async (_name, environment, words) => {
  await expect(startAppProcess({ PORT: '0', ...environment })).rejects.toThrow(words)
})
