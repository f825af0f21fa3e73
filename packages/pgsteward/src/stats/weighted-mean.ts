// The mean of something that was measured in buckets of different weight, and how far it may be off by chance.

export interface BucketMean {
  /** How many measurements the bucket holds. */
  readonly weight: number
  readonly mean: number
}

export interface WeightedMean {
  readonly mean: number
  /** Of the mean, from the spread between buckets; null: fewer than three of them say nothing. */
  readonly standardError: number | null
}

/** Null: nothing was measured. */
export function weightedMean(buckets: readonly BucketMean[]): WeightedMean | null {
  const filled = buckets.filter(({ weight }) => weight > 0)
  const total = filled.reduce((sum, { weight }) => sum + weight, 0)
  if (total === 0) return null
  const mean = filled.reduce((sum, each) => sum + each.weight * each.mean, 0) / total
  if (filled.length < 3) return { mean, standardError: null }
  // the ratio estimator's: heavy buckets count by their weight, and each bucket is one observation
  const squares = filled.reduce((sum, each) => sum + (each.weight * (each.mean - mean)) ** 2, 0)
  const standardError = Math.sqrt((squares * filled.length) / (filled.length - 1)) / total
  return { mean, standardError }
}

export type Comparison = 'lower' | 'higher' | 'alike'

/** Two standard errors: one in twenty such differences is chance. */
const BEYOND_CHANCE = 2

/** `after` differs from `before` by at least that ratio (0.1), and by more than their spread explains. */
export function compareMeans(before: WeightedMean, after: WeightedMean, leastRatio: number): Comparison {
  const difference = after.mean - before.mean
  const error = Math.hypot(before.standardError ?? 0, after.standardError ?? 0)
  if (Math.abs(difference) <= BEYOND_CHANCE * error) return 'alike'
  if (difference < 0 && after.mean <= before.mean * (1 - leastRatio)) return 'lower'
  if (difference > 0 && after.mean >= before.mean * (1 + leastRatio)) return 'higher'
  return 'alike'
}
