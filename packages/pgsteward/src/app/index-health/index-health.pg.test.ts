// A datum out of a store that watched a real database: with its faults found by the checks, and a job that maintenance ran.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../test/postgres/database.ts'
import { ALL_CHECKS } from '../../checks/all.ts'
import { Collector } from '../../collect/collector.ts'
import { ALL_FACTS } from '../../facts/all.ts'
import type { IndexRow } from '../../facts/indexes.ts'
import { type IndexFault, type IndexHealth, indexHealthWire } from '../../model/index-health.ts'
import { openSession } from '../../postgres/connect.ts'
import { openStore } from '../../store/open-store.ts'
import type { OpenedStore } from '../../store/postgres-store.ts'
import { OptimizationDesk } from '../govern/optimization-desk.ts'
import { maintenanceSchema } from '../maintenance/maintenance-config.ts'
import { MaintenanceDesk } from '../maintenance/maintenance-desk.ts'
import { tick } from '../tick.ts'
import { indexHealth } from './index-health.ts'

const DAY_MS = 86_400_000
const TARGET = 'shop'
/** When statistics cover a month. */
const begin = new Date(Date.now() + 31 * DAY_MS)
const after = (days: number) => new Date(begin.getTime() + days * DAY_MS)
const CHECKS = [
  'unused-index',
  'duplicate-index',
  'redundant-index',
  'invalid-index',
  'bloated-index',
  'unindexed-foreign-key',
]
let database: TestDatabase
let kept: TestDatabase
let store: OpenedStore
let collector: Collector

async function judge(at: Date): Promise<void> {
  await database.flushStatistics()
  const checks = ALL_CHECKS.filter(({ id }) => CHECKS.includes(id))
  const loop = {
    targetId: TARGET,
    collector,
    store,
    keepTexts: async () => undefined,
    checks,
    options: new Map(
      checks.map((check) => [
        check.id,
        check.options.parse(check.id === 'bloated-index' ? { minGain: '100kB' } : {}),
      ]),
    ),
    notify: async () => undefined,
  }
  const { snapshot } = await tick(loop, at, { everything: true })
  const reading = snapshot.readings.get('indexes')
  if (reading?.status === 'rows') await store.noticeIndexes(TARGET, reading.rows as readonly IndexRow[], at)
}

const healthOf = async (from: number, to: number): Promise<IndexHealth> =>
  indexHealthWire.parse(await indexHealth(store, TARGET, { from: after(from), to: after(to) }))
const fault = (health: IndexHealth, name: IndexFault) => health.faults.find((each) => each.fault === name)!

beforeAll(async () => {
  database = await createDatabase()
  kept = await createDatabase()
  store = await openStore({ url: kept.url })
  collector = new Collector({
    target: { id: TARGET, url: database.monitorUrl, labels: {} },
    facts: ALL_FACTS,
    open: ({ url }) => openSession(url),
    intervalMs: 600_000,
    everyMs: 0,
  })
  await database.run(
    'create extension pgstattuple',
    'create table depot (id bigint primary key)',
    'insert into depot select generate_series(1, 1000)',
    'create table parcel (id bigint primary key, depot bigint references depot on delete cascade, place text, weight bigint)',
    "insert into parcel select i, i % 1000 + 1, 'shelf ' || i, i from generate_series(1, 120000) i",
    'create index parcel_weight on parcel (weight)',
    'create index parcel_weight_again on parcel (weight)',
    'create index parcel_place on parcel (place)',
    'create index parcel_place_weight on parcel (place, weight)',
    // three rows of four go, and leave their entries' pages nearly empty
    'delete from parcel where id % 4 > 0',
    'vacuum (analyze) parcel',
    'set enable_seqscan = off',
    'select count(*) from parcel where weight = 7',
  )
  await judge(after(0))
}, 60_000)
afterAll(async () => {
  await collector.close()
  await store.close()
  await kept.drop()
  await database.drop()
})

test('faults are told by kind, with what a remedy would free and the finding that says so (A3, R2)', async () => {
  const health = await healthOf(-1, 1)
  expect(fault(health, 'unused').findings).toMatchObject([
    {
      index: 'parcel_place_weight',
      table: 'parcel',
      isNew: true,
      key: expect.stringMatching(/^unused-index:/),
    },
    { index: 'parcel_place' },
  ])
  expect(fault(health, 'duplicate').findings).toMatchObject([
    { checkId: 'duplicate-index', table: 'parcel', isEstimate: false },
  ])
  expect(fault(health, 'redundant').findings).toMatchObject([{ index: 'parcel_place' }])
  expect(fault(health, 'missing-on-foreign-key').findings).toMatchObject([
    { index: null, table: 'parcel', freedBytes: null },
  ])
  const bloated = fault(health, 'bloated').findings.find(({ index }) => index === 'parcel_weight')!
  expect(bloated.freedBytes! / bloated.sizeBytes!).toBeGreaterThan(0.5)
  expect(health.indexes!.count).toBe(6)
})

test('an index with several faults is freed once', async () => {
  const health = await healthOf(-1, 1)
  const sizes = new Map(
    health.faults.flatMap(({ findings }) =>
      findings.flatMap(({ index, freedBytes }) =>
        index === null ? [] : [[index, freedBytes ?? 0] as const],
      ),
    ),
  )
  expect(health.freedRefs).toHaveLength(sizes.size)
  expect(new Set(health.freedRefs.map(({ id }) => id.split('/').at(-1)))).toEqual(new Set(sizes.keys()))
  const added = health.faults.reduce((sum, { freedBytes }) => sum + freedBytes, 0)
  expect(health.freedBytes).toBeLessThan(added)
})

test('a check that could not judge is no good news', async () => {
  // statistics of the day on which they began
  await judge(new Date())
  const health = await healthOf(-100, -30)
  expect(fault(health, 'unused').notJudged).toMatchObject([
    { checkId: 'unused-index', because: expect.stringMatching(/statistics count only since/) },
  ])
  await judge(after(0.01))
})

test('a week later: what came and went, what was rebuilt by which job, how far it grew, what is over', async () => {
  const rebuilt = fault(await healthOf(-1, 1), 'bloated').findings.find(
    ({ index }) => index === 'parcel_weight',
  )!
  let clock = after(2)
  const desk = new MaintenanceDesk({
    store,
    targets: [
      {
        id: TARGET,
        maintenanceUrl: database.url,
        labels: {},
        tables: () => null,
        isOurs: () => true,
        onChanged: () => undefined,
      },
    ],
    config: maintenanceSchema.parse({
      windows: [{ from: '00:00', to: '00:00' }],
      giveWay: { activeSessions: 100 },
    }),
    now: () => clock,
    everyMs: DAY_MS,
    onFailure: (_, error) => {
      throw error
    },
  })
  const job = await desk.approveFinding(TARGET, rebuilt.key, 'ada', 'it is half air')
  await desk.round({
    id: TARGET,
    maintenanceUrl: database.url,
    labels: {},
    tables: () => null,
    isOurs: () => true,
    onChanged: () => undefined,
  })
  await database.run('drop index parcel_place', 'create index parcel_depot on parcel (depot)')
  clock = after(3)
  await judge(clock)

  const health = await healthOf(1, 8)
  expect(health.rebuilds).toMatchObject([
    { jobId: job.id, kind: 'reindex', name: 'parcel_weight', state: 'done' },
  ])
  const [{ bytesBefore, bytesAfter }] = health.rebuilds as [IndexHealth['rebuilds'][number]]
  expect(bytesAfter!).toBeLessThan(bytesBefore / 2)
  expect(health.added).toMatchObject([{ index: 'parcel_depot', jobId: null }])
  expect(health.dropped).toMatchObject([{ index: 'parcel_place', jobId: null }])
  expect(fault(health, 'bloated').resolved).toContain(rebuilt.key)
  expect(fault(health, 'missing-on-foreign-key')).toMatchObject({ count: 0, resolved: [expect.any(String)] })
  expect(fault(health, 'unused').findings.map(({ isNew }) => isNew)).not.toContain(true)

  const whole = await healthOf(-1, 8)
  expect(whole.size!.growthBytes).toBeLessThan(0)
  expect(whole.size!.ref).toEqual({ kind: 'series', id: 'table.indexSize' })
}, 60_000)

test('the index that somebody dropped is an optimization, though two findings were about it; the rebuild is of its job (G6)', async () => {
  const desk = new OptimizationDesk({ store, pageOf: async () => '', now: () => after(3) })
  await desk.reconcile(TARGET)
  await desk.reconcile(TARGET)
  const records = await desk.all(TARGET)
  expect(records).toHaveLength(2)
  const dropped = records.find(({ origin }) => origin?.startsWith('dropped:'))!
  expect(dropped).toMatchObject({
    state: 'completed',
    verdict: 'gone',
    implement: {
      sql: ['drop index public.parcel_place'],
      undo: [expect.stringMatching(/^CREATE INDEX parcel_place ON /)],
      jobId: null,
    },
    deploy: { jobId: null, through: null },
  })
  expect(dropped.value!.bytes).toBeGreaterThan(100_000)
  expect(dropped.steps.every(({ at }) => at !== null)).toBe(true)
  expect(dropped.document).toContain('Seen: index parcel_place of parcel is gone. Who did it is not known.')
  expect(records.find(({ origin }) => origin?.startsWith('job:'))).toMatchObject({
    title: expect.any(String),
  })
})

test('a week in the past is told as it was then', async () => {
  const week = await healthOf(-1, 1)
  // one was dropped and one made since
  expect(week.indexes).toMatchObject({ count: 6, readAt: after(1).toISOString() })
  expect((await healthOf(1, 8)).indexes!.count).toBe(6)
  expect(fault(week, 'unused').findings).toContainEqual(
    expect.objectContaining({
      index: 'parcel_place',
      table: 'parcel',
      remedy: [expect.stringMatching(/^drop/i)],
    }),
  )
  expect(fault(week, 'missing-on-foreign-key')).toMatchObject({ count: 1, resolved: [], isJudged: true })
  expect(fault(week, 'bloated').findings.map(({ index }) => index)).toContain('parcel_weight')
  expect((await healthOf(-40, -30)).indexes).toBeNull()
})

test('of a target that is not known nothing is told', async () => {
  const health = indexHealthWire.parse(
    await indexHealth(store, 'elsewhere', { from: after(-7), to: after(0) }),
  )
  expect(health).toMatchObject({ indexes: null, size: null, freedBytes: 0, added: [], rebuilds: [] })
})
