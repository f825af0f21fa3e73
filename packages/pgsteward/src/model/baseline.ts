// A baseline: a set of valid runs of one scenario on one class of host, never one snapshot. As a file it lives in git, under benchmarks/.

import { z } from 'zod'
import { loadRunSchema } from './load-run.ts'

export const BASELINE_FORMAT = 'pgsteward-baseline/1'

/** From identical runs: how far a quantile strays by itself on this class of host. */
export const noiseFloorSchema = z.strictObject({
  series: z.string(),
  quantile: z.enum(['p50', 'p90', 'p95', 'p99']),
  /** 95th percentile of |ln ratio| between identical runs. */
  logRatio: z.number(),
  pairs: z.number().int(),
})

export const baselineSchema = z.strictObject({
  format: z.literal(BASELINE_FORMAT),
  name: z.string(),
  scenario: z.strictObject({ id: z.string(), hash: z.string() }),
  hostClass: z.string(),
  status: z.enum(['candidate', 'active', 'retired']),
  createdAt: z.iso.datetime(),
  promoted: z.strictObject({ at: z.iso.datetime(), by: z.string(), reason: z.string() }).nullable(),
  /** A line an endpoint, for who reads the difference of two versions; made anew with each writing, and never read. */
  summary: z.array(z.string()).optional(),
  /** Oldest first, at most 20. */
  runs: z.array(loadRunSchema).min(1),
  noise: z.array(noiseFloorSchema),
})

/** Of a baseline; older ones leave as new ones come. */
export const MOST_RUNS = 20

export interface Baseline extends z.output<typeof baselineSchema> {}
export interface NoiseFloor extends z.output<typeof noiseFloorSchema> {}
