// What the API answers about applications, over a real target and a real embedded store, with reports as the door hands them on.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { z } from 'zod'
import { loadConfig } from '../../src/app/config/load-config.ts'
import { Steward } from '../../src/app/steward.ts'
import { Views } from '../../src/app/views.ts'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import {
  applicationDetailWire,
  applicationWire,
  errorWire,
  outcomeWire,
  performanceMetricsWire,
  slowQueriesWire,
  slowStatementWire,
  statementDetailWire,
} from '../../src/model/wire.ts'
import { createServer } from '../../src/server/create-server.ts'
import { openStore } from '../../src/store/open-store.ts'
import { FINGERPRINT, report, slowQuery } from '../application/report.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

const TOKEN = 'a-token-of-some-length'
const TAGGED =
  "select count(*) from shelf /*action='countAll',application='shop',route='%2Fshelves%2Fcount'*/"
const dir = mkdtempSync(join(tmpdir(), 'pgsteward-applications-'))
let database: TestDatabase
let steward: Steward
let server: FastifyInstance

beforeAll(async () => {
  database = await createDatabase()
  await database.run(
    'create extension pg_stat_statements',
    'create table shelf (id bigint primary key, place text)',
    'create table untold (id int)',
  )
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd: dir,
    env: {},
    flags: { targets: [{ id: 'shop', url: database.monitorUrl }], collect: { every: '1s' } },
  })
  steward = new Steward(config, await openStore({ dir: join(dir, 'store') }))
  server = await createServer({
    views: new Views(steward, () => new Date(), null),
    adminToken: TOKEN,
    host: '127.0.0.1',
    dashboardDir: null,
    now: () => new Date(),
  })
  steward.start()
})

afterAll(async () => {
  await server?.close()
  await steward?.stop()
  await database.drop()
  rmSync(dir, { recursive: true, force: true })
})

async function get<T extends z.ZodType>(schema: T, url: string, headers = {}): Promise<z.output<T>> {
  const response = await server.inject({ url, headers })
  expect(response.statusCode, `${url}: ${response.body}`).toBe(200)
  return schema.parse(response.json())
}

const find = async (part: string) =>
  vi.waitFor(
    async () => {
      await database.query('select place from shelf where id = 7')
      await database.query(TAGGED)
      await database.query('select count(*) from untold')
      const all = await get(slowStatementWire.array(), '/api/v1/targets/shop/statements?limit=1000')
      const found = all.find((each) => each.text.includes(part))
      expect(found, part).toBeDefined()
      return found!
    },
    { timeout: 60_000, interval: 200 },
  )

test('before anybody reports the lists are empty, and say that nothing could be there', async () => {
  expect(await get(applicationWire.array(), '/api/v1/targets/shop/applications')).toEqual([])
  expect(await get(slowQueriesWire, '/api/v1/targets/shop/slow-queries')).toEqual({
    groups: [],
    latest: [],
    kept: 0,
    dropped: 0,
    hasSource: false,
  })
  const response = await server.inject('/api/v1/targets/shop/applications/shop')
  expect(response.statusCode).toBe(404)
  expect(errorWire.parse(response.json()).error.message).toContain('shop')
})

test('checks on applications are skipped until one reports, and say why', async () => {
  await vi.waitFor(
    async () => {
      const outcomes = await get(outcomeWire.array(), '/api/v1/targets/shop/checks')
      expect(outcomes.find((each) => each.checkId === 'slow-route')).toMatchObject({
        status: 'skipped',
        because: expect.stringContaining('no application reports'),
      })
    },
    { timeout: 60_000, interval: 200 },
  )
})

test('a statement without reports is led back by the tags in its comment, one without tags by nobody', async () => {
  const tagged = await find('action=')
  const detail = await get(statementDetailWire, `/api/v1/targets/shop/statements/${tagged.queryId}`)
  expect(detail.callers).toMatchObject([
    { application: 'shop', route: '/shelves/count', action: 'countAll', p95Ms: null },
  ])
  const untold = await find('untold')
  const other = await get(statementDetailWire, `/api/v1/targets/shop/statements/${untold.queryId}`)
  expect(other).toMatchObject({ callers: [], slowQueries: [] })
})

test('an application that reports is listed with rates, errors and pools', async () => {
  const at = new Date()
  await steward.store.saveReport('shop', report(at), at)
  await steward.store.saveReport(
    'shop',
    report(at, {
      source: { ...report(at).source, application: 'batch' },
      operations: [],
      pools: [],
      slowQueries: [],
    }),
    at,
  )
  const listed = await get(applicationWire.array(), '/api/v1/targets/shop/applications?range=1h')
  expect(listed.map((each) => each.application)).toEqual(['batch', 'shop'])
  expect(listed[1]).toMatchObject({
    sdk: 'pgsteward',
    version: '1.2.0',
    instances: 1,
    errorRatio: 0.02,
    queriesPerRequest: 2,
    pools: [
      { instance: 'host/1', pool: 'app', max: 10, used: 4, waiting: 1, oldestCheckoutBy: 'src/report.ts:8' },
    ],
  })
  // of the minute since it is known, not of the hour
  expect(listed[1]!.requestsPerSecond).toBeCloseTo(100 / 60, 1)
  expect(listed[1]!.requestP95Ms).toBeGreaterThan(35)
  expect(listed[0]).toMatchObject({ requestsPerSecond: 0, errorRatio: null, queriesPerRequest: null })
})

test('its page has routes, models, places, calls, metrics and repeats, linked to the statement', async () => {
  const { queryId } = await find('from shelf where')
  const detail = await get(applicationDetailWire, '/api/v1/targets/shop/applications/shop?range=1h')
  expect(detail.routes).toMatchObject([
    { name: 'GET /shelves', count: 100, errorRatio: 0.02, rowsPerCall: 2, queryTimeRatio: 0.15, meanMs: 40 },
  ])
  expect(detail.models).toMatchObject([{ model: 'Shelf', action: 'findUnique', count: 102, route: null }])
  expect(detail.queries).toMatchObject([
    {
      caller: 'src/shelves.ts:12',
      route: 'GET /shelves',
      queryIds: [queryId],
      text: expect.stringContaining('shelf'),
    },
    { caller: 'src/places.ts:3', route: 'GET /places', queryIds: [queryId] },
  ])
  expect(detail.calls).toMatchObject([{ name: 'POST carrier.example:443', count: 2, errorRatio: 0.5 }])
  expect(detail.metrics).toMatchObject([{ name: 'carrier.send', caller: 'src/carrier.ts:9' }])
  expect(detail.repeats).toMatchObject([
    { route: 'GET /shelves', caller: 'src/shelves.ts:12', repetitionsPerRequest: 24, queryIds: [queryId] },
  ])
  expect(new Set(detail.series.map((each) => each.name))).toEqual(
    new Set([
      'application-requests-per-second',
      'application-request-p95',
      'application-error-ratio',
      'application-queries-per-second',
      'pool-used',
      'pool-waiting',
    ]),
  )
})

test('a statement of pg_stat_statements leads back to the places that send it, and to its slow ones', async () => {
  const { queryId } = await find('from shelf where')
  const detail = await get(statementDetailWire, `/api/v1/targets/shop/statements/${queryId}?range=1h`)
  expect(detail.callers).toMatchObject([
    {
      application: 'shop',
      route: 'GET /shelves',
      model: 'Shelf',
      action: 'findUnique',
      caller: 'src/shelves.ts:12',
    },
    { application: 'shop', route: 'GET /places', caller: 'src/places.ts:3' },
  ])
  expect(detail.slowQueries).toMatchObject([{ durationMs: 2500 }, { durationMs: 700 }])
})

test('slow queries are grouped by statement and place, the latest told one by one', async () => {
  const { queryId } = await find('from shelf where')
  const slow = await get(slowQueriesWire, '/api/v1/targets/shop/slow-queries?range=1h')
  expect(slow).toMatchObject({ kept: 2, dropped: 0, hasSource: true })
  expect(slow.groups).toMatchObject([
    { fingerprint: FINGERPRINT, route: 'GET /places', count: 1, meanMs: 2500, queryIds: [queryId] },
    { route: 'GET /shelves', count: 1, meanMs: 700 },
  ])
  expect(slow.latest.map((each) => each.severity).sort()).toEqual(['critical', 'warning'])
  expect(slow.latest[0]).toMatchObject({ application: 'shop', parameters: ['7'], source: 'application' })
})

test.each([
  ['route=GET%20/places', 1],
  ['application=batch', 0],
  [`fingerprint=${FINGERPRINT}`, 2],
  ['order=slowest&limit=1', 1],
])('slow queries are filtered by %s', async (filter, count) => {
  const slow = await get(slowQueriesWire, `/api/v1/targets/shop/slow-queries?range=1h&${filter}`)
  expect(slow.latest).toHaveLength(count)
  if (filter.startsWith('order')) expect(slow.latest[0]!.durationMs).toBe(2500)
})

test.each([
  ['/api/v1/targets/elsewhere/applications', 404],
  ['/api/v1/targets/elsewhere/slow-queries', 404],
  ['/api/v1/targets/shop/slow-queries?order=beauty', 400],
  ['/api/v1/targets/shop/slow-queries?limit=0', 400],
  ['/api/v1/targets/shop/applications?range=long', 400],
])('%s is refused with %d', async (url, status) => {
  const response = await server.inject(url)
  expect(response.statusCode, response.body).toBe(status)
})

test('one that is silent in the range is still listed, with zeros', async () => {
  const later = new Date(Date.now() + 2 * 3_600_000)
  const silent = await new Views(steward, () => later, null).applications.list('shop', {
    from: new Date(later.getTime() - 3_600_000),
    to: later,
  })
  expect(silent.map((each) => [each.application, each.requestsPerSecond, each.instances])).toEqual([
    ['batch', 0, 0],
    ['shop', 0, 0],
  ])
})

test('a critical slow query of another application is told apart', async () => {
  const at = new Date()
  await steward.store.saveReport(
    'shop',
    report(at, {
      source: { ...report(at).source, application: 'batch' },
      operations: [],
      slowQueries: [slowQuery(at, { durationMs: 9000, route: null })],
    }),
    at,
  )
  const slow = await get(slowQueriesWire, '/api/v1/targets/shop/slow-queries?range=1h&application=batch')
  expect(slow.latest).toMatchObject([{ application: 'batch', severity: 'critical', route: null }])
})

test('performance metrics hold the pools', async () => {
  const { targets } = await server
    .inject({ url: '/api/admin/performance-metrics', headers: { authorization: `Bearer ${TOKEN}` } })
    .then((response) => response.json())
  expect(performanceMetricsWire.parse(targets[0]).pools).toMatchObject([
    { application: 'batch', pool: 'app', used: 4 },
    { application: 'shop', pool: 'app', used: 4, max: 10 },
  ])
})

test('/metrics has the applications in base units', async () => {
  const { body } = await server.inject('/metrics')
  expect(body).toContain('pgsteward_application_processes{target="shop",application="shop"} 1')
  expect(body).toContain(
    'pgsteward_application_pool_connections{target="shop",application="shop",instance="host/1",pool="app",state="used"} 4',
  )
})
