// A sweep as it is kept: one setting of the application varied, load in steps at each value, and where more stops to pay.

import { z } from 'zod'

export const SWEEP_FORMAT = 'pgsteward-sweep/1'

const orNull = <T extends z.ZodType>(type: T) => type.nullable()
const number = z.number()

const sweepStepSchema = z.strictObject({
  /** Users (closed) or arrivals a second (open). */
  offered: number,
  /** Repetitions of the whole sweep, from 0. */
  round: z.number().int().min(0),
  runId: z.string(),
  requestsPerSecond: number,
  p50Ms: orNull(number),
  p95Ms: orNull(number),
  p99Ms: orNull(number),
  errorRatio: number,
  /** Why it is not believed: the generator's fault, or too many errors. */
  invalid: z.array(z.string()),
  /** The application's fullest pool, where it tells; of several instances the one that answered. */
  pool: orNull(
    z.strictObject({
      max: orNull(number),
      usedMax: number,
      waitingMax: number,
      waitP95Ms: orNull(number),
    }),
  ),
  /** Statements and their time for each request; null: the database was not asked. */
  statementsPerRequest: orNull(number),
  databaseMsPerRequest: orNull(number),
  activeSessions: orNull(number),
  /** PostgreSQL's own buffers. */
  bufferHitRatio: orNull(number),
  hostBusyRatio: orNull(number),
})
export type SweepStep = z.output<typeof sweepStepSchema>

const kneeSchema = z.strictObject({
  n: number,
  by: z.enum(['usl', 'kneedle']),
  interval: orNull(z.tuple([number, number])),
})
const fitSchema = z.strictObject({
  usl: orNull(z.strictObject({ lambda: number, sigma: number, kappa: number })),
  r2: orNull(number),
  knee: orNull(kneeSchema),
  peak: z.strictObject({ n: number, throughput: number, isMeasured: z.boolean() }),
  doesNotFit: orNull(z.string()),
  disagreeing: z.array(z.strictObject({ n: number, throughput: number })),
})
/** The same as stats/scalability.ts gives. */
export type ScalabilityFit = z.output<typeof fitSchema>

const valueSchema = z.strictObject({
  value: z.string(),
  steps: z.array(sweepStepSchema),
  /** Over the steps. */
  fit: fitSchema,
  /** The highest throughput among steps that are believed and within the limit of p95. */
  best: orNull(sweepStepSchema),
  /** Least offered load at which the pool was used above the threshold; null: never, or not told. */
  poolWarnsAt: orNull(number),
  /** Whether that warns in time: against the knee of this value. */
  poolSignal: z.enum(['before-knee', 'at-knee', 'after-knee', 'without-knee', 'never', 'unknown']),
  /** Why it has no steps, or fewer: it did not start, or ended. */
  trouble: orNull(z.string()),
})
export type SweepValue = z.output<typeof valueSchema>

export const sweepSchema = z.strictObject({
  format: z.literal(SWEEP_FORMAT),
  startedAt: z.iso.datetime(),
  scenario: z.strictObject({ id: z.string(), title: z.string(), hash: z.string() }),
  /** The environment variable that was varied. */
  variable: z.string(),
  model: z.enum(['open', 'closed']),
  stepMs: number,
  rounds: z.number().int().positive(),
  /** Steps above it are not among the best; null: no limit. */
  p95LimitMs: orNull(number),
  ended: z.enum(['completed', 'interrupted']),
  values: z.array(valueSchema),
  /** The best throughput over the values, where they are numbers. */
  overall: orNull(fitSchema),
  cores: z.number().int(),
})
export interface Sweep extends z.output<typeof sweepSchema> {}

/** From this share of a pool on, more load or another pool is worth a thought. */
export const POOL_THRESHOLD_RATIO = 0.7
/** Below this share of hits a cache hardly relieves anybody. */
export const CACHE_THRESHOLD_RATIO = 0.5
