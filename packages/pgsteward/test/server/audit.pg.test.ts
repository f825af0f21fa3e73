// The audit log: what was asked that writes or was refused, by whom, and that it cannot be changed (D2).

import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AuditEntryWire, auditEntryWire } from '../../src/model/access-wire.ts'
import { ADMIN_TOKEN, ask, type GuardedServer, startGuardedServer, tokenOf } from './guarded-server.ts'

let guarded: GuardedServer
let viewer: string
let operator: string
beforeAll(async () => {
  guarded = await startGuardedServer()
  viewer = await tokenOf(guarded.server, { name: 'vera', role: 'viewer' })
  operator = await tokenOf(guarded.server, { name: 'ada', role: 'operator' })
})
afterAll(() => guarded.stop())

const entries = async (query = ''): Promise<readonly AuditEntryWire[]> => {
  const answer = await ask(guarded.server, `/api/admin/audit?${query}`, ADMIN_TOKEN)
  expect(answer.statusCode, answer.body).toBe(200)
  return auditEntryWire.array().parse(answer.json())
}

test('tells who made tokens, who wrote what, and who was refused, without what was sent', async () => {
  const secret = 'a-secret-in-a-body'
  await ask(guarded.server, '/api/v1/alerts/test', operator, { channel: secret })
  await ask(guarded.server, '/api/v1/targets/shop/findings/k/mute?token=x', viewer, { reason: secret })
  await ask(guarded.server, '/api/v1/targets', 'a-token-that-nobody-has')
  await ask(guarded.server, '/api/v1/targets', operator)
  const found = await entries()
  expect(found.map(({ actor, action, status, outcome }) => [actor, action, status, outcome])).toEqual([
    [null, 'GET /api/v1/targets', 401, 'refused'],
    ['vera', 'POST /api/v1/targets/:target/findings/:key/mute', 403, 'refused'],
    ['ada', 'POST /api/v1/alerts/test', 404, 'refused'],
    ['admin', 'POST /api/admin/tokens', 201, 'done'],
    ['admin', 'POST /api/admin/tokens', 201, 'done'],
  ])
  expect(found[1]).toMatchObject({
    role: 'viewer',
    by: 'token',
    address: '127.0.0.1',
    path: '/api/v1/targets/shop/findings/k/mute',
    target: 'shop',
    because: 'this takes the role operator; vera has the role viewer',
  })
  for (const word of [secret, operator, viewer, ADMIN_TOKEN])
    expect(JSON.stringify(found)).not.toContain(word)
})

test('tells of signing in, also where it was refused', async () => {
  const headers = { host: 'localhost', origin: 'http://localhost', 'x-pgsteward': 'x' }
  await ask(guarded.server, '/api/v1/session', null, { token: 'wrong' }, { headers })
  await ask(guarded.server, '/api/v1/session', null, { token: viewer }, { headers })
  expect((await entries('limit=2')).map(({ actor, status, by }) => [actor, status, by])).toEqual([
    ['vera', 201, 'session'],
    [null, 401, null],
  ])
})

test('on loopback names who said to act', async () => {
  const here = await guarded.also({ host: '127.0.0.1' })
  const opened = await ask(here, '/api/v1/meetings', null, { title: '', actor: 'bob' })
  expect(opened.statusCode).toBe(400)
  expect((await entries('limit=1'))[0]).toMatchObject({
    actor: 'bob',
    by: 'open',
    status: 400,
    outcome: 'refused',
  })
  await here.close()
})

test('is asked for by time, name, outcome and page', async () => {
  expect(await entries('actor=vera&outcome=done')).toHaveLength(1)
  const all = await entries()
  expect(await entries(`before=${all[1]!.id}&limit=1`)).toEqual([all[2]])
  expect(await entries(`since=${new Date(Date.now() + 60_000).toISOString()}`)).toEqual([])
  expect((await ask(guarded.server, '/api/admin/audit?before=x', ADMIN_TOKEN)).statusCode).toBe(400)
})

test('whoever knocks without end does not fill it', async () => {
  const before = (await entries('limit=1000')).length
  for (let tried = 0; tried < 40; tried++)
    await ask(guarded.server, '/api/v1/meetings', null, {}, { remoteAddress: '192.0.2.9' })
  expect((await entries('limit=1000')).length - before).toBe(10)
})

test('nothing in it is changed, and nothing deleted that is younger than 90 days', async () => {
  const { database, store } = guarded
  for (const change of ["update pgsteward.audit_entry set actor = 'eve'", 'truncate pgsteward.audit_entry'])
    await expect(database.run('set session_replication_role = replica', change)).rejects.toThrow(
      'append-only',
    )
  await database.run('reset session_replication_role')
  await expect(database.run('delete from pgsteward.audit_entry')).rejects.toThrow('90 days')

  const old = (days: number) => new Date(Date.now() - days * 86_400_000)
  const draft = {
    role: null,
    by: null,
    address: '::1',
    action: 'POST /x',
    path: '/x',
    target: null,
    status: 200,
    because: null,
  }
  await store.addAudit({ ...draft, at: old(500), actor: 'long ago' })
  await store.addAudit({ ...draft, at: old(100), actor: 'a while ago' })
  const policy = {
    rawMs: 1e9,
    hourlyMs: 1e9,
    dailyMs: 1e9,
    resolvedFindingsMs: 1e9,
    slowQueriesMs: 1e9,
    slowQueriesMaxBytes: 1e9,
    maxBytes: null,
  }
  await store.applyRetention(policy, new Date())
  expect(await store.auditEntries({ actor: 'long ago', limit: 5 })).toEqual([])
  expect(await store.auditEntries({ actor: 'a while ago', limit: 5 })).toHaveLength(1)
})
