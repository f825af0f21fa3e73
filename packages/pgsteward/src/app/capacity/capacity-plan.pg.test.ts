// A whole plan out of a store: of a history that was saved as the collector saves it.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GB, saveMadeHistory } from '../../../test/capacity/made-history.ts'
import { createDatabase, type TestDatabase } from '../../../test/postgres/database.ts'
import { Collector } from '../../collect/collector.ts'
import { ALL_FACTS } from '../../facts/all.ts'
import { type CapacityPlanWire, capacityPlanWire } from '../../model/capacity.ts'
import { openSession } from '../../postgres/connect.ts'
import { openStore } from '../../store/open-store.ts'
import type { OpenedStore } from '../../store/postgres-store.ts'
import { capacityPlan } from './capacity-plan.ts'

const now = new Date('2026-03-10T12:00:00Z')
const DAY = 86_400_000
let database: TestDatabase
let store: OpenedStore

const planOf = async (targetId: string, configured = {}, users = 10): Promise<CapacityPlanWire> =>
  capacityPlanWire.parse(await capacityPlan({ store, targetId, now, users, confidence: 0.9, configured }))
const measure = (plan: CapacityPlanWire, id: string) => plan.measures.find((each) => each.id === id)!
const limit = (plan: CapacityPlanWire, id: string) => plan.limits.find((each) => each.id === id)!
const daysTo = (at: string | null) => (Date.parse(at!) - now.getTime()) / DAY

beforeAll(async () => {
  database = await createDatabase()
  store = await openStore({ url: database.url })
  await saveMadeHistory(store, 'shop', { days: 100, now, hasPools: true })
  await saveMadeHistory(store, 'young', { days: 3, now, hitRatio: 0.9 })
})
afterAll(async () => {
  await store.close()
  await database.drop()
})

describe('with a hundred days of history (C1)', () => {
  let plan: CapacityPlanWire
  beforeAll(async () => {
    plan = await planOf('shop', { disk: 300 * GB, memory: 40 * GB, queriesPerSecond: 1_000 })
  })

  test('it tells how things are: sizes with their growth, peaks, connections, pools', () => {
    const { databases, tables, indexBytes, queries, transactions, connections, pools } = plan.baseline
    expect(databases).toMatchObject([
      { name: 'shop', sizeBytes: 99 * GB, growthBytesPerDay: expect.closeTo(0.5 * GB, -7) },
      { name: 'postgres', growthBytesPerDay: 0 },
    ])
    expect(tables).toMatchObject([
      { name: 'public.message', sizeBytes: 98 * GB, indexBytes: 30 * GB },
      { name: 'public.small', sizeBytes: 8192 },
    ])
    expect(indexBytes).toBe(30 * GB)
    expect(queries!.peak).toBeCloseTo(200, 6)
    expect(transactions!.peak).toBeCloseTo(100, 6)
    expect(connections).toMatchObject({ peak: 20, maxConnections: 103, reserved: 3, usable: 100 })
    expect(pools).toMatchObject([
      { application: 'messaging', pool: 'main', processes: 2, max: 20, peakUsed: 6 },
    ])
  })

  test('sizes go on for a year, and ten times the users make them grow ten times as fast', () => {
    const [half, year] = measure(plan, 'storage').projections
    // to a day: steps are days
    expect(half!.now!.value / GB).toBeCloseTo(100 + 182 * 0.5, -0.3)
    expect(year!.now!.value / GB).toBeCloseTo(100 + 365 * 0.5, -0.3)
    expect(year!.withUsers!.value / GB).toBeCloseTo(100 + 10 * 365 * 0.5, -1.3)
    expect(measure(plan, 'index-storage').projections[1]!.now!.value / GB).toBeCloseTo(30 + 36.5, 0)
    expect(measure(plan, 'storage').backTest!.origins).toBeGreaterThan(5)
    expect(measure(plan, 'queries').nowWithUsers).toBeCloseTo(2_000, 6)
  })

  test('connections needed come from how many pools have at work', () => {
    // 6 and twice their root; 60 and twice theirs
    expect(plan.pool).toMatchObject({
      offered: 6,
      source: 'pools',
      required: 11,
      requiredWithUsers: 76,
      processes: 2,
    })
    // 200 a second of 10 ms each
    expect(plan.pool!.statements).toBeCloseTo(2, 6)
  })

  test('what shared_buffers hold is enough where nearly all pages are found, and grows with the data', () => {
    expect(plan.cache).toMatchObject({ rule: 'fits', share: 0.16, hitRatio: expect.closeTo(0.995, 6) })
    expect(plan.cache!.requiredBytes / GB).toBeCloseTo(16, 6)
    expect(plan.cache!.projections[1]!.now!.value / GB).toBeCloseTo(0.16 * 282.5, 0)
  })

  test('each limit has its date, the first one first', () => {
    expect(daysTo(limit(plan, 'sequence public.message_id_seq').expectedAt)).toBeCloseTo(200, -1)
    expect(limit(plan, 'sequence public.small_id_seq')).toBeUndefined()
    expect(limit(plan, 'disk')).toMatchObject({ expectedAt: null, usedRatio: expect.closeTo(1 / 3, 6) })
    expect(daysTo(limit(plan, 'disk').withUsers.expectedAt)).toBeCloseTo(40, -1)
    expect(daysTo(limit(plan, 'memory').expectedAt)).toBeCloseTo(300, -1)
    expect(limit(plan, 'max-connections')).toMatchObject({ value: 100, now: 20, expectedAt: null })
    expect(limit(plan, 'queries-per-second').withUsers.expectedAt).toBe(plan.at)
    expect(limit(plan, 'pools')).toMatchObject({ value: 20, now: 11, nowWithUsers: 76 })
    expect(plan.limits[0]!.id).toBe('sequence public.message_id_seq')
  })
})

test('three days are told, not projected (C1)', async () => {
  const plan = await planOf('young', { disk: 50 * GB })
  expect(measure(plan, 'storage')).toMatchObject({
    because: '3 days of history: no projection before there are 7 days',
    projections: [{ now: null }, { now: null }],
  })
  expect(measure(plan, 'storage').now).toBe(100 * GB)
  // what is over its limit now needs no history
  expect(limit(plan, 'disk')).toMatchObject({ expectedAt: plan.at, searchedUntil: null })
  expect(limit(plan, 'max-connections')).toMatchObject({ expectedAt: null, searchedUntil: null })
  expect(plan.cache).toMatchObject({ rule: 'misses', share: 1 })
  expect(plan.pool).toMatchObject({ offered: 4, source: 'sessions', required: 8 })
})

test('of what was never watched nothing is said', async () => {
  const plan = await planOf('stranger')
  expect(plan).toMatchObject({ historyDays: 0, measures: [], limits: [], pool: null, cache: null })
})

test('what the collector reads of a real server is what a plan is made of', async () => {
  await database.run(
    'create schema post',
    'create table post."Parcel Nö" (id int generated by default as identity primary key, note text)',
    `insert into post."Parcel Nö" (note) select repeat('x', 100) from generate_series(1, 20000)`,
    `select setval('post."Parcel Nö_id_seq"', 2000000000)`,
  )
  const collector = new Collector({
    target: { id: 'real', url: database.url, labels: {} },
    facts: ALL_FACTS,
    open: () => openSession(database.url),
    intervalMs: 600_000,
    everyMs: 0,
  })
  try {
    for (const seconds of [60, 0]) {
      const at = new Date(now.getTime() - seconds * 1_000)
      await database.run(`insert into post."Parcel Nö" (note) values ('y')`)
      await store.saveSnapshot(await collector.collect(at, { everything: true }), ALL_FACTS)
    }
  } finally {
    await collector.close()
  }
  const plan = await planOf('real')
  expect(plan.baseline.tables.map(({ name }) => name)).toContain('post.Parcel Nö')
  expect(plan.baseline.connections!.usable).toBeGreaterThan(0)
  expect(plan.measures.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['storage', 'index-storage', 'transactions', 'connections', 'busy-connections']),
  )
  // no more than an hour is known, and of a sequence near its end that is enough to name it
  expect(plan.measures.find(({ id }) => id.startsWith('sequence '))).toMatchObject({
    id: 'sequence post.Parcel Nö_id_seq',
    now: expect.closeTo(0.931, 2),
    because: 'less than a day of history: no projection before there are 7 days',
  })
  expect(plan.cache!.sharedBuffersBytes).toBeGreaterThan(0)
})
