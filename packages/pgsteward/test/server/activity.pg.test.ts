// Activity from a real target to the API: sampled, kept, incidents with both sides, live, slow statements without any other source.

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
import { activityLiveWire, activityWire, slowQueriesWire, statementWaitsWire } from '../../src/model/wire.ts'
import { createServer } from '../../src/server/create-server.ts'
import { openStore } from '../../src/store/open-store.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { otherSession } from '../postgres/other-session.ts'

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-activity-'))
const UPDATE = 'update parcel set weight = ? where id = ?'
let database: TestDatabase
let steward: Steward
let server: FastifyInstance

async function get<T>(shape: z.ZodType<T>, path: string): Promise<T> {
  const answer = await server.inject({ url: `/api/v1/targets/shop/${path}` })
  expect(answer.statusCode, answer.body).toBe(200)
  return shape.parse(answer.json())
}

const open = async () => {
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd: dir,
    env: {},
    flags: {
      targets: [{ id: 'shop', url: database.monitorUrl }],
      collect: { every: '5s' },
      activity: { every: '200ms' },
    },
  })
  steward = new Steward(config, await openStore({ dir: join(dir, 'store') }))
  steward.start()
  server = await createServer({
    views: new Views(steward, () => new Date(), null),
    adminToken: 'a-token-of-some-length',
    host: '127.0.0.1',
    dashboardDir: null,
    now: () => new Date(),
  })
}

beforeAll(async () => {
  database = await createDatabase()
  await database.run(
    'create extension pg_stat_statements',
    'create table parcel (id int primary key, weight int)',
    'insert into parcel select i, i from generate_series(1, 10) i',
  )
  await open()
})
afterAll(async () => {
  await server?.close()
  await steward?.stop()
  await database?.drop()
  rmSync(dir, { recursive: true, force: true })
})

const settled = { timeout: 60_000, interval: 100 }

test('a queue is shown live with what ends its root, and kept as an incident after a restart (O3)', async () => {
  const root = await otherSession(database, 'import')
  const waiter = await otherSession(database, 'web')
  await root.query("begin; update parcel set weight = 1 where id = 7 /*caller='src%2Fimport.ts:9'*/")
  const waiting = waiter.query('update parcel set weight = 4711 where id = 7')
  await vi.waitFor(async () => {
    const { trees } = await get(activityLiveWire, 'activity/live')
    expect(trees).toMatchObject([
      {
        sessions: [
          { depth: 0, application: 'import', caller: 'src/import.ts:9', waitsFor: null },
          { depth: 1, application: 'web', query: UPDATE, waitsFor: { relation: 'public.parcel' } },
        ],
        release: { sql: expect.stringContaining('pg_terminate_backend') },
      },
    ])
  }, settled)
  await vi.waitFor(async () => {
    const { incidents } = await get(activityWire, 'activity')
    expect(incidents).toMatchObject([{ endedAt: null, peakWaiting: 1 }])
    // seen waiting twice, a second apart
    expect(incidents[0]!.lostMs).toBeGreaterThanOrEqual(1_000)
  }, settled)

  const { trees } = await get(activityLiveWire, 'activity/live')
  await database.run(trees[0]!.release!.sql)
  await waiting
  await vi.waitFor(async () => {
    const { incidents } = await get(activityWire, 'activity')
    expect(incidents[0]!.endedAt).not.toBe(null)
  }, settled)
  await waiter.end()

  await server.close()
  await steward.stop()
  await open()
  const after = await get(activityWire, 'activity?by=waitEvent')
  expect(after.incidents).toMatchObject([
    { tree: { sessions: [{ query: expect.any(String) }, { query: UPDATE }] } },
  ])
  expect(after.incidents[0]!.lostMs).toBeGreaterThanOrEqual(1_000)
  const lock = after.waits.find((wait) => wait.name === 'Lock:transactionid')
  expect(lock!.average).toBeGreaterThan(0)
  expect(after.series.map((series) => series.labels.value)).toContain('transactionid')
  // pg_stat_statements has it after its end, in the text that it keeps
  const query = after.queries.find((each) => /^update parcel set weight = (\$1|\?)/.test(each.text ?? ''))
  expect(query!.waits[0]).toMatchObject({ name: 'Lock:transactionid' })

  const own = await get(statementWaitsWire, `statements/${query!.queryId}/waits`)
  expect(own).toMatchObject({ waits: [{ name: 'Lock:transactionid' }], incidents: [{}] })
  const narrowed = await get(activityWire, `activity?by=queryId&waitType=Lock&queryId=${query!.queryId}`)
  expect(narrowed.values).toMatchObject([{ name: query!.queryId, share: expect.closeTo(1) }])
})

test('a statement of a second and more stands among the slow queries, with no other source (S1, S3, S4)', async () => {
  const worker = await otherSession(database, 'report')
  await worker.query("select pg_sleep(5), 'secret' /*route='%2Freports',action='index'*/")
  await worker.end()
  const isSeen = expect.objectContaining({
    source: 'activity',
    text: 'select pg_sleep(?), ?',
    route: '/reports',
    database: database.name,
  })
  await vi.waitFor(async () => {
    const { latest } = await get(slowQueriesWire, 'slow-queries')
    expect(latest).toEqual(expect.arrayContaining([isSeen]))
  }, settled)
})

test('own sessions are in no figure, and their cost is published (O7)', async () => {
  const { sessions, sampling } = await get(activityLiveWire, 'activity/live')
  expect(sessions.filter((each) => each.application.startsWith('pgsteward'))).toEqual([])
  expect(sampling).toMatchObject({ status: 'sampling', everyMs: 200 })
  const { queries } = await get(activityWire, 'activity')
  expect(queries.filter((each) => each.text?.includes('pgsteward:'))).toEqual([])
  const metrics = await new Views(steward, () => new Date(), null).prometheus()
  expect(metrics).toMatch(/pgsteward_activity_samples_total\{target="shop"\} [1-9]/)
  expect(metrics).toMatch(/pgsteward_activity_answer_seconds\{target="shop"\} \d/)
})

test.each([
  ['activity?by=colour', 400],
  ['activity?queryId=1%3B+drop', 400],
  ['activity?queryId=9999999999999999999', 400],
  ['statements/9999999999999999999/waits', 200],
  ['activity?waitType=null&range=30d', 200],
])('%s is answered with %i', async (path, status) => {
  const answer = await server.inject({ url: `/api/v1/targets/shop/${path}` })
  expect(answer.statusCode, answer.body).toBe(status)
})

test('a target that does not answer is told, and is sampled again when it does', async () => {
  await database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'pgsteward activity' and datname = current_database()`,
  )
  const { sampling } = await get(activityLiveWire, 'activity/live')
  const before = sampling.samples
  await vi.waitFor(async () => {
    const now = await get(activityLiveWire, 'activity/live')
    expect(now.sampling.status).toBe('sampling')
    expect(now.sampling.samples).toBeGreaterThan(before + 3)
  }, settled)
})
