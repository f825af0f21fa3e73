// Load runs over the API: reported live and finished, listed with verdicts, compared with baselines and with the other side of an experiment.

import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { loadConfig } from '../../src/app/config/load-config.ts'
import { Steward } from '../../src/app/steward.ts'
import { Views } from '../../src/app/views.ts'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import { type LoadRun, loadRunSchema } from '../../src/model/load-run.ts'
import {
  annotationsWire,
  comparedWire,
  errorWire,
  loadBaselinesWire,
  loadBaselineWire,
  loadHistoryWire,
  loadRunsWire,
  loadRunWire,
  targetEventsWire,
} from '../../src/model/wire.ts'
import { createServer } from '../../src/server/create-server.ts'
import { openStore } from '../../src/store/open-store.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { madeRun } from '../store/made-run.ts'

const ADMIN = 'an-admin-token-of-some-length'
const INGEST = 'an-ingest-token-of-some-length'
const T0 = Date.UTC(2026, 10, 1)
const day = (n: number) => new Date(T0 + n * 86_400_000)
let database: TestDatabase
let steward: Steward
let server: FastifyInstance
let now = day(20)

const open = (host: string) =>
  createServer({
    views: new Views(steward, () => now, null),
    adminToken: ADMIN,
    host,
    dashboardDir: null,
    now: () => now,
    applications: { ingest: { unplaced: () => [] } as never, token: INGEST },
  })

beforeAll(async () => {
  database = await createDatabase()
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd: '/',
    env: {},
    flags: { targets: [{ id: 'shop', url: database.monitorUrl }] },
  })
  steward = new Steward(config, await openStore({ url: database.url }))
  server = await open('127.0.0.1')
})
afterAll(async () => {
  await server?.close()
  await steward?.stop()
  await database?.drop()
})

async function get<T>(shape: z.ZodType<T>, path: string, status = 200): Promise<T> {
  const answer = await server.inject({ url: `/api/v1/${path}` })
  expect(answer.statusCode, answer.body).toBe(status)
  return shape.parse(answer.json())
}

async function post(path: string, body: unknown, token: string | null = INGEST, to = server) {
  return await to.inject({
    method: 'POST',
    url: `/api/v1/load/${path}`,
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    payload: body as object,
  })
}

const report = async (run: LoadRun) => {
  const answer = await post('runs', run)
  expect(answer.statusCode, answer.body).toBe(201)
}

const about = {
  startedAt: day(20).toISOString(),
  scenario: { id: 'live', title: 'Live', hash: 'h', model: 'open', timeScale: 1, loadScale: 1 },
  engine: { name: 'node', version: '1' },
  target: 'http://me:secret@127.0.0.1:3000',
  plannedMs: 60_000,
  warmUpMs: 0,
}

test('before the first run there is nothing, and no fault', async () => {
  expect(await get(loadRunsWire, 'load/runs')).toEqual({ headline: null, live: [], scenarios: [], runs: [] })
  expect(await get(loadBaselinesWire, 'load/baselines')).toEqual({ baselines: [] })
  expect(await get(loadHistoryWire, 'load/series?scenario=none')).toMatchObject({ points: [], changes: [] })
})

test('a run under way is shown live, and once it has ended as it was kept (L4)', async () => {
  const run = madeRun({ id: 'live-1', scenario: 'live', startedAt: day(20) })
  const answer = await post('runs/live-1/moments', { ...about, moments: run.timeline.slice(0, 5) })
  expect(answer.statusCode, answer.body).toBe(202)
  expect(await get(loadRunsWire, 'load/runs')).toMatchObject({
    live: [{ id: 'live-1', target: 'http://127.0.0.1:3000', requests: 50, isSilent: false }],
  })
  expect(await get(loadRunWire, 'load/runs/live-1')).toMatchObject({
    run: null,
    live: { moments: { length: 5 } },
  })
  await report(run)
  const { live, run: shown, summary } = await get(loadRunWire, 'load/runs/live-1')
  expect(live).toBe(null)
  expect(summary).toMatchObject({ verdict: { standing: 'good' }, requestsPerSecond: 10 })
  expect(shown!.series[1]).toMatchObject({ name: 'GET /api/conversations', count: 200 })
  expect(shown!.series[1]).not.toHaveProperty('histogram')
  expect((await get(loadRunsWire, 'load/runs')).live).toEqual([])
  const file = await server.inject({ url: '/api/v1/load/runs/live-1/file' })
  expect(loadRunSchema.parse(file.json())).toEqual(run)
})

describe('who may report', () => {
  test('needs the ingest or the admin token, also on loopback', async () => {
    const run = madeRun({ id: 'whose' })
    expect((await post('runs', run, null)).statusCode).toBe(401)
    expect((await post('runs', run, 'wrong')).statusCode).toBe(401)
    expect((await post('runs/whose/moments', { ...about, moments: [] }, null)).statusCode).toBe(401)
    expect((await post('runs', run, ADMIN)).statusCode).toBe(201)
  })

  test('beyond loopback reports with the ingest token, and reads nothing with it', async () => {
    const remote = await open('0.0.0.0')
    expect((await post('runs', madeRun({ id: 'remote' }), INGEST, remote)).statusCode).toBe(201)
    expect((await post('runs', madeRun({ id: 'remote' }), null, remote)).statusCode).toBe(401)
    expect((await post('baselines', {}, null, remote)).statusCode).toBe(401)
    const read = (token: string) =>
      remote.inject({ url: '/api/v1/load/runs', headers: { authorization: `Bearer ${token}` } })
    expect((await read(INGEST)).statusCode).toBe(401)
    expect((await read(ADMIN)).statusCode).toBe(200)
    await remote.close()
  })
})

test.each([
  ['no run', { hello: 1 }, 'format'],
  ['another format', { ...madeRun({ id: 'x' }), format: 'pgsteward-run/9' }, 'pgsteward-run/1'],
  ['a field too many', { ...madeRun({ id: 'x' }), extra: 1 }, 'extra'],
  ['an id that no address holds', madeRun({ id: 'a,b' }), 'id'],
  ['text', '"hello"', 'expected object'],
])('of %s the answer says what is wrong', async (_, body, words) => {
  const answer = await post('runs', body)
  expect(answer.statusCode).toBeGreaterThanOrEqual(400)
  expect(answer.statusCode).toBeLessThan(500)
  const { error } = errorWire.parse(answer.json())
  if (typeof body !== 'string') expect(`${error.message} ${error.detail}`).toContain(words)
})

test('a body beyond the bound is refused', async () => {
  const huge = madeRun({ id: 'huge', over: { tags: { note: 'x'.repeat(9 * 2 ** 20) } } })
  expect((await post('runs', huge)).statusCode).toBe(413)
})

test('what is not there is not found, and the answer says what to do', async () => {
  for (const path of [
    'load/runs/none',
    'load/runs/none/file',
    'load/compare?base=none&head=live-1',
    'load/compare?base=baseline:99&head=live-1',
  ]) {
    const { error } = await get(errorWire, path, 404)
    expect(error).toMatchObject({ code: 'load-run-unknown', hint: expect.any(String) })
  }
  await get(errorWire, 'load/compare?base=live-1&head=live-1', 400)
  await get(errorWire, 'load/compare?base=live-1', 400)
  await get(errorWire, 'load/series?scenario=live&quantile=p12', 400)
})

test('a run without literals, user or password is what is kept; its target has it as an event', async () => {
  const statement = {
    queryId: '7',
    fingerprint: 'f',
    text: "select * from member where email = 'secret@example.org'",
    calls: 1,
    totalMs: 1,
    rows: 1,
    blocksHit: 1,
    blocksRead: 0,
    tempBlocksWritten: 0,
    planShape: null,
    planText: null,
    route: null,
  }
  await report(
    madeRun({
      id: 'loaded',
      scenario: 'loaded',
      startedAt: day(19),
      over: {
        target: 'http://me:secret@127.0.0.1:3000/',
        database: {
          targetId: 'shop',
          seconds: 60,
          statements: [statement],
          waits: [],
          activeSessions: null,
          cacheHitRatio: null,
          connections: null,
          pools: [],
          tables: [],
        },
      },
    }),
  )
  const file = await server.inject({ url: '/api/v1/load/runs/loaded/file' })
  expect(file.body).not.toContain('secret')
  const events = await get(
    targetEventsWire,
    `targets/shop/events?from=${day(18).toISOString()}&to=${day(20).toISOString()}`,
  )
  expect(events.events).toMatchObject([{ kind: 'load', subject: 'load run loaded', detail: 'for 1 min' }])
  const { annotations } = await get(
    annotationsWire,
    `targets/shop/annotations?from=${day(18).toISOString()}&to=${day(20).toISOString()}`,
  )
  const until = new Date(day(19).getTime() + 60_000).toISOString()
  expect(annotations).toMatchObject([{ kind: 'load', at: day(19).toISOString(), until, ref: 'loaded' }])
})

describe('baselines and comparisons', () => {
  const runs = Array.from({ length: 5 }, (_, n) =>
    madeRun({
      id: `c${n}`,
      scenario: 'compared',
      startedAt: day(n),
      requests: 6_000,
      meanMs: 40 + (n % 3) / 10,
    }),
  )

  test('a baseline of kept runs is what later runs are compared with as they come (V6)', async () => {
    for (const run of runs) await report(run)
    const made = await post(
      'baselines',
      { name: 'main', runs: runs.map(({ id }) => id), reason: 'first release' },
      null,
    )
    expect(made.statusCode, made.body).toBe(201)
    const baseline = loadBaselineWire.parse(made.json())
    expect(baseline).toMatchObject({ name: 'main', status: 'active', runIds: ['c0', 'c1', 'c2', 'c3', 'c4'] })
    await report(
      madeRun({ id: 'slow', scenario: 'compared', startedAt: day(6), requests: 6_000, meanMs: 80 }),
    )
    const { summary, comparisons } = await get(loadRunWire, 'load/runs/slow')
    expect(comparisons).toMatchObject([{ base: `baseline:${baseline.id}`, head: 'slow', design: 'stored' }])
    expect(comparisons[0]!.verdict).not.toBe('pass')
    expect(summary!.verdict.text).toContain(comparisons[0]!.summary.replace(/\.$/, ''))
    const listed = await get(loadRunsWire, 'load/runs?scenario=compared')
    expect(listed.scenarios).toMatchObject([
      { id: 'compared', runs: 6, baselines: ['main'], latest: { id: 'slow' } },
    ])
    expect(listed.headline!.text).toContain('compared')
  })

  test('any two are compared on request, with what the sides are', async () => {
    const { comparison, base, head } = await get(comparedWire, 'load/compare?base=c0,c1,c2,c3,c4&head=slow')
    expect(comparison.series.length).toBeGreaterThan(0)
    expect(comparison.series[0]!.ratio).toBeGreaterThan(1.5)
    expect([base.runs.length, head.runs.length, head.label]).toEqual([5, 1, 'run slow'])
  })

  test('runs of different scenarios can be asked about, and the answer is that they must not be compared', async () => {
    const { comparison } = await get(comparedWire, 'load/compare?base=live-1&head=slow')
    expect(comparison.verdict).toBe('invalid')
  })

  test('invalid runs and strangers make no baseline', async () => {
    await report(
      madeRun({
        id: 'bad',
        scenario: 'compared',
        startedAt: day(7),
        over: { invalid: [{ reason: 'dropped-arrivals', detail: '214 arrivals were dropped' }] },
      }),
    )
    const make = (ids: readonly string[]) =>
      post('baselines', { name: 'odd', runs: ids, reason: 'because' }, null)
    expect((await make(['c0', 'bad'])).json()).toMatchObject({
      error: { detail: '214 arrivals were dropped' },
    })
    expect((await make(['c0', 'live-1'])).statusCode).toBe(400)
    expect((await make([])).statusCode).toBe(400)
    expect((await get(loadRunWire, 'load/runs/bad')).summary).toMatchObject({
      verdict: { standing: 'invalid', text: 'Not to be believed: 214 arrivals were dropped.' },
    })
  })

  test('the sides of an experiment are compared with each other as they come (V5)', async () => {
    const side = (name: 'base' | 'head', repetition: number, meanMs: number) =>
      madeRun({
        id: `e-${name}-${repetition}`,
        scenario: 'experiment',
        startedAt: new Date(day(8).getTime() + repetition * 120_000 + (name === 'base' ? 0 : 60_000)),
        requests: 6_000,
        meanMs: meanMs + repetition / 20,
        over: { experiment: { id: 'x1', design: 'interleaved', side: name, repetition } },
      })
    for (const repetition of [1, 2, 3]) {
      await report(side('base', repetition, 40))
      await report(side('head', repetition, 60))
    }
    const { comparisons } = await get(loadRunWire, 'load/runs/e-head-1')
    expect(comparisons).toMatchObject([
      { base: 'experiment:x1:base', head: 'experiment:x1:head', verdict: 'fail' },
    ])
  })
})

test('of one endpoint the history is told, with the runs that can be compared with the latest', async () => {
  const series = encodeURIComponent('GET /api/members/:id')
  const { points } = await get(loadHistoryWire, `load/series?scenario=compared&series=${series}&quantile=p50`)
  expect(points.map(({ id }) => id)).toEqual(['c0', 'c1', 'c2', 'c3', 'c4', 'slow', 'bad'])
  expect(points.at(-1)).toMatchObject({ isInvalid: true, isComparable: true })
  expect(points[5]!.valueMs! / points[0]!.valueMs!).toBeCloseTo(2, 1)
})

test('a run that falls silent says so, and is forgotten', async () => {
  await post('runs/silent/moments', { ...about, moments: [] })
  now = new Date(now.getTime() + 20_000)
  expect((await get(loadRunWire, 'load/runs/silent')).live).toMatchObject({ isSilent: true, latest: null })
  now = new Date(now.getTime() + 700_000)
  await get(errorWire, 'load/runs/silent', 404)
})
