// The share of calls that a cache beside the application would answer: a renewal argument, from rates alone.

import type { Milliseconds } from '../../model/units.ts'

export interface CachedResult {
  readonly callsPerSecond: number
  /** Different results that the calls ask for, 1 or more. */
  readonly results: number
  /** How often one entry is dropped since what it shows was written. */
  readonly dropsPerSecond: number
  /** An entry is thrown away after this time in any case. */
  readonly ttlMs: Milliseconds
}

/**
 * 0 to 1. With calls and writes that come independently of each other (Poisson), an entry lives L = (1 − e^(−wT)) / w seconds on
 * average, T seconds where nothing is written; each fill is followed by x = λL hits, so that x / (1 + x) of the calls are hits. λ is
 * the rate of calls a result, all results asked for alike: x² / (1 + x) is convex, so any preference for some of them hits more often.
 */
export function cachedHitRatio({ callsPerSecond, results, dropsPerSecond, ttlMs }: CachedResult): number {
  const ttl = ttlMs / 1000
  const life = dropsPerSecond > 0 ? -Math.expm1(-dropsPerSecond * ttl) / dropsPerSecond : ttl
  const hits = (callsPerSecond / Math.max(1, results)) * life
  return hits / (1 + hits)
}
