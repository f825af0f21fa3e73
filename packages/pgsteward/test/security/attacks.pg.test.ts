// The real server over real sockets, as an attacker has it: what is asked for under other names, by other sites, through proxies, byte by byte
// and without end (D2).

import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type GuardedServer, startGuardedServer } from '../server/guarded-server.ts'

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-attacks-'))
let guarded: GuardedServer
/** On loopback, where nothing is asked for. */
let here: FastifyInstance
let port: number

beforeAll(async () => {
  writeFileSync(join(dir, 'secret'), 'not to be served')
  const dashboard = join(dir, 'dashboard')
  mkdirSync(join(dashboard, 'assets'), { recursive: true })
  writeFileSync(join(dashboard, 'index.html'), '<!doctype html><title>ours</title>')
  writeFileSync(join(dashboard, 'assets', 'a.js'), '1')
  guarded = await startGuardedServer()
  here = await guarded.also({ host: '127.0.0.1', dashboardDir: dashboard })
  await here.listen({ host: '127.0.0.1', port: 0 })
  ;({ port } = here.server.address() as AddressInfo)
})
afterAll(async () => {
  await here?.close()
  await guarded?.stop()
  rmSync(dir, { recursive: true, force: true })
})

/** What comes back until the server closes the connection. */
async function sent(...lines: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  let answer = ''
  socket.setEncoding('latin1').on('data', (text) => {
    answer += text
  })
  socket.on('error', () => undefined)
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  await once(socket, 'close')
  return answer
}
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
const get = (path: string, ...headers: readonly string[]) =>
  sent(`GET ${path} HTTP/1.1`, ...(headers.length === 0 ? ['Host: 127.0.0.1'] : headers), 'Connection: close')

describe('a name that leads to loopback (DNS rebinding)', () => {
  test.each([
    'evil.example',
    'localhost.evil.example',
    '[::1].evil.example',
    '127.1',
    'localhost@evil.example',
    '',
  ])('"%s" is not served, neither pages nor answers', async (name) => {
    for (const path of ['/', '/api/v1/targets', '/metrics', '/assets/a.js'])
      expect(statusOf(await get(path, `Host: ${name}`)), path).toBe(403)
  })

  test.each(['127.0.0.1', 'localhost:7432', 'LOCALHOST', '[::1]:7432'])('"%s" is', async (name) =>
    expect(statusOf(await get('/api/v1/targets', `Host: ${name}`))).toBe(200),
  )

  test('a name in the address of the request opens nothing', async () => {
    const asked = await sent(
      'GET http://evil.example/api/v1/targets HTTP/1.1',
      'Host: evil.example',
      'Connection: close',
    )
    expect(statusOf(asked)).toBe(403)
  })
})

test.each([
  ['Origin: https://evil.example'],
  ['Origin: null'],
  ['Origin: http://localhost.evil.example'],
  ['Sec-Fetch-Site: cross-site'],
])('another site writes nothing on loopback: %s', async (header) => {
  const body = '{"title":"x"}'
  const answer = await sent(
    'POST /api/v1/meetings HTTP/1.1',
    'Host: 127.0.0.1',
    header,
    'Content-Type: text/plain',
    `Content-Length: ${body.length}`,
    'Connection: close',
    '',
    body,
  )
  expect(answer).toContain('requests of other sites are refused')
})

test.each([
  'X-Forwarded-Proto: https',
  'X-Forwarded-For: 192.0.2.1',
  'X-Client-IP: 192.0.2.1',
  'CF-Connecting-IP: 192.0.2.1',
  'Via: 1.1 proxy',
])('a proxy that sends %s brings strangers', async (header) => {
  expect(statusOf(await get('/api/v1/targets', 'Host: 127.0.0.1', header))).toBe(401)
})

test('a proxy that says nothing speaks HTTP/1.0, as nginx does as it is installed', async () => {
  expect(statusOf(await sent('GET /api/v1/targets HTTP/1.0', 'Host: 127.0.0.1'))).toBe(401)
  expect(statusOf(await sent('GET /health HTTP/1.0', 'Host: 127.0.0.1'))).toBe(200)
})

test.each([
  '/../secret',
  '/..%2fsecret',
  '/%2e%2e/secret',
  '/assets/..%2f..%2fsecret',
  '/assets/%2e%2e/%2e%2e/secret',
  '/..%5csecret',
  '/..%c0%afsecret',
  '//secret',
  '/assets/a.js%00.html',
])('%s leads to no file beside the dashboard', async (path) => {
  const answer = await get(path)
  expect([400, 403, 404]).toContain(statusOf(answer))
  expect(answer).not.toContain('not to be served')
})

test.each([
  ['a head that does not end', ['GET / HTTP/1.1', 'Host: 127.0.0.1', 'X-A: b'].join('\r\n')],
  [
    'a body that does not end',
    'POST /api/v1/meetings HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{',
  ],
  [
    'a body after a refusal',
    'POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{',
  ],
  ['nothing at all', ''],
])('%s holds no connection (slowloris)', async (_, text) => {
  const impatient = await guarded.also({
    host: '127.0.0.1',
    arrival: { headMs: 200, wholeMs: 400, lookEveryMs: 50 },
  })
  onTestFinished(() => impatient.close())
  await impatient.listen({ host: '127.0.0.1', port: 0 })
  const socket = connect((impatient.server.address() as AddressInfo).port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => undefined).resume()
  if (text !== '') socket.write(text)
  await once(socket, 'close')
  expect(here.server.maxConnections).toBeGreaterThan(100)
})

test.each([
  ['a head of 20 kB', ['GET / HTTP/1.1', 'Host: 127.0.0.1', `X-A: ${'a'.repeat(20_000)}`], 431],
  [
    'two lengths (request smuggling)',
    [
      'POST /api/v1/session HTTP/1.1',
      'Host: 127.0.0.1',
      'Content-Length: 5',
      'Transfer-Encoding: chunked',
      '',
      '0',
    ],
    400,
  ],
  ['an escape sequence in a header', ['GET / HTTP/1.1', 'Host: 127.0.0.1', 'User-Agent: a\x1b[31m'], 400],
] as const)('%s is refused', async (_, lines, status) => {
  expect(statusOf(await sent(...lines))).toBe(status)
})

test('a WebSocket, a stream and a tunnel open nothing without a token', async () => {
  const upgrade = ['Connection: Upgrade, close', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13']
  expect(statusOf(await get('/mcp', 'Host: 127.0.0.1', ...upgrade))).toBe(401)
  expect(statusOf(await get('/mcp', 'Host: 127.0.0.1', 'Accept: text/event-stream'))).toBe(401)
  expect(statusOf(await sent('CONNECT evil.example:80 HTTP/1.1', 'Host: evil.example:80'))).toBe(0)
})

test('pages and answers are no part of other sites, and lead nowhere else', async () => {
  for (const path of ['/', '/api/v1/targets', '/assets/a.js']) {
    const answer = (await get(path, 'Host: 127.0.0.1', 'Origin: https://evil.example')).toLowerCase()
    expect(answer).toContain('cross-origin-resource-policy: same-origin')
    expect(answer).toContain("frame-ancestors 'none'")
    expect(answer).toContain('x-content-type-options: nosniff')
    expect(answer).not.toMatch(/access-control-allow|^location:/m)
  }
  for (const path of [
    '//evil.example',
    '/\\evil.example',
    '/%2f%2fevil.example',
    '/?next=https://evil.example',
  ])
    expect((await get(path)).toLowerCase()).not.toMatch(/^location:/m)
})
