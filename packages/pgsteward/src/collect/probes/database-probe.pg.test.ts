import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../test/postgres/database.ts'
import { databaseProbe } from './database-probe.ts'

const SOON = { timeout: 20_000, interval: 50 }
const never = new AbortController().signal
let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

const ownSessions = () =>
  database.query(
    `select pid from pg_stat_activity where application_name = 'pgsteward probe' and datname = current_database()`,
  )

/** Between the probe and the real server; `isMute`: what the server says is kept back from then on. */
async function between(target: string) {
  const { hostname, port } = new URL(target)
  const state = { isMute: false }
  const sockets = new Set<Socket>()
  const server = await new Promise<Server>((resolve) => {
    const listening = createServer((client) => {
      const upstream = connect(Number(port), hostname)
      for (const socket of [client, upstream]) {
        sockets.add(socket)
        socket.on('error', () => undefined)
        socket.on('close', () => {
          client.destroy()
          upstream.destroy()
          sockets.delete(socket)
        })
      }
      client.on('data', (data) => upstream.write(data))
      upstream.on('data', (data) => {
        if (!state.isMute) client.write(data)
      })
    }).listen(0, '127.0.0.1', () => resolve(listening))
  })
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const url = new URL(target)
  url.host = `127.0.0.1:${(server.address() as { port: number }).port}`
  return { url: url.href, state, sockets }
}

test('a database that answers is up, and its session is closed (N5)', async () => {
  const found = await databaseProbe({ url: database.monitorUrl, timeoutMs: 20_000 }, never)
  expect(found).toMatchObject({ isUp: true, error: null, status: null })
  expect(found.phases.connect! + found.phases.answer!).toBeCloseTo(found.tookMs, 3)
  await expect.poll(ownSessions, SOON).toEqual([])
})

test('a server that takes connections and says nothing is down within the time, and the connection is gone', async () => {
  const { url, state, sockets } = await between(database.monitorUrl)
  state.isMute = true
  expect(await databaseProbe({ url, timeoutMs: 300 }, never)).toMatchObject({
    isUp: false,
    error: 'no answer within 300 ms: no session',
    phases: {},
  })
  await expect.poll(() => sockets.size, SOON).toBe(0)
})

test('what went wrong is told in words, without the password', async () => {
  const errorOf = async (url: string) => (await databaseProbe({ url, timeoutMs: 20_000 }, never)).error
  expect(await errorOf('postgres://steward:secret@127.0.0.1:1/shop')).toBe(
    '127.0.0.1:1 refused the connection',
  )
  const wrong = new URL(database.monitorUrl)
  wrong.pathname = '/nowhere'
  expect(await errorOf(wrong.href)).toMatch(/^database "nowhere" does not exist at /)
  expect(await errorOf('postgres://steward:secret@nobody.invalid/shop')).toMatch(
    /^host nobody\.invalid:5432 /,
  )
})

test('one that is broken off by whoever stops does not hang', async () => {
  const { url, state } = await between(database.monitorUrl)
  state.isMute = true
  const stop = new AbortController()
  const probing = databaseProbe({ url, timeoutMs: 600_000 }, stop.signal)
  stop.abort()
  expect(await probing).toMatchObject({ isUp: false })
})
