// A plan of a hundred days made up without a store, for what renders plans.

import { limitOf } from '../../src/app/capacity/capacity-limits.ts'
import { type MeasureGiven, measureOf, type PlanFrame } from '../../src/app/capacity/capacity-measure.ts'
import { METHOD } from '../../src/app/capacity/capacity-method.ts'
import { cacheNeeds, poolNeeds } from '../../src/app/capacity/capacity-needs.ts'
import { limitsGiven } from '../../src/app/capacity/known-limits.ts'
import { type CapacityPlanWire, capacityPlanWire } from '../../src/model/capacity.ts'
import { settingRow } from '../rows.ts'

const DAY = 86_400_000
const GB = 1024 ** 3
export const PLAN_NOW = new Date('2026-03-10T12:00:00Z')

/** 100 GB and 0.5 more a day; 200 queries a second, 6 connections at work of pools of 20, a sequence at 0.8. */
export function madePlan(days = 100): CapacityPlanWire {
  const now = PLAN_NOW
  const frame: PlanFrame = {
    now,
    users: 10,
    confidence: 0.9,
    horizons: [
      { id: '6-months', label: 'in 6 months', at: new Date(now.getTime() + 182 * DAY) },
      { id: '12-months', label: 'in 12 months', at: new Date(now.getTime() + 365 * DAY) },
    ],
  }
  // a week's swing, so that intervals have a width
  const history = (last: number, perDay: number, swing: number) =>
    Array.from({ length: days }, (_, at) => ({
      atMs: now.getTime() - (days - at) * DAY,
      value: last - (days - at) * perDay + swing * Math.sin(at * 2.1),
    }))
  const given: readonly (Pick<MeasureGiven, 'id' | 'unit' | 'scales' | 'now' | 'history'> & {
    label?: string
  })[] = [
    { id: 'storage', unit: 'bytes', scales: 'growth', now: 100 * GB, history: history(100 * GB, GB / 2, GB) },
    {
      id: 'index-storage',
      unit: 'bytes',
      scales: 'growth',
      now: 30 * GB,
      history: history(30 * GB, GB / 10, GB / 5),
    },
    { id: 'queries', unit: 'perSecond', scales: 'users', now: 200, history: history(200, 0.3, 20) },
    { id: 'connections', unit: 'count', scales: 'none', now: 20, history: history(20, 0, 2) },
    { id: 'pool-connections', unit: 'count', scales: 'users', now: 6, history: history(6, 0.01, 1) },
    {
      id: 'sequence public.message_id_seq',
      unit: 'ratio',
      scales: 'growth',
      now: 0.8,
      history: history(0.8, 0.001, 0.0005),
    },
  ]
  const measures = given.map((each) => measureOf({ label: each.id, ...each }, frame))
  const named = (id: string) => measures.find(({ wire }) => wire.id === id)!
  const busy = named('pool-connections')
  const cache = cacheNeeds(
    {
      settings: [settingRow({ name: 'shared_buffers', value: String((16 * GB) / 8192), unit: '8kB' })],
      hitRatio: 0.995,
      storage: named('storage'),
    },
    frame,
  )
  const peak = { peak: 200, busyHour: 180, mean: 120, days: 28 }
  const wire: CapacityPlanWire['baseline'] = {
    databases: [{ name: 'shop', sizeBytes: 100 * GB, growthBytesPerDay: GB / 2 }],
    tables: [{ name: 'public.message', sizeBytes: 98 * GB, indexBytes: 30 * GB, growthBytesPerDay: null }],
    indexBytes: 30 * GB,
    queries: peak,
    transactions: null,
    connections: { ...peak, peak: 20, maxConnections: 103, reserved: 3, usable: 100 },
    pools: [{ application: 'messaging', pool: 'main', processes: 2, max: 20, peakUsed: 6 }],
  }
  return capacityPlanWire.parse({
    version: 1,
    targetId: 'shop',
    at: now.toISOString(),
    historyDays: days,
    confidence: 0.9,
    users: 10,
    horizons: frame.horizons.map(({ id, label, at }) => ({ id, label, at: at.toISOString() })),
    baseline: wire,
    measures: measures.map((each) => each.wire),
    pool: poolNeeds({ busy, source: 'pools', processes: 2, statements: 2 }, frame),
    cache,
    limits: limitsGiven({
      measures,
      baseline: { wire, database: 'shop', processes: [] },
      cache,
      busy,
      configured: { disk: 300 * GB, memory: 40 * GB, queriesPerSecond: 1_000 },
      users: 10,
    }).map((each) => limitOf(each, frame)),
    method: [...METHOD],
  })
}
