// Tenant isolation: a second church tries every route of the first one's, with the first one's keys.

import type { Router } from 'express'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../../packages/pgsteward/test/postgres/database.ts'
import { type Browser, migrate, startTestApp, type TestApp } from '../testing/test-app.ts'
import { CHURCH_ROUTES } from './app.ts'
import type { Context } from './context.ts'
import { createFaults } from './faults.ts'

let database: TestDatabase
let app: TestApp
let owner: Browser
let stranger: Browser
/** Of the owner's church. */
const ids: Record<string, string> = {}

beforeAll(async () => {
  database = await createDatabase()
  await migrate(database.url)
  app = await startTestApp(database.url)
  owner = await app.register('First Church')
  stranger = await app.register('Second Church')
  const post = async (path: string, body: unknown) => (await owner.request('POST', path, body)).body
  ids.member = (
    await post('/api/members', { firstName: 'Mine', lastName: 'Alone', phone: '+12025550001' })
  ).id
  ids.group = (await post('/api/groups', { name: 'Mine alone' })).id
  await owner.request('PUT', `/api/groups/${ids.group}/members/${ids.member}`)
  ids.conversation = (await post('/api/conversations', { memberId: ids.member })).id
  await post(`/api/conversations/${ids.conversation}/messages`, { body: 'Mine alone' })
  ids.broadcast = (await post('/api/broadcasts', { groupId: ids.group, body: 'Mine alone' })).id
  ids.assessment = (await post('/api/assessments', { memberId: ids.member, title: 'Mine alone' })).id
  await owner.request('PUT', `/api/assessments/${ids.assessment}/answers/1`, {
    value: 5,
    remark: 'Mine alone',
  })
  const file = await owner.request(
    'POST',
    `/api/assessments/${ids.assessment}/answers/1/evidence`,
    new Uint8Array(10),
    { 'content-type': 'application/pdf', 'x-file-name': 'Mine alone.pdf' },
  )
  ids.evidence = file.body.id
  await post('/api/billing/payments', {})
  ids.strangersMember = (
    await stranger.request('POST', '/api/members', {
      firstName: 'His',
      lastName: 'Own',
      phone: '+12025550002',
    })
  ).body.id
  ids.strangersGroup = (await stranger.request('POST', '/api/groups', { name: 'His own' })).body.id
})
afterAll(async () => {
  await app.stop()
  await database.drop()
})

interface Attempt {
  /** As declared. */
  readonly route: string
  readonly path: () => string
  readonly body?: () => unknown
}

const attempt = (route: string, path: () => string, body?: () => unknown): Attempt =>
  body === undefined ? { route, path } : { route, path, body }

const ATTEMPTS: readonly Attempt[] = [
  attempt('GET /api/members/:id', () => `/api/members/${ids.member}`),
  attempt(
    'PATCH /api/members/:id',
    () => `/api/members/${ids.member}`,
    () => ({ firstName: 'Taken' }),
  ),
  attempt('DELETE /api/members/:id', () => `/api/members/${ids.member}`),
  attempt('GET /api/groups/:id', () => `/api/groups/${ids.group}`),
  attempt(
    'PUT /api/groups/:id/members/:memberId',
    () => `/api/groups/${ids.group}/members/${ids.strangersMember}`,
  ),
  attempt(
    'PUT /api/groups/:id/members/:memberId',
    () => `/api/groups/${ids.strangersGroup}/members/${ids.member}`,
  ),
  attempt('DELETE /api/groups/:id/members/:memberId', () => `/api/groups/${ids.group}/members/${ids.member}`),
  attempt(
    'POST /api/conversations',
    () => '/api/conversations',
    () => ({ memberId: ids.member }),
  ),
  attempt(
    'PATCH /api/conversations/:id',
    () => `/api/conversations/${ids.conversation}`,
    () => ({ status: 'CLOSED' }),
  ),
  attempt('GET /api/conversations/:id/messages', () => `/api/conversations/${ids.conversation}/messages`),
  attempt(
    'POST /api/conversations/:id/messages',
    () => `/api/conversations/${ids.conversation}/messages`,
    () => ({ body: 'x' }),
  ),
  attempt('POST /api/conversations/:id/read', () => `/api/conversations/${ids.conversation}/read`),
  attempt(
    'POST /api/broadcasts',
    () => '/api/broadcasts',
    () => ({ groupId: ids.group, body: 'x' }),
  ),
  attempt('GET /api/broadcasts/:id', () => `/api/broadcasts/${ids.broadcast}`),
  attempt('GET /api/broadcasts/:id/recipients', () => `/api/broadcasts/${ids.broadcast}/recipients`),
  attempt(
    'POST /api/assessments',
    () => '/api/assessments',
    () => ({ memberId: ids.member, title: 'x' }),
  ),
  attempt('GET /api/assessments/:id', () => `/api/assessments/${ids.assessment}`),
  attempt(
    'PUT /api/assessments/:id/answers/:number',
    () => `/api/assessments/${ids.assessment}/answers/1`,
    () => ({ value: 1 }),
  ),
  attempt(
    'DELETE /api/assessments/:id/answers/:number',
    () => `/api/assessments/${ids.assessment}/answers/1`,
  ),
  attempt(
    'POST /api/assessments/:id/complete',
    () => `/api/assessments/${ids.assessment}/complete`,
    () => ({ score: 1 }),
  ),
  attempt(
    'POST /api/assessments/:id/answers/:number/evidence',
    () => `/api/assessments/${ids.assessment}/answers/1/evidence`,
    () => new Uint8Array(5),
  ),
  attempt('GET /api/evidence/:id', () => `/api/evidence/${ids.evidence}`),
  attempt('DELETE /api/evidence/:id', () => `/api/evidence/${ids.evidence}`),
]

/** Routes that name no row: what they show must hold nothing of the other church. */
const LISTS = [
  'GET /api/dashboard',
  'GET /api/members',
  'GET /api/groups',
  'GET /api/conversations',
  'GET /api/conversations/mine',
  'GET /api/broadcasts',
  'GET /api/deliveries',
  'GET /api/billing/subscription',
  'GET /api/billing/payments',
  'GET /api/assessments',
  'GET /api/evidence',
  'GET /api/audit-log',
  'GET /api/audit-log/:entity/:id',
  'GET /api/reports/copies',
  'GET /api/reports/corrections',
  'GET /api/reports/delivery-rate',
]

/** Creates something in the caller's own church and names no other row. */
const OWN = ['POST /api/members', 'POST /api/groups', 'POST /api/billing/payments']

function declaredRoutes(): readonly string[] {
  const context = { faults: createFaults() } as Context
  return CHURCH_ROUTES.flatMap(([mount, routes]) =>
    (routes(context) as Router).stack.flatMap(({ route }) =>
      route === undefined
        ? []
        : route.stack.map(
            ({ method }) => `${method.toUpperCase()} ${mount}${route.path === '/' ? '' : route.path}`,
          ),
    ),
  )
}

describe('a church', () => {
  test('is tried on every route that the application declares', () => {
    const tried = new Set([...ATTEMPTS.map(({ route }) => route), ...LISTS, ...OWN])
    expect([...new Set(declaredRoutes())].sort()).toEqual([...tried].sort())
  })

  test.each(ATTEMPTS.map((each, index) => [`${index + 1}. ${each.route}`, each] as const))(
    '%s is a 404 for another church, and changes nothing',
    async (_name, { route, path, body }) => {
      const before = await everything()
      const headers = { 'content-type': 'application/pdf', 'x-file-name': 'x.pdf' }
      const content = body?.()
      const { status } = await stranger.request(
        route.split(' ')[0]!,
        path(),
        content,
        content instanceof Uint8Array ? headers : {},
      )
      expect(status).toBe(404)
      expect(await everything()).toBe(before)
    },
  )

  test.each(LISTS)('%s shows nothing of another church', async (route) => {
    const path = route
      .split(' ')[1]!
      .replace(':entity/:id', `member/${ids.member}`)
      .replace('/api/deliveries', '/api/deliveries?status=SENT')
    const { status, body } = await stranger.request('GET', path)
    expect(status).toBe(200)
    expect(JSON.stringify(body)).not.toMatch(/mine alone|first church/i)
    const [own] = await database.query<{ church_id: number }>(
      `select church_id from app_user where email = 'owner@second-church.example'`,
    )
    for (const row of body.rows ?? []) expect(row.churchId ?? own?.church_id).toBe(own?.church_id)
  })

  test('its rows need a session at all', async () => {
    for (const { route, path } of ATTEMPTS)
      expect([route, (await app.browser().request(route.split(' ')[0]!, path())).status]).toEqual([
        route,
        401,
      ])
  })
})

/** All rows of the first church that a stranger might have changed. */
async function everything(): Promise<string> {
  const tables = [
    'member',
    'member_group',
    'group_membership',
    'conversation',
    'message',
    'assessment',
    'answer',
    'evidence_file',
  ]
  const rows: unknown[] = []
  for (const table of tables)
    rows.push(
      await database.query(
        `select coalesce(json_agg(t order by t::text), '[]')::text as rows from ${table} t`,
      ),
    )
  return JSON.stringify(rows)
}
