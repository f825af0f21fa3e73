// The door itself: who may report, what is refused and how, what a flood and a lost answer do.

import { gzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createIngest, type Ingest } from '../../src/app/ingest/ingest.ts'
import type { Views } from '../../src/app/views.ts'
import type { ApplicationReport } from '../../src/model/application.ts'
import { createServer } from '../../src/server/create-server.ts'
import { openStore } from '../../src/store/open-store.ts'
import type { OpenedStore } from '../../src/store/postgres-store.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

const TOKEN = 'ingest-token-of-the-test'
const ADMIN = 'admin-token-of-the-test'
const now = () => new Date()
const TARGETS = [
  { id: 'shop', url: 'postgres://u:p@db.internal:5432/shop' },
  { id: 'stock', url: 'postgres://u:p@db.internal:5432/stock' },
] as never

let database: TestDatabase
let store: OpenedStore
let server: FastifyInstance
let ingest: Ingest

async function serve(saveReport: OpenedStore['saveReport'] = store.saveReport, host = '127.0.0.1') {
  const door = createIngest({ store: { saveReport }, config: { targets: TARGETS, applications: [] }, now })
  const opened = await createServer({
    views: { governance: {} } as unknown as Views,
    adminToken: ADMIN,
    host,
    dashboardDir: null,
    now,
    applications: { ingest: door, token: TOKEN },
  })
  return { server: opened, ingest: door }
}

beforeAll(async () => {
  database = await createDatabase()
  store = await openStore({ url: database.url })
  const served = await serve()
  server = served.server
  ingest = served.ingest
})
afterAll(async () => {
  await server.close()
  await ingest.stop()
  await store.close()
  await database.drop()
})

let requests = 0

/** One request of a service that took 5 ms, and one statement to the named database. */
function body(service: string, databaseName = 'shop', routes = 1) {
  const nanos = (ms: number) => `${ms}000000`
  const end = Date.now()
  const traceId = (++requests).toString(16).padStart(32, 'a')
  const attributes = (values: Record<string, string>) =>
    Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }))
  const span = (id: string, parentSpanId: string, kind: number, values: Record<string, string>) => ({
    traceId,
    spanId: id.padStart(16, '0'),
    parentSpanId,
    name: 'x',
    kind,
    startTimeUnixNano: nanos(end - 5),
    endTimeUnixNano: nanos(end),
    attributes: attributes(values),
  })
  return {
    resourceSpans: [
      {
        resource: { attributes: attributes({ 'service.name': service, 'service.instance.id': 'one' }) },
        scopeSpans: [
          {
            spans: [
              span('1', '', 2, { 'http.request.method': 'GET', 'http.route': '/members' }),
              ...[...Array(routes).keys()].map((index) =>
                span(`2${index}`, '1'.padStart(16, '0'), 3, {
                  'db.system.name': 'postgresql',
                  'db.namespace': databaseName,
                  'server.address': 'db.internal',
                  'db.query.text': `select * from member where id = $1 /* ${index} */`,
                }),
              ),
            ],
          },
        ],
      },
    ],
  }
}

/** Async, since what inject returns begins only when somebody waits for it. */
async function post(
  payload: unknown,
  headers: Record<string, string> = {},
  to = server,
  path = '/v1/traces',
) {
  return await to.inject({
    method: 'POST',
    url: path,
    payload: (Buffer.isBuffer(payload) ? payload : JSON.stringify(payload)) as string,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}`, ...headers },
  })
}

const counted = async (service: string) => {
  const window = { from: new Date(Date.now() - 600_000), to: new Date(Date.now() + 60_000) }
  const [request] = await store.operations('shop', window, { kind: 'request', application: service })
  return request?.count ?? 0
}

test.each([
  ['no token', { authorization: '' }],
  ['a wrong token', { authorization: 'Bearer ingest-token-of-the-tesT' }],
  ['a longer token', { authorization: `Bearer ${TOKEN}x` }],
])('%s is refused, on loopback too, and nothing is kept (D2)', async (_, headers) => {
  const response = await post(body('stranger'), headers)
  expect(response.statusCode).toBe(401)
  expect(response.json()).toEqual({ code: 16, message: expect.stringContaining('ingest token') })
  expect(await counted('stranger')).toBe(0)
})

test('the admin token may report as well; the ingest token opens nothing else', async () => {
  expect((await post(body('by-admin'), { authorization: `Bearer ${ADMIN}` })).statusCode).toBe(200)
  expect(await counted('by-admin')).toBe(1)
  const open = await serve(undefined, '0.0.0.0')
  const headers = { authorization: `Bearer ${TOKEN}` }
  expect((await open.server.inject({ url: '/api/v1/targets', headers })).statusCode).toBe(401)
  expect((await open.server.inject({ url: '/api/v1/unplaced-applications', headers })).statusCode).toBe(401)
  expect((await open.server.inject({ url: '/api/admin/performance-metrics', headers })).statusCode).toBe(401)
  expect((await post(body('outside'), {}, open.server)).statusCode).toBe(200)
  await open.server.close()
  await open.ingest.stop()
})

test('an answer is an empty export response when everything was kept', async () => {
  const response = await post(body('fine'))
  expect(response.statusCode).toBe(200)
  expect(response.json()).toEqual({})
  expect(response.headers['content-type']).toContain('application/json')
})

test('gzip is read', async () => {
  const payload = gzipSync(JSON.stringify(body('zipped')))
  expect((await post(payload, { 'content-encoding': 'gzip' })).statusCode).toBe(200)
  expect(await counted('zipped')).toBe(1)
})

test.each<[string, unknown, Record<string, string>, number, string]>([
  ['JSON that is none', Buffer.from('{'), {}, 400, 'no JSON of traces'],
  ['a wrong type', { resourceSpans: 5 }, {}, 400, 'resourceSpans is no list'],
  ['no gzip', { a: 1 }, { 'content-encoding': 'gzip' }, 400, 'no gzip'],
  ['another compression', { a: 1 }, { 'content-encoding': 'br' }, 415, 'use gzip'],
  ['another type', Buffer.from('a=1'), { 'content-type': 'text/plain' }, 415, 'application/x-protobuf'],
  ['more than 4 MB', Buffer.alloc(4 * 2 ** 20 + 1, 32), {}, 413, 'larger than 4194304 bytes'],
  [
    'a small body that inflates to 17 MB',
    gzipSync(Buffer.alloc(17 * 2 ** 20, 32)),
    { 'content-encoding': 'gzip' },
    413,
    'when inflated',
  ],
  [
    'a small body that inflates to a gigabyte',
    gzipSync(Buffer.alloc(2 ** 30, 32)),
    { 'content-encoding': 'gzip' },
    413,
    'when inflated',
  ],
])('%s is refused, and it says why', async (_, payload, headers, status, words) => {
  const response = await post(payload, headers)
  expect(response.statusCode).toBe(status)
  expect(response.json()).toEqual({ code: expect.any(Number), message: expect.stringContaining(words) })
})

test('who speaks protobuf is answered in protobuf, refusals too', async () => {
  const headers = { 'content-type': 'application/x-protobuf' }
  const fine = await post(Buffer.alloc(0), headers)
  expect(fine.statusCode).toBe(200)
  expect(fine.headers['content-type']).toBe('application/x-protobuf')
  expect(fine.rawPayload).toHaveLength(0)
  const broken = await post(Buffer.from([0xff, 0xff, 0xff]), headers)
  expect(broken.statusCode).toBe(400)
  expect(broken.headers['content-type']).toBe('application/x-protobuf')
  // google.rpc.Status: code 3, then the message
  expect([...broken.rawPayload.subarray(0, 3)]).toEqual([0x08, 0x03, 0x12])
  expect(broken.body).toContain('no protobuf of traces')
})

test('an application of no target is kept out, told so, and listed until it has one', async () => {
  const response = await post(body('stray', 'warehouse'))
  expect(response.statusCode).toBe(200)
  expect(response.json()).toEqual({
    partialSuccess: {
      rejectedSpans: '2',
      errorMessage: 'stray: it uses db.internal:5432/warehouse, which is the database of no target',
    },
  })
  const listed = await server.inject('/api/v1/unplaced-applications')
  expect(listed.json()).toMatchObject([
    { application: 'stray', endpoint: { database: 'warehouse' }, reports: 1, because: expect.any(String) },
  ])
  await post(body('stray', 'shop'))
  expect((await server.inject('/api/v1/unplaced-applications')).json()).toEqual([])
})

test('a body that is sent again counts once, after a restart too', async () => {
  const payload = body('twice')
  expect((await post(payload)).statusCode).toBe(200)
  expect((await post(payload)).statusCode).toBe(200)
  expect(await counted('twice')).toBe(1)
  const restarted = await serve()
  expect((await post(payload, {}, restarted.server)).statusCode).toBe(200)
  expect(await counted('twice')).toBe(1)
  await restarted.server.close()
  await restarted.ingest.stop()
})

test('a body that could not be saved is answered 503 and counts when it comes again', async () => {
  let isAway = true
  const { server: shaky, ingest: door } = await serve(async (...report) => {
    if (isAway) throw new Error('connection refused by 10.0.0.1')
    await store.saveReport(...report)
  })
  const payload = body('shaky')
  const refused = await post(payload, {}, shaky)
  expect(refused.statusCode).toBe(503)
  expect(refused.headers['retry-after']).toBe('10')
  expect(refused.body).not.toContain('10.0.0.1')
  isAway = false
  expect((await post(payload, {}, shaky)).statusCode).toBe(200)
  expect(await counted('shaky')).toBe(1)
  await shaky.close()
  await door.stop()
})

test('a flood is told to come later, what is in line is kept, and the line is free again', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const saved: ApplicationReport[] = []
  const { server: busy, ingest: door } = await serve(async (_target, report) => {
    await released
    saved.push(report)
  })
  const waiting = [...Array(64).keys()].map((index) => post(body(`flood-${index}`), {}, busy))
  // each has to have been let in before the next is refused
  await expect.poll(async () => (await post(body('late'), {}, busy)).statusCode).toBe(429)
  const refused = await post(body('late'), {}, busy)
  expect(refused.headers['retry-after']).toBe('5')
  expect(refused.json()).toMatchObject({ code: 8 })
  release()
  const answers = await Promise.all(waiting)
  expect(answers.map((each) => each.statusCode).filter((each) => each !== 200)).toEqual([])
  expect(saved).toHaveLength(64)
  expect((await post(body('after'), {}, busy)).statusCode).toBe(200)
  await busy.close()
  await door.stop()
})
