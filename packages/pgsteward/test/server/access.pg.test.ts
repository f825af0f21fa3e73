// Who may ask what beyond loopback: every route of the server, each role, targets, tokens that are made and revoked (D2).

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessTokenWire, madeTokenWire } from '../../src/model/access-wire.ts'
import { errorWire } from '../../src/model/wire.ts'
import { ROUTE_ACCESS } from '../../src/server/route-access.ts'
import {
  ADMIN_TOKEN,
  ask,
  CALENDAR_TOKEN,
  type GuardedServer,
  INGEST_TOKEN,
  startGuardedServer,
  tokenOf,
} from './guarded-server.ts'

let guarded: GuardedServer
let viewer: string
let operator: string
let ofShop: string
beforeAll(async () => {
  guarded = await startGuardedServer()
  viewer = await tokenOf(guarded.server, { name: 'vera', role: 'viewer' })
  operator = await tokenOf(guarded.server, { name: 'ada', role: 'operator' })
  ofShop = await tokenOf(guarded.server, { name: 'shopkeeper', role: 'operator', targets: ['shop'] })
})
afterAll(() => guarded.stop())

const CHANGE = {
  title: 'Index for the list',
  why: 'it is slow',
  risk: 'low',
  plan: 'create it concurrently',
  rollback: 'drop it',
}
const get = (url: string, token: string | null) => ask(guarded.server, url, token)
const post = (url: string, token: string | null, body: object) => ask(guarded.server, url, token, body)
const routes = Object.entries(ROUTE_ACCESS).map(([route, access]) => {
  const [method, path] = route.split(' ') as ['GET' | 'POST', string]
  return { route, method, path, url: path.replaceAll(/:\w+/g, 'x').replace('*', 'x'), access }
})
const inject = (method: 'GET' | 'POST', url: string, token: string | null) =>
  guarded.server.inject({
    method,
    url,
    ...(method === 'GET' ? {} : { payload: {} }),
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
  })

describe('each route', () => {
  test('says who may ask it, or the server does not start; nothing is said of routes that are not there', async () => {
    const other = await guarded.also({})
    expect(() => other.get('/api/v1/forgotten', () => 'open')).toThrow('route-access.ts')
    const gone = routes
      // served where there is a dashboard
      .filter(({ path }) => path !== '/' && path !== '/*')
      .filter(({ method, path }) => !['', '/'].some((end) => other.hasRoute({ method, url: path + end })))
    expect(gone.map(({ route }) => route)).toEqual([])
    await other.close()
  })

  test('is closed to whoever shows no token, or a wrong one', async () => {
    const open: string[] = []
    for (const { route, method, url, access } of routes) {
      if (access.opens === 'public') continue
      const answer = await inject(method, url, null)
      if (answer.statusCode !== 401) open.push(`${route}: ${answer.statusCode}`)
    }
    expect(open).toEqual([])
    expect((await get('/api/v1/targets', 'a-token-that-nobody-has')).statusCode).toBe(401)
  })

  test('opens to its role, and to no lesser one', async () => {
    const wrong: string[] = []
    for (const { route, method, url, access } of routes) {
      const needed = access.opens === 'reporter' ? 'operator' : access.opens
      if (needed !== 'viewer' && needed !== 'operator' && needed !== 'admin') continue
      for (const [role, token] of Object.entries({ viewer, operator, admin: ADMIN_TOKEN })) {
        const { statusCode } = await inject(method, url, token)
        const isOpen =
          ['viewer', 'operator', 'admin'].indexOf(role) >= ['viewer', 'operator', 'admin'].indexOf(needed)
        const isRefused = statusCode === 403 || statusCode === 401
        if (isOpen === isRefused) wrong.push(`${route} answers ${role} with ${statusCode}`)
      }
    }
    expect(wrong).toEqual([])
  })

  test('of one target alone opens to who may see that, and all others do not', async () => {
    const wrong: string[] = []
    for (const { route, method, url, access } of routes) {
      if (access.opens !== 'viewer' && access.opens !== 'operator') continue
      const { statusCode } = await guarded.server.inject({
        method,
        url: `${url.replace('/targets/x', '/targets/till')}${access.target === 'query' ? '?target=till' : ''}`,
        ...(method === 'GET' ? {} : { payload: { target: 'till' } }),
        headers: { authorization: `Bearer ${ofShop}` },
      })
      // of a record by its number it is not told whether it is there
      const expected = access.record === undefined ? statusCode === 403 : statusCode === 404
      if (expected === (access.isOfAll === true)) wrong.push(`${route}: ${statusCode}`)
    }
    expect(wrong).toEqual([])
    expect((await get('/api/v1/targets/shop/findings', ofShop)).statusCode).toBe(200)
    expect((await get('/api/v1/alerts?target=shop', ofShop)).statusCode).toBe(200)
    expect((await get('/api/v1/alerts?target=shop&target=till', ofShop)).statusCode).toBe(403)
    expect((await get('/api/v1/alerts', ofShop)).statusCode).toBe(403)
    expect((await get('/api/v1/targets', ofShop)).json()).toMatchObject([{ id: 'shop' }])
    expect((await get('/api/v1/targets', viewer)).json()).toHaveLength(2)
  })

  test('is the same route however its address is spelled', async () => {
    for (const url of ['/%61pi/v1/targets', '/api/%61dmin/tokens', '/%6detrics', '/api/v1/targets/'])
      expect([401, 404], url).toContain((await get(url, null)).statusCode)
    const here = await guarded.also({ host: '127.0.0.1' })
    expect((await ask(here, '/api/%61dmin/tokens', null)).statusCode).toBe(401)
    await here.close()
  })

  test('takes a bounded body', async () => {
    const larger = /^\/(api\/v1\/(load\/|records\/import)|mcp$|ingest\/|v1\/)/
    const unbounded: string[] = []
    for (const { route, method, url, access } of routes) {
      if (method !== 'POST') continue
      const isLarger = larger.test(url)
      const answer = await guarded.server.inject({
        method,
        url,
        payload: { text: 'x'.repeat(isLarger ? 34_000_000 : 70_000) },
        headers: {
          authorization: `Bearer ${ADMIN_TOKEN}`,
          ...(access.opens === 'public' ? { 'x-pgsteward': 'test' } : {}),
        },
      })
      if (answer.statusCode !== 413) unbounded.push(`${route}: ${answer.statusCode}`)
    }
    expect(unbounded).toEqual([])
  })

  test('with a token of its own opens to that alone', async () => {
    expect((await post('/api/v1/load/runs', INGEST_TOKEN, {})).statusCode).toBe(400)
    expect((await get('/api/v1/load/runs', INGEST_TOKEN)).statusCode).toBe(401)
    expect((await get(`/api/v1/on-call/calendar.ics?token=${CALENDAR_TOKEN}`, null)).body).toContain(
      'on-call',
    )
    expect((await get(`/api/v1/on-call?token=${CALENDAR_TOKEN}`, null)).statusCode).toBe(401)
  })
})

test('whether it lives is told to anybody, and nothing else', async () => {
  expect((await get('/health', null)).json()).toEqual({ status: 'ok' })
  const here = await guarded.also({ host: '127.0.0.1' })
  expect((await ask(here, '/health', null)).json()).toMatchObject({ targets: { shop: expect.any(String) } })
  const rebound = await ask(here, '/health', null, undefined, { headers: { host: 'rebound.example' } })
  expect(rebound.json()).toEqual({ status: 'ok' })
  await here.close()
})

test('what is refused says what it takes', async () => {
  const refused = errorWire.parse((await post('/api/v1/changes', viewer, {})).json()).error
  expect(refused.message).toBe('this takes the role operator; vera has the role viewer')
  const closed = errorWire.parse((await get('/api/v1/targets/till/findings', ofShop)).json()).error
  expect(closed.message).toBe('shopkeeper may see shop alone')
})

test('a token is shown once, kept as a hash, and opens nothing once it is revoked or has expired', async () => {
  const made = madeTokenWire.parse(
    (
      await post('/api/admin/tokens', ADMIN_TOKEN, {
        name: 'ci',
        role: 'viewer',
        expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      })
    ).json(),
  )
  expect(made.token).toMatch(/^pgst_[\w-]{43}$/)
  expect((await get('/api/v1/targets', made.token)).statusCode).toBe(200)
  const listed = await get('/api/admin/tokens', ADMIN_TOKEN)
  expect(listed.body).not.toContain(made.token)
  expect(accessTokenWire.array().parse(listed.json())).toContainEqual(
    expect.objectContaining({
      name: 'ci',
      createdBy: 'admin',
      lastUsedAt: expect.any(String),
      revokedAt: null,
    }),
  )
  const kept = await guarded.database.query('select t::text as row from pgsteward.access_token t')
  expect(JSON.stringify(kept)).not.toContain(made.token.slice(5))
  expect((await post('/api/admin/tokens', ADMIN_TOKEN, { name: 'ci', role: 'admin' })).statusCode).toBe(400)

  expect((await post('/api/admin/tokens/ci/revoke', ADMIN_TOKEN, {})).statusCode).toBe(200)
  expect((await get('/api/v1/targets', made.token)).statusCode).toBe(401)
  expect((await post('/api/admin/tokens/ci/revoke', ADMIN_TOKEN, {})).statusCode).toBe(404)

  const short = await post('/api/admin/tokens', ADMIN_TOKEN, {
    name: 'short',
    role: 'viewer',
    expiresAt: new Date(Date.now() + 60_000).toISOString(),
  })
  guarded.pass(120_000)
  expect((await get('/api/v1/targets', madeTokenWire.parse(short.json()).token)).statusCode).toBe(401)
})

test.each([
  [{ name: 'admin', role: 'viewer' }],
  [{ name: '--help', role: 'viewer' }],
  [{ name: 'x', role: 'owner' }],
  [{ name: 'x', role: 'viewer', targets: ['nowhere'] }],
  [{ name: 'x', role: 'viewer', targets: [] }],
  [{ name: 'x', role: 'admin', targets: ['shop'] }],
  [{ name: 'x', role: 'viewer', expiresAt: '2020-01-01T00:00:00Z' }],
])('a token like %j is not made', async (wanted) => {
  expect((await post('/api/admin/tokens', ADMIN_TOKEN, wanted)).statusCode).toBe(400)
})

test('who acts is the token, whatever the request says', async () => {
  const opened = await post('/api/v1/changes', operator, { ...CHANGE, actor: 'eve' })
  expect(opened.statusCode, opened.body).toBe(200)
  expect(opened.body).not.toContain('eve')
  const [record] = await guarded.store.records({ kinds: ['change'] })
  expect(record!.entries[0]!.actor).toBe('ada')
})

test('on loopback nothing changes: open, and who acts is who says so', async () => {
  const here = await guarded.also({ host: '127.0.0.1' })
  expect((await ask(here, '/api/v1/targets', null)).statusCode).toBe(200)
  expect((await ask(here, '/api/v1/targets', 'a-token-that-nobody-has')).statusCode).toBe(200)
  expect((await ask(here, '/api/admin/tokens', null)).statusCode).toBe(401)
  expect((await ask(here, '/api/admin/tokens', ADMIN_TOKEN)).statusCode).toBe(200)
  await here.close()
})

test('a proxy on this machine makes nobody of the world one of this machine', async () => {
  const here = await guarded.also({ host: '127.0.0.1' })
  for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via']) {
    const forwarded = (token: string | null) =>
      ask(here, '/api/v1/targets', token, undefined, {
        headers: { host: 'steward.example', [name]: '192.0.2.1' },
      })
    expect((await forwarded(null)).statusCode, name).toBe(401)
    expect((await forwarded(viewer)).statusCode).toBe(200)
  }
  await here.close()
})
