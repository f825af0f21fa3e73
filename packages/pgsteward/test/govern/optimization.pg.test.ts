// Optimization records whole (G6): a remedy that is approved leaves a complete record behind, and so does an index that somebody made;
// nobody writes a word of it. Asked over the API and on the command line.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadConfig } from '../../src/app/config/load-config.ts'
import { Steward } from '../../src/app/steward.ts'
import { Views } from '../../src/app/views.ts'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import type { IndexEffect } from '../../src/model/index-effect.ts'
import {
  type OptimizationWire,
  optimizationsWire,
  optimizationWire,
} from '../../src/model/optimization-wire.ts'
import { createServer } from '../../src/server/create-server.ts'
import { openStore } from '../../src/store/open-store.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { commandAt } from './command-at.ts'

const LIMIT = { timeout: 60_000, interval: 200 }
let dir: string
let shop: TestDatabase
let steward: Steward
let server: FastifyInstance
let pgsteward: ReturnType<typeof commandAt>

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'pgsteward-optimization-'))
  shop = await createDatabase()
  await shop.run(
    'create table orders (id int primary key, day int not null) with (autovacuum_enabled = false)',
    'insert into orders select i, i % 300 from generate_series(1, 20000) i',
    'create index by_day on orders (day)',
    'create index by_day_again on orders (day)',
  )
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd: dir,
    env: {},
    flags: {
      targets: [{ id: 'shop', url: shop.monitorUrl, maintenanceUrl: shop.url }],
      collect: { every: '2s' },
      activity: { enabled: false },
      maintenance: { windows: [{ from: '00:00', to: '00:00' }], giveWay: { activeSessions: 500 } },
    },
  })
  steward = new Steward(config, await openStore({ dir: join(dir, 'store') }))
  steward.start()
  server = await createServer({
    views: new Views(steward, () => new Date(), dir),
    adminToken: 'admin-token-of-the-test',
    host: '127.0.0.1',
    dashboardDir: null,
    now: () => new Date(),
  })
  pgsteward = commandAt(await server.listen({ host: '127.0.0.1', port: 0 }), dir)
})
afterAll(async () => {
  await server?.close()
  await steward?.stop()
  await shop?.drop()
  rmSync(dir, { recursive: true, force: true })
})

const all = async () =>
  optimizationsWire.parse((await server.inject('/api/v1/optimizations?target=shop')).json()).optimizations
const one = async (name: string): Promise<OptimizationWire> =>
  optimizationWire.parse((await server.inject(`/api/v1/optimizations/${name}`)).json())

test('an approved remedy is recorded from its finding to what it freed', async () => {
  let key = ''
  await expect
    .poll(async () => {
      const open = await steward.store.findings({ targetId: 'shop', states: ['open'] })
      key = open.find(({ checkId, remedy }) => checkId === 'duplicate-index' && remedy)?.key ?? ''
      return key
    }, LIMIT)
    .not.toBe('')
  const approved = await pgsteward('maintain', 'approve', key, '--reason', 'twice the same')
  expect(approved.code, approved.note).toBe(0)
  await expect.poll(async () => (await all()).map(({ state }) => state), LIMIT).toEqual(['completed'])
  const [head] = await all()
  const record = await one(head!.name)
  expect(record).toMatchObject({
    name: 'OPT-1',
    findingKey: key,
    verdict: 'gone',
    rootCause: { page: 'docs/checks/duplicate-index.md' },
    implement: { sql: [expect.stringMatching(/^drop index concurrently/)], jobId: expect.any(String) },
    deploy: { decidedBy: 'ada', decisionId: expect.any(String) },
  })
  expect(record.identify.evidence.length).toBeGreaterThan(0)
  expect(record.value!.bytes).toBeGreaterThan(8_192)
  expect(record.steps.every(({ at }) => at !== null)).toBe(true)
  expect(record.entries.map(({ action }) => action)).toEqual([
    'identified',
    'analysed',
    'cause-found',
    'implemented',
    'deployed',
    'measured',
    'documented',
  ])
  const shown = await pgsteward('optimizations', 'show', 'OPT-1')
  expect(shown.out).toMatch(
    /# OPT-1: [\s\S]*The check no longer finds it, and .* are freed[\s\S]*decided by ada/,
  )
}, 120_000)

test('an index that appeared is recorded, and completed by its measured effect', async () => {
  const hour = 3_600_000
  const at = new Date(Date.now() - 2 * hour)
  const figures = { calls: 600, callsPerMinute: 10, meanMs: 60, totalMsPerMinute: 600, blocksPerCall: 400 }
  const effect: IndexEffect = {
    targetId: 'shop',
    schema: 'public',
    table: 'orders',
    index: 'mine',
    definition: 'CREATE INDEX mine ON public.orders USING btree (day, id)',
    appearedAt: at,
    advisedBy: null,
    before: { from: new Date(at.getTime() - hour), to: at },
    after: { from: at, to: new Date(at.getTime() + hour) },
    isComplete: false,
    predictedCostRatio: null,
    measuredRatio: 0.1,
    verdict: 'improved',
    because: null,
    statements: [
      {
        queryId: '42',
        text: 'select id from orders where day = $1',
        before: figures,
        after: { ...figures, meanMs: 6, totalMsPerMinute: 60, blocksPerCall: 4 },
        predictedCostRatio: null,
        measuredRatio: 0.1,
        verdict: 'improved',
      },
    ],
    refreshedAt: at,
  }
  await steward.store.saveIndexEffect(effect)
  await steward.store.saveTargetEvents('shop', [
    { at: new Date(at.getTime() - 60_000), kind: 'deployment', subject: 'web', detail: 'version 1.4 to 1.5' },
  ])
  await steward.optimizations.reconcile('shop')
  const measuring = (await all()).find(({ title }) => title.includes('mine'))!
  expect(measuring).toMatchObject({ state: 'measuring', verdict: null })
  await steward.store.saveIndexEffect({ ...effect, isComplete: true })
  await steward.optimizations.reconcile('shop')
  await steward.optimizations.reconcile('shop')
  const record = await one(measuring.name)
  expect(record).toMatchObject({
    state: 'completed',
    verdict: 'improved',
    deploy: { jobId: null, through: 'web: version 1.4 to 1.5' },
    value: { msPerDay: 540 * 1_440 },
  })
  expect(record.entries).toHaveLength(7)
  expect((await pgsteward('optimizations', 'list')).out).toMatch(
    /OPT-2 .*Index mine appeared[\s\S]*improved, 13 min saved a day/,
  )
})

test('people add to it; a record that is not there is said so', async () => {
  const amended = await pgsteward(
    'optimizations',
    'amend',
    'OPT-2',
    '--root-cause',
    '--text',
    'release 1.5 forgot it',
  )
  expect(amended.code, amended.note).toBe(0)
  expect(await one('OPT-2')).toMatchObject({
    rootCause: { text: 'release 1.5 forgot it' },
    state: 'completed',
  })
  expect(await pgsteward('optimizations', 'amend', 'OPT-2')).toMatchObject({ code: 2 })
  expect((await server.inject('/api/v1/optimizations/OPT-99')).statusCode).toBe(404)
  expect((await server.inject('/api/v1/optimizations/INC-1')).statusCode).toBe(404)
})
