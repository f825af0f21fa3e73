// A capacity plan: what a target holds and does now, how that goes on, what it needs, and when which limit is reached. The JSON of
// `pgsteward capacity` and of /api/v1/capacity. Fields are added, never renamed; `version` counts what could not be done so.

import { z } from 'zod'

const at = z.iso.datetime()
/** The middle and the bounds of the plan's confidence. */
const interval = z.object({ value: z.number(), lower: z.number(), upper: z.number() })

/**
 * What more users do to it. `users`: it grows as they do, at once. `growth`: what is there stays, and from now on it grows that many times
 * as fast. `none`: nothing of itself.
 */
export const SCALES = ['users', 'growth', 'none'] as const

export const capacityProjectionWire = z.object({
  /** Of the plan's horizons. */
  horizon: z.string(),
  at,
  /** Null: the history is too short for it; `because` of the measure says how short. */
  now: interval.nullable(),
  /** With `users` times as many users from now on. */
  withUsers: interval.nullable(),
})

export const capacityMeasureWire = z.object({
  /** Such as `storage` or `sequence public.message_id_seq`. */
  id: z.string(),
  label: z.string(),
  unit: z.enum(['bytes', 'perSecond', 'count', 'ratio']),
  scales: z.enum(SCALES),
  now: z.number(),
  /** `now` with `users` times as many users. */
  nowWithUsers: z.number(),
  /** A day, by a straight line over the last 30 days at most; null: less than a day is known. */
  growthPerDay: z.number().nullable(),
  /** Of how many days of history it was made. */
  historyDays: z.number(),
  /** Nothing is projected beyond; null: nothing is at all. */
  projectedUntil: at.nullable(),
  /** Why it ends there; null: it reaches the last horizon. */
  because: z.string().nullable(),
  /** How it goes on, of stats/forecast/models.ts, the best first; empty: it was too short to be tried, and stays as it is. */
  models: z.array(z.object({ trend: z.string(), season: z.number().nullable(), isLogarithmic: z.boolean() })),
  /** How it did on its own past; null: too short for that. */
  backTest: z
    .object({
      origins: z.number(),
      aheadMs: z.number(),
      error: z.number(),
      straightLineError: z.number(),
      coverage: z.number().nullable(),
    })
    .nullable(),
  projections: z.array(capacityProjectionWire),
  /** Thinned out for drawing: a value each some days. */
  past: z.array(z.object({ at, value: z.number() })),
  future: z.array(interval.extend({ at })),
})

export const capacityLimitWire = z.object({
  id: z.string(),
  label: z.string(),
  /** What is held against it. */
  measure: z.string(),
  unit: z.enum(['bytes', 'perSecond', 'count', 'ratio']),
  value: z.number(),
  /** Who says so: a setting, a column's type, the configuration. */
  source: z.string(),
  now: z.number(),
  nowWithUsers: z.number(),
  /** Of `value`, now. */
  usedRatio: z.number(),
  ...reachedFields(),
  withUsers: z.object(reachedFields()),
})

function reachedFields() {
  return {
    /** By the middle of the forecast. All null: not within what is projected. */
    expectedAt: at.nullable(),
    /** By its upper bound. */
    earliestAt: at.nullable(),
    /** By its lower bound. */
    latestAt: at.nullable(),
    /** Of all these dates; null: nothing is projected, so nothing is known of its future. */
    searchedUntil: at.nullable(),
  }
}

const sizedWire = z.object({
  name: z.string(),
  sizeBytes: z.number(),
  /** Null: known for less than six hours. */
  growthBytesPerDay: z.number().nullable(),
})

/** As it is now. Null: not known, or not kept yet. */
export const capacityBaselineWire = z.object({
  /** The largest first. */
  databases: z.array(sizedWire),
  /** Ten at most, with indexes and TOAST. */
  tables: z.array(sizedWire.extend({ indexBytes: z.number() })),
  indexBytes: z.number().nullable(),
  /** How a peak is made of means: see `method`. */
  queries: peakWire().nullable(),
  transactions: peakWire().nullable(),
  connections: peakWire()
    .extend({ maxConnections: z.number(), reserved: z.number(), usable: z.number() })
    .nullable(),
  pools: z.array(
    z.object({
      application: z.string(),
      pool: z.string(),
      /** Processes that have such a pool. */
      processes: z.number(),
      /** Of all of them together; null: not told. */
      max: z.number().nullable(),
      peakUsed: z.number().nullable(),
    }),
  ),
})

function peakWire() {
  return z.object({
    /** In the minutes of the busiest hours. */
    peak: z.number(),
    /** Of the days' busiest hours the 95th percentile. */
    busyHour: z.number(),
    /** Of all hours. */
    mean: z.number(),
    /** Of which days: 28 at most. */
    days: z.number(),
  })
}

export const capacityPoolWire = z.object({
  /** Connections at work at the peak, and by what that is known. */
  offered: z.number(),
  source: z.enum(['pools', 'sessions']),
  /** Connections that all processes need together. */
  required: z.number(),
  requiredWithUsers: z.number(),
  /** Processes that share it; null: not told. */
  processes: z.number().nullable(),
  /** Mean number of statements that run at a time at the peak (Little's law): what is held beyond that waits for the application. */
  statements: z.number().nullable(),
  projections: z.array(capacityProjectionWire),
})

export const capacityCacheWire = z.object({
  sharedBuffersBytes: z.number(),
  effectiveCacheSizeBytes: z.number().nullable(),
  /** Over the last seven days; null: too little was read. */
  hitRatio: z.number().nullable(),
  dataBytes: z.number(),
  /** fits: shared_buffers hold what is used. misses: they do not, and how much that is nobody knows but that all of it is an upper bound. */
  rule: z.enum(['fits', 'misses', 'unknown']),
  /** Share of all data that memory has to hold, by that rule. */
  share: z.number(),
  requiredBytes: z.number(),
  projections: z.array(capacityProjectionWire),
})

/** GET /capacity?target=ID. */
export const capacityPlanWire = z.object({
  version: z.literal(1),
  targetId: z.string(),
  at,
  /** Of the longest series, in days; 0: nothing is kept yet. */
  historyDays: z.number(),
  confidence: z.number(),
  /** How many times as many users. */
  users: z.number(),
  horizons: z.array(z.object({ id: z.string(), label: z.string(), at })),
  baseline: capacityBaselineWire,
  measures: z.array(capacityMeasureWire),
  /** Null: no sessions were counted. */
  pool: capacityPoolWire.nullable(),
  /** Null: settings or sizes are not known. */
  cache: capacityCacheWire.nullable(),
  /** What is reached first stands first. */
  limits: z.array(capacityLimitWire),
  /** How the figures were made, in sentences. */
  method: z.array(z.string()),
})

export type CapacityInterval = z.output<typeof interval>
export type CapacityProjectionWire = z.output<typeof capacityProjectionWire>
export type CapacityMeasureWire = z.output<typeof capacityMeasureWire>
export type CapacityLimitWire = z.output<typeof capacityLimitWire>
export type CapacityBaselineWire = z.output<typeof capacityBaselineWire>
export type CapacityPoolWire = z.output<typeof capacityPoolWire>
export type CapacityCacheWire = z.output<typeof capacityCacheWire>
export type CapacityPlanWire = z.output<typeof capacityPlanWire>
