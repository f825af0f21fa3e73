// Signing in with a token, what a session may, how it ends, and that no other site can use it (D2).

import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessSessionWire, sessionWire } from '../../src/model/access-wire.ts'
import { ADMIN_TOKEN, ask, type GuardedServer, startGuardedServer, tokenOf } from './guarded-server.ts'

const HOST = 'steward.example'
const OWN = { host: HOST, origin: `https://${HOST}`, 'x-pgsteward': 'dashboard' }
const HOUR = 3_600_000

let guarded: GuardedServer
beforeAll(async () => {
  guarded = await startGuardedServer()
})
afterAll(() => guarded.stop())

async function signIn(token: string, headers: Record<string, string> = OWN) {
  const answer = await ask(guarded.server, '/api/v1/session', null, { token }, { headers })
  const cookie = String(answer.headers['set-cookie'] ?? '')
  return { answer, cookie, pair: cookie.split(';')[0]! }
}
const as = (pair: string, headers: Record<string, string> = {}) => ({
  headers: { host: HOST, cookie: pair, ...headers },
})
const targets = (pair: string) => ask(guarded.server, '/api/v1/targets', null, undefined, as(pair))
const whoIs = async (pair: string) =>
  sessionWire.parse((await ask(guarded.server, '/api/v1/session', null, undefined, as(pair))).json())

test('a token begins a session in a cookie that no script reads and no other site sends', async () => {
  const token = await tokenOf(guarded.server, { name: 'vera', role: 'viewer' })
  expect(await whoIs('')).toEqual({ by: null, actor: null, role: null, targets: null, expiresAt: null })
  const { answer, cookie, pair } = await signIn(token)
  expect(answer.statusCode).toBe(201)
  expect(sessionWire.parse(answer.json())).toMatchObject({ by: 'session', actor: 'vera', role: 'viewer' })
  expect(cookie).toMatch(/^__Host-pgsteward=[\w-]{43}; /)
  for (const part of ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/']) expect(cookie).toContain(part)
  expect(cookie).not.toContain('Domain')
  expect(await whoIs(pair)).toMatchObject({ actor: 'vera', role: 'viewer' })
  expect((await targets(pair)).statusCode).toBe(200)
  const kept = await guarded.database.query('select s::text as row from pgsteward.access_session s')
  expect(JSON.stringify(kept)).not.toContain(pair.split('=')[1])
  // without TLS it could not be kept otherwise
  const plain = await signIn(token, { ...OWN, origin: `http://${HOST}` })
  expect(plain.cookie).toMatch(/^pgsteward=/)
  expect(plain.cookie).not.toContain('Secure')
})

test('what a session writes has to come from a page of ours, with the header of ours', async () => {
  const token = await tokenOf(guarded.server, { name: 'ada', role: 'operator' })
  const { pair } = await signIn(token)
  const write = (headers: Record<string, string>) =>
    ask(guarded.server, '/api/v1/alerts/test', null, { channel: 'x' }, as(pair, headers))
  const { host: _, ...own } = OWN
  expect((await write(own)).statusCode).toBe(404)
  expect((await write({ ...own, origin: 'https://evil.example' })).statusCode).toBe(403)
  expect((await write({ ...own, origin: 'null' })).statusCode).toBe(403)
  expect((await write({ origin: own.origin })).statusCode).toBe(403)
  expect((await write({ 'x-pgsteward': 'x', 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403)
  expect((await write({ 'x-pgsteward': 'x', 'sec-fetch-site': 'same-site' })).statusCode).toBe(403)
  // a token is sent by no browser by itself
  const bearer = await ask(guarded.server, '/api/v1/alerts/test', token, { channel: 'x' })
  expect(bearer.statusCode).toBe(404)
  // nor may another site sign somebody in
  expect((await signIn(token, { ...OWN, origin: 'https://evil.example' })).answer.statusCode).toBe(403)
  expect((await signIn(token, { host: HOST, origin: OWN.origin })).answer.statusCode).toBe(403)
})

test('a session ends by signing out, by an admin, with its token, after a night and after a week', async () => {
  const { pair } = await signIn(ADMIN_TOKEN)
  expect((await ask(guarded.server, '/api/admin/tokens', null, undefined, as(pair))).statusCode).toBe(200)
  const out = await ask(guarded.server, '/api/v1/session/end', null, {}, as(pair, OWN))
  expect(out.statusCode).toBe(200)
  expect(String(out.headers['set-cookie'])).toMatch(/^__Host-pgsteward=;.*Expires=Thu, 01 Jan 1970/)
  expect((await targets(pair)).statusCode).toBe(401)

  const second = await signIn(ADMIN_TOKEN)
  const list = async () =>
    accessSessionWire.array().parse((await ask(guarded.server, '/api/admin/sessions', ADMIN_TOKEN)).json())
  const [session] = await list()
  expect(session).toMatchObject({ actor: 'admin', role: 'admin', address: '127.0.0.1' })
  const ended = await ask(guarded.server, `/api/admin/sessions/${session!.id}/end`, ADMIN_TOKEN, {})
  expect(ended.statusCode).toBe(200)
  expect((await targets(second.pair)).statusCode).toBe(401)

  const token = await tokenOf(guarded.server, { name: 'bob', role: 'viewer' })
  const third = await signIn(token)
  await ask(guarded.server, '/api/admin/tokens/bob/revoke', ADMIN_TOKEN, {})
  expect((await targets(third.pair)).statusCode).toBe(401)

  const idle = await signIn(ADMIN_TOKEN)
  guarded.pass(13 * HOUR)
  expect((await targets(idle.pair)).statusCode).toBe(401)

  const busy = await signIn(ADMIN_TOKEN)
  for (let hours = 0; hours < 7 * 24 - 6; hours += 6) {
    guarded.pass(6 * HOUR)
    expect((await targets(busy.pair)).statusCode).toBe(200)
  }
  guarded.pass(6 * HOUR)
  expect((await targets(busy.pair)).statusCode).toBe(401)
  expect(await list()).toEqual([])
})

test('another admin token ends the sessions of the one before', async () => {
  const { pair } = await signIn(ADMIN_TOKEN)
  const other = await guarded.also({ adminToken: 'another-admin-token-of-the-test' })
  expect((await ask(other, '/api/v1/targets', null, undefined, as(pair))).statusCode).toBe(401)
  await other.close()
})

test('wrong tokens are counted, and their address waits', async () => {
  const server = await guarded.also({})
  const from = { remoteAddress: '192.0.2.7' }
  const guess = (token: string) => ask(server, '/api/v1/session', null, { token }, { headers: OWN, ...from })
  const statuses = []
  for (let tried = 0; tried < 12; tried++) statuses.push((await guess(`wrong ${tried}`)).statusCode)
  expect(statuses).toEqual([...Array(10).fill(401), 429, 429])
  // neither the right one by any way, nor a route with tokens of its own
  expect((await guess(ADMIN_TOKEN)).statusCode).toBe(429)
  const refused = await ask(server, '/api/v1/targets', ADMIN_TOKEN, undefined, from)
  expect(refused.statusCode).toBe(429)
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(60)
  expect((await ask(server, '/mcp', ADMIN_TOKEN, {}, from)).statusCode).toBe(429)
  expect((await ask(server, '/api/v1/targets', ADMIN_TOKEN)).statusCode).toBe(200)
  guarded.pass(16 * 60_000)
  expect((await ask(server, '/api/v1/targets', ADMIN_TOKEN, undefined, from)).statusCode).toBe(200)
  await server.close()
})

test('routes with tokens of their own count wrong ones, too', async () => {
  const server = await guarded.also({})
  const from = { remoteAddress: '192.0.2.8' }
  for (let tried = 0; tried < 10; tried++)
    expect((await ask(server, `/ingest/logs/shop?token=wrong${tried}`, null, {}, from)).statusCode).toBe(401)
  expect((await ask(server, '/v1/traces', ADMIN_TOKEN, {}, from)).statusCode).toBe(429)
  await server.close()
})

test('whoever asks without end is slowed down, and signing in more than ten times a minute, here too', async () => {
  const server = await guarded.also({ requestsPerMinute: 10 })
  const statuses = []
  for (let asked = 0; asked < 12; asked++)
    statuses.push((await ask(server, '/api/v1/log-classes', ADMIN_TOKEN)).statusCode)
  expect(statuses).toEqual([...Array(10).fill(200), 429, 429])
  await server.close()

  const here = await guarded.also({ host: '127.0.0.1' })
  const own = { host: '127.0.0.1', origin: 'http://127.0.0.1', 'x-pgsteward': 'dashboard' }
  const signIns = []
  for (let asked = 0; asked < 12; asked++)
    signIns.push(
      (await ask(here, '/api/v1/session', null, { token: ADMIN_TOKEN }, { headers: own })).statusCode,
    )
  expect(signIns).toEqual([...Array(10).fill(201), 429, 429])
  for (let asked = 0; asked < 30; asked++)
    expect((await ask(here, '/api/v1/log-classes', null)).statusCode).toBe(200)
  await here.close()
})

test('a proxy is believed where it is trusted alone', async () => {
  const [trusting, wary] = [await guarded.also({ trustedProxies: ['10.0.0.0/8'] }), await guarded.also({})]
  const through = {
    remoteAddress: '10.0.0.1',
    headers: {
      'x-forwarded-for': '198.51.100.9',
      'x-forwarded-proto': 'https',
      ...OWN,
      origin: `http://${HOST}`,
    },
  }
  const cookieOf = async (server: typeof wary) =>
    String(
      (await ask(server, '/api/v1/session', null, { token: ADMIN_TOKEN }, through)).headers['set-cookie'],
    )
  expect(await cookieOf(trusting)).toMatch(/^__Host-pgsteward=/)
  expect(await cookieOf(wary)).toMatch(/^pgsteward=/)
  const sessions = accessSessionWire
    .array()
    .parse((await ask(wary, '/api/admin/sessions', ADMIN_TOKEN)).json())
  expect(
    sessions
      .slice(0, 2)
      .map(({ address }) => address)
      .toSorted(),
  ).toEqual(['10.0.0.1', '198.51.100.9'])
  await Promise.all([trusting.close(), wary.close()])
})
