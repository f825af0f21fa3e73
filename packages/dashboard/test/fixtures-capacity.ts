// Made-up capacity as the API would tell of it: a plan of a hundred days, one of three, and none.

import { type CapacityPlanWire, capacityPlanWire } from '../../pgsteward/src/model/wire.ts'
import { HOSTILE } from './fixtures.ts'

const DAY = 86_400_000
const GB = 1024 ** 3
const NOW = Date.parse('2026-03-10T12:00:00Z')
const at = (days: number) => new Date(NOW + days * DAY).toISOString()

type Measure = CapacityPlanWire['measures'][number]
type Limit = CapacityPlanWire['limits'][number]

const horizons = [
  { id: '6-months', label: 'in 6 months', at: at(182) },
  { id: '12-months', label: 'in 12 months', at: at(365) },
]

/** Along a line, with a band that grows. */
function measure(
  id: string,
  { unit, scales, now }: Pick<Measure, 'unit' | 'scales' | 'now'>,
  perDay: number,
  users: number,
  days = 100,
): Measure {
  const isLong = days >= 7
  const band = (ahead: number) => {
    const value = now + perDay * ahead
    const width = (now / 50) * (1 + ahead / 100)
    return { value, lower: Math.max(0, value - width), upper: value + width }
  }
  const scaled = (value: number) =>
    scales === 'users' ? value * users : scales === 'growth' ? now + users * (value - now) : value
  return {
    id,
    label: id,
    unit,
    scales,
    now,
    nowWithUsers: scales === 'users' ? now * users : now,
    growthPerDay: perDay,
    historyDays: days,
    projectedUntil: isLong ? at(365) : null,
    because: isLong ? null : `${days} days of history: no projection before there are 7 days`,
    models: isLong ? [{ trend: 'linear', season: 7, isLogarithmic: false }] : [],
    backTest: isLong
      ? { origins: 12, aheadMs: 33 * DAY, error: now / 100, straightLineError: now / 60, coverage: 0.92 }
      : null,
    projections: horizons.map((horizon, number) => {
      const { value, lower, upper } = band([182, 365][number]!)
      return {
        horizon: horizon.id,
        at: horizon.at,
        now: isLong ? { value, lower, upper } : null,
        withUsers: isLong ? { value: scaled(value), lower: scaled(lower), upper: scaled(upper) } : null,
      }
    }),
    past: Array.from({ length: days }, (_, day) => ({
      at: at(day - days),
      value: now + perDay * (day - days) + (now / 100) * Math.sin(day * 2.1),
    })),
    future: isLong
      ? Array.from({ length: 53 }, (_, week) => ({ at: at(1 + week * 7), ...band(1 + week * 7) }))
      : [],
  }
}

function limit(id: string, given: Pick<Limit, 'measure' | 'unit' | 'value' | 'now'> & Partial<Limit>): Limit {
  const never = { expectedAt: null, earliestAt: null, latestAt: null, searchedUntil: at(365) }
  return {
    id,
    label: id,
    source: 'capacity.limits',
    nowWithUsers: given.now,
    usedRatio: given.now / given.value,
    ...never,
    withUsers: never,
    ...given,
  }
}

export function capacity(
  query = new URLSearchParams(),
  over: Partial<CapacityPlanWire> = {},
  days = 100,
): CapacityPlanWire {
  const users = Number(query.get('users') ?? 10)
  const sequence = 'sequence public.message_id_seq'
  return capacityPlanWire.parse({
    version: 1,
    targetId: 'messaging',
    at: at(0),
    historyDays: days,
    confidence: 0.9,
    users,
    horizons,
    baseline: {
      databases: [{ name: 'messaging', sizeBytes: 100 * GB, growthBytesPerDay: GB / 2 }],
      tables: [{ name: HOSTILE, sizeBytes: 98 * GB, indexBytes: 30 * GB, growthBytesPerDay: null }],
      indexBytes: 30 * GB,
      queries: { peak: 200, busyHour: 180, mean: 120, days: 28 },
      transactions: null,
      connections: null,
      pools: [{ application: HOSTILE, pool: 'main', processes: 2, max: 20, peakUsed: 6 }],
    },
    measures: [
      measure('storage', { unit: 'bytes', scales: 'growth', now: 100 * GB }, GB / 2, users, days),
      measure('queries', { unit: 'perSecond', scales: 'users', now: 200 }, 0.3, users, days),
      measure('connections', { unit: 'count', scales: 'none', now: 20 }, 0, users, days),
      measure(sequence, { unit: 'ratio', scales: 'growth', now: 0.8 }, 0.001, users, days),
    ],
    pool: {
      offered: 6,
      source: 'pools',
      required: 11,
      requiredWithUsers: 76,
      processes: 2,
      statements: 2,
      projections: [],
    },
    cache: {
      sharedBuffersBytes: 16 * GB,
      effectiveCacheSizeBytes: 48 * GB,
      hitRatio: 0.995,
      dataBytes: 100 * GB,
      rule: 'fits',
      share: 0.16,
      requiredBytes: 16 * GB,
      projections: [],
    },
    limits: [
      limit(sequence, {
        measure: sequence,
        unit: 'ratio',
        value: 1,
        now: 0.8,
        source: 'the type of its column',
        expectedAt: at(200),
        earliestAt: at(190),
        latestAt: at(212),
      }),
      limit('disk', {
        measure: 'storage',
        unit: 'bytes',
        value: 300 * GB,
        now: 100 * GB,
        withUsers: { expectedAt: at(40), earliestAt: at(38), latestAt: at(43), searchedUntil: at(365) },
      }),
      limit('max_connections less the reserved', {
        measure: 'connections',
        unit: 'count',
        value: 100,
        now: 20,
        source: 'max_connections',
      }),
    ],
    method: ['A peak is the 95th percentile of the busiest hours.', HOSTILE],
    ...over,
  })
}

export function youngCapacity(): CapacityPlanWire {
  const plan = capacity(undefined, {}, 3)
  const unknown = { expectedAt: null, earliestAt: null, latestAt: null, searchedUntil: null }
  return { ...plan, limits: plan.limits.map((each) => ({ ...each, ...unknown, withUsers: unknown })) }
}

export const noCapacity = () =>
  capacity(undefined, { historyDays: 0, measures: [], limits: [], pool: null, cache: null })
