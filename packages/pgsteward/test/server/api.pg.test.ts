// The HTTP API over a real target and a real embedded store.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { loadConfig } from '../../src/app/config/load-config.ts'
import { Steward } from '../../src/app/steward.ts'
import { Views } from '../../src/app/views.ts'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import {
  errorWire,
  findingDetailWire,
  findingWire,
  indexWire,
  outcomeWire,
  overviewWire,
  performanceMetricsWire,
  searchWire,
  slowStatementWire,
  statementDetailWire,
  tableWire,
  targetWire,
} from '../../src/model/wire.ts'
import { createServer } from '../../src/server/create-server.ts'
import { openStore } from '../../src/store/open-store.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

const TOKEN = 'a-token-of-some-length'
const hostile = '<img src=x onerror=alert(1)>'
const long = `${'a long name '.repeat(5)}é`.slice(0, 60)
const dir = mkdtempSync(join(tmpdir(), 'pgsteward-api-'))
let database: TestDatabase
let steward: Steward
let server: FastifyInstance

const open = (host: string) =>
  createServer({
    views: new Views(steward, () => new Date(), resolve(import.meta.dirname, '../../../../docs')),
    adminToken: TOKEN,
    host,
    dashboardDir: null,
    now: () => new Date(),
  })

beforeAll(async () => {
  database = await createDatabase()
  await database.run(
    'create extension pg_stat_statements',
    'create table shelf (id bigint primary key, place text)',
    "insert into shelf select i, 'place ' || i from generate_series(1, 5000) i",
    `create table "${hostile}" (id int primary key)`,
    'create schema "a schema with a long name, such as tools make them"',
    `create table "a schema with a long name, such as tools make them"."${long}" (id int)`,
    `insert into "a schema with a long name, such as tools make them"."${long}" select i from generate_series(1, 2000) i`,
    'create table broken_parent (id int)',
    'insert into broken_parent values (1), (1)',
    'analyze',
  )
  // leaves an invalid index behind, as in real life
  await expect(
    database.run('create unique index concurrently broken_parent_id on broken_parent (id)'),
  ).rejects.toThrow()
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd: dir,
    env: {},
    flags: {
      targets: [{ id: 'shop', url: database.monitorUrl, labels: { environment: 'test' } }],
      collect: { every: '1s' },
    },
  })
  steward = new Steward(config, await openStore({ dir: join(dir, 'store') }))
  steward.start()
  const traffic = setInterval(
    () => void database.query('select place from shelf where id = 7').catch(() => undefined),
    20,
  )
  server = await open('127.0.0.1')
  await vi.waitFor(
    async () =>
      expect(await get(slowStatementWire.array(), '/api/v1/targets/shop/statements')).not.toHaveLength(0),
    { timeout: 60_000, interval: 200 },
  )
  clearInterval(traffic)
})

afterAll(async () => {
  await server?.close()
  await steward?.stop()
  await database.drop()
  rmSync(dir, { recursive: true, force: true })
})

async function get<T extends z.ZodType>(schema: T, url: string): Promise<z.output<T>> {
  const response = await server.inject(url)
  expect(response.statusCode, `${url}: ${response.body}`).toBe(200)
  return schema.parse(response.json())
}

async function post(url: string, body: object, headers: Record<string, string> = {}) {
  return server.inject({ method: 'POST', url, payload: body, headers })
}

test('targets tell state, version and what they lack, and never the password', async () => {
  const response = await server.inject('/api/v1/targets')
  expect(response.body).not.toContain('monitor:monitor')
  const [target] = targetWire.array().parse(response.json())
  expect(target).toMatchObject({ id: 'shop', status: 'up', role: 'primary', labels: { environment: 'test' } })
})

test('the overview has a sentence, metrics and findings', async () => {
  const overview = await get(overviewWire, '/api/v1/targets/shop/overview')
  expect(overview.headline).toMatch(/\.$/)
  expect(overview.metrics.connections.usable).toBeGreaterThan(10)
})

test('statements are those of the application, ours are nowhere', async () => {
  const statements = await get(slowStatementWire.array(), '/api/v1/targets/shop/statements?limit=1000')
  const shelf = statements.find((statement) => statement.text.includes('from shelf'))
  expect(shelf).toMatchObject({ text: 'select place from shelf where id = $1', rowsPerCall: 1 })
  // other tests keep their stores on this server
  const here = statements.filter((statement) => statement.database === database.name)
  expect(here.filter((statement) => statement.text.includes('pgsteward'))).toEqual([])
  const detail = await get(statementDetailWire, `/api/v1/targets/shop/statements/${shelf!.queryId}`)
  expect(detail.series.map((series) => series.name)).toContain('statement-mean')
})

test('the search finds statements, tables, indexes, findings and checks of the latest reading', async () => {
  const hitsOf = async (q: string) =>
    (await get(searchWire, `/api/v1/targets/shop/search?q=${encodeURIComponent(q)}`)).hits
  // a book of before may answer the first time
  await vi.waitFor(async () => expect((await hitsOf('from shelf')).length).toBeGreaterThan(0), {
    timeout: 30_000,
    interval: 500,
  })
  expect((await hitsOf('shelf'))[0]).toMatchObject({ kind: 'table', id: 'public.shelf', fit: 0, weight: 1 })
  expect((await hitsOf('broken_parent_id'))[0]).toMatchObject({
    kind: 'index',
    id: 'public.broken_parent_id',
  })
  expect((await hitsOf(hostile))[0]).toMatchObject({ kind: 'table', title: hostile })
  expect(await hitsOf('invalid-index')).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kind: 'check', id: 'invalid-index', fit: 0 }),
      expect.objectContaining({ kind: 'finding', severity: expect.any(String) }),
    ]),
  )
})

test('tables and indexes come with their names untouched', async () => {
  const tables = await get(tableWire.array(), '/api/v1/targets/shop/tables')
  expect(tables.map((table) => table.name)).toContain(hostile)
  const indexes = await get(indexWire.array(), '/api/v1/targets/shop/indexes')
  expect(indexes.find((index) => index.name === 'broken_parent_id')).toMatchObject({ isValid: false })
})

test('every check has an outcome', async () => {
  const outcomes = await get(outcomeWire.array(), '/api/v1/targets/shop/checks')
  expect(outcomes.map((outcome) => outcome.checkId)).toEqual(ALL_CHECKS.map((check) => check.id))
  expect(outcomes.filter((outcome) => outcome.status === 'failed')).toEqual([])
})

test('a finding is listed, shown with its page, muted with a reason and brought back', async () => {
  const findings = await get(findingWire.array(), '/api/v1/targets/shop/findings')
  const invalid = findings.find((finding) => finding.checkId === 'invalid-index')
  expect(invalid).toMatchObject({ subject: { name: 'broken_parent_id' }, state: 'open' })
  const path = `/api/v1/targets/shop/findings/${encodeURIComponent(invalid!.key)}`
  const detail = await get(findingDetailWire, path)
  expect(detail.check.page).toContain('## What it means')

  const until = new Date(Date.now() + 86_400_000).toISOString()
  expect((await post(`${path}/mute`, { until, reason: '' })).statusCode).toBe(400)
  const muted = await post(`${path}/mute`, { until, reason: 'rebuilt tonight', actor: 'ada' })
  expect(findingWire.parse(muted.json())).toMatchObject({ state: 'muted', muteReason: 'rebuilt tonight' })
  expect(
    (await get(findingWire.array(), '/api/v1/targets/shop/findings?state=open')).map((each) => each.key),
  ).not.toContain(invalid!.key)
  const back = await post(`${path}/unmute`, { reason: 'done already', actor: 'ada' })
  expect(findingWire.parse(back.json())).toMatchObject({ state: 'open', mutedUntil: null })
  const { history } = await get(findingDetailWire, path)
  expect(history.map((event) => event.reason)).toEqual(
    expect.arrayContaining(['rebuilt tonight', 'done already']),
  )
})

test('a finding with a long key has an address too', async () => {
  const findings = await get(findingWire.array(), '/api/v1/targets/shop/findings')
  const found = findings.find(
    (finding) => finding.checkId === 'missing-primary-key' && finding.subject.name === long,
  )
  expect(encodeURIComponent(found!.key).length).toBeGreaterThan(100)
  await get(findingDetailWire, `/api/v1/targets/shop/findings/${encodeURIComponent(found!.key)}`)
})

test('nothing can be muted for ever', async () => {
  const [finding] = await get(findingWire.array(), '/api/v1/targets/shop/findings')
  const response = await post(`/api/v1/targets/shop/findings/${encodeURIComponent(finding!.key)}/mute`, {
    until: '2999-01-01T00:00:00.000Z',
    reason: 'go away',
  })
  expect(response.statusCode).toBe(400)
  expect(errorWire.parse(response.json()).error.code).toBe('mute-refused')
})

test('performance metrics need the admin token', async () => {
  const url = '/api/admin/performance-metrics'
  expect((await server.inject(url)).statusCode).toBe(401)
  expect(
    (await server.inject({ url, headers: { authorization: 'Bearer wrong-token-of-len' } })).statusCode,
  ).toBe(401)
  const response = await server.inject({ url, headers: { authorization: `Bearer ${TOKEN}` } })
  const { targets } = z.object({ targets: performanceMetricsWire.array() }).parse(response.json())
  expect(targets[0]).toMatchObject({ targetId: 'shop', connections: { usable: expect.any(Number) } })
})

test('health and Prometheus metrics answer', async () => {
  expect((await server.inject('/health')).json()).toEqual({ status: 'ok', targets: { shop: 'up' } })
  const metrics = (await server.inject('/metrics')).body
  expect(metrics).toContain('pgsteward_target_up{environment="test",target="shop"} 1')
  expect(metrics).toMatch(/pgsteward_collection_statements_total\{.*\} [1-9]/)
})

test.each([
  ['/api/v1/targets/elsewhere/overview', 404],
  ['/api/v1/targets/shop/findings/nothing', 404],
  ['/api/v1/targets/shop/statements/0', 404],
  ['/api/v1/targets/shop/statements?order=beauty', 400],
  ['/api/v1/targets/shop/statements?range=long', 400],
  ['/api/v1/targets/shop/overview?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 400],
  ['/api/v1/targets/shop/findings?state=lost', 400],
  ['/api/v1/nothing', 404],
])('%s is refused with %d and a sentence', async (url, status) => {
  const response = await server.inject(url)
  expect(response.statusCode, response.body).toBe(status)
  expect(errorWire.parse(response.json()).error.message).toBeTruthy()
})

test('a website can neither reach it by a name of its own nor write from elsewhere', async () => {
  expect(
    (await server.inject({ url: '/api/v1/targets', headers: { host: 'rebound.example' } })).statusCode,
  ).toBe(403)
  const response = await post('/api/v1/targets/shop/findings/x/mute', {}, { origin: 'https://evil.example' })
  expect(response.statusCode).toBe(403)
})

test('beyond loopback every request needs the token', async () => {
  const exposed = await open('0.0.0.0')
  expect((await exposed.inject('/api/v1/targets')).statusCode).toBe(401)
  expect((await exposed.inject('/metrics')).statusCode).toBe(401)
  expect(
    (await exposed.inject({ url: '/api/v1/targets', headers: { authorization: `Bearer ${TOKEN}` } }))
      .statusCode,
  ).toBe(200)
  expect((await exposed.inject('/health')).statusCode).toBe(200)
  await exposed.close()
})
