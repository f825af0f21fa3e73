// An application that knows nothing of us (S2): its stock OpenTelemetry SDK reports to the real server, and routes, statements, slow
// queries, N+1 and pools are there, joined to the target's own statistics.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { loadConfig } from '../../src/app/config/load-config.ts'
import { createIngest, type Ingest } from '../../src/app/ingest/ingest.ts'
import { Steward } from '../../src/app/steward.ts'
import { Views } from '../../src/app/views.ts'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import { createServer } from '../../src/server/create-server.ts'
import { fingerprintOf } from '../../src/sql/fingerprint.ts'
import { openStore } from '../../src/store/open-store.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { type StockApplication, startStockApplication } from './stock-application.ts'

const TOKEN = 'ingest-token-of-the-test'
const now = () => new Date()
const dir = mkdtempSync(join(tmpdir(), 'pgsteward-ingest-'))
let target: TestDatabase
let history: TestDatabase
let steward: Steward
let ingest: Ingest
let server: FastifyInstance
let address: string

beforeAll(async () => {
  target = await createDatabase()
  history = await createDatabase()
  await target.run(
    'create extension pg_stat_statements',
    'create table member (id int primary key, church_id int, name text)',
    "insert into member select i, i % 10, 'name ' || i from generate_series(1, 200) i",
  )
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd: dir,
    env: {},
    flags: { targets: [{ id: 'shop', url: target.monitorUrl }], collect: { every: '1s' } },
  })
  steward = new Steward(config, await openStore({ url: history.url }))
  steward.start()
  ingest = createIngest({ store: steward.store, config, now })
  server = await createServer({
    views: new Views(steward, now, dir),
    adminToken: 'admin-token-of-the-test',
    host: '127.0.0.1',
    dashboardDir: null,
    now,
    applications: { ingest, token: TOKEN },
  })
  address = await server.listen({ host: '127.0.0.1', port: 0 })
  // counts are differences: what ran before the first reading is in none
  await vi.waitFor(
    async () => expect(await steward.store.topStatements('shop', window(), 'calls', 1)).toHaveLength(1),
    { timeout: 60_000, interval: 200 },
  )
})

afterAll(async () => {
  await server?.close()
  await ingest?.stop()
  await steward?.stop()
  await target.drop()
  await history.drop()
  rmSync(dir, { recursive: true, force: true })
})

const window = () => ({ from: new Date(Date.now() - 600_000), to: new Date(Date.now() + 1000) })

describe.each([
  ['protobuf', 'gzip'],
  ['json', 'none'],
] as const)('in %s, compressed by %s', (format, compression) => {
  const service = `stock-${format}`
  let application: StockApplication

  beforeAll(async () => {
    application = await startStockApplication({
      service,
      databaseUrl: target.url,
      endpoint: address,
      token: TOKEN,
      format,
      compression,
    })
    await application.visit('/members/3', 5)
    await application.visit('/feed', 2)
    await application.visit('/slow')
    await application.visit('/broken')
  })
  afterAll(() => application.kill())

  const operations = (kind: 'request' | 'query' | 'call') =>
    steward.store.operations('shop', window(), { kind, application: service })

  test('routes are there with their statements and errors', async () => {
    await vi.waitFor(
      async () =>
        expect(
          (await operations('request')).map(({ name, count, errors, rows }) => ({
            name,
            count,
            errors,
            rows,
          })),
        ).toEqual(
          expect.arrayContaining([
            { name: 'GET /members/:church', count: 5, errors: 0, rows: 5 },
            { name: 'GET /feed', count: 2, errors: 0, rows: 24 },
            { name: 'GET /slow', count: 1, errors: 0, rows: 1 },
            { name: 'GET /broken', count: 1, errors: 1, rows: 1 },
          ]),
        ),
      { timeout: 30_000, interval: 200 },
    )
  })

  test('statements are counted once, although spans and metrics tell of them, and known to their route', async () => {
    const found = (await operations('query')).map(({ name, route, count, errors }) => ({
      name,
      route,
      count,
      errors,
    }))
    expect(found).toEqual(
      expect.arrayContaining([
        { name: 'SELECT member', route: 'GET /members/:church', count: 5, errors: 0 },
        { name: 'SELECT member', route: 'GET /feed', count: 24, errors: 0 },
        { name: 'SELECT nowhere', route: 'GET /broken', count: 1, errors: 1 },
      ]),
    )
    expect(found.reduce((sum, each) => sum + each.count, 0)).toBe(31)
    // metrics go on coming; they must not count again
    const [before] = await steward.store.applications('shop', window())
    await vi.waitFor(
      async () => {
        const one = (await steward.store.applications('shop', window())).find(
          (each) => each.application === service,
        )
        expect(one!.lastSeenAt.getTime()).toBeGreaterThan(before!.lastSeenAt.getTime() + 500)
      },
      { timeout: 30_000, interval: 200 },
    )
    expect((await operations('query')).reduce((sum, each) => sum + each.count, 0)).toBe(31)
  })

  test("a statement's fingerprint leads to its query id in pg_stat_statements, and back", async () => {
    const fingerprint = fingerprintOf('select * from member where church_id = $1')
    const found = await operations('query')
    expect(found.find((each) => each.route === 'GET /members/:church')?.fingerprint).toBe(fingerprint)
    const [queryId] = await vi.waitFor(
      async () => {
        const ids = await steward.store.queryIdsOf('shop', fingerprint)
        expect(ids).toHaveLength(1)
        return ids
      },
      { timeout: 60_000, interval: 300 },
    )
    const top = await steward.store.topStatements('shop', window(), 'calls', 10_000)
    expect(top.find((each) => each.queryId === queryId)?.text).toBe(
      'select * from member where church_id = $1',
    )
  })

  test('the slow query is in the log, its literals are not (S1, S5)', async () => {
    const slow = (
      await steward.store.slowQueries('shop', window(), { order: 'latest', limit: 10, application: service })
    )[0]!
    expect(slow).toMatchObject({
      route: 'GET /slow',
      text: 'select pg_sleep(?), ? as secret',
      database: target.name,
      source: 'application',
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    })
    expect(slow.durationMs).toBeGreaterThan(590)
    const [kept] = await history.query<{ text: string }>(
      'select text from pgsteward.query_text where text like $$%ada@%$$',
    )
    expect(kept).toBeUndefined()
  })

  test('N+1 is named with its route and how often it repeated', async () => {
    const found = (await steward.store.repeats('shop', window())).filter(
      (each) => each.application === service,
    )
    expect(found).toMatchObject([
      { route: 'GET /feed', text: 'select name from member where id = $1', requests: 2, repetitions: 24 },
    ])
  })

  test('the pool is told, with its name and its bound', async () => {
    await vi.waitFor(
      async () => {
        const one = (await steward.store.applications('shop', window())).find(
          (each) => each.application === service,
        )
        expect(one).toMatchObject({ sdk: 'opentelemetry' })
        const { host } = new URL(target.url)
        expect(one!.instances).toMatchObject([
          { pools: [{ pool: `${host}/${target.name}`, max: 3, waiting: 0 }] },
        ])
      },
      { timeout: 30_000, interval: 200 },
    )
  })
})
