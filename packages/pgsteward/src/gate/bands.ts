// The bands of a slowdown, fixed by requirement V5, and what each means for the verdict. A band is a name for an estimate that has
// support; without support there is none.

import type { Band, Verdict } from '../model/comparison.ts'

/** A slowdown counts from here on; support means that the lower bound is above it. */
export const LEAST_RATIO = 1.05
/** Beyond it a slowdown fails, so a pass has to exclude it. */
export const FAILING_RATIO = 1.15

export function bandOf(ratio: number): Band {
  if (ratio > 1.25) return 'critical'
  if (ratio > FAILING_RATIO) return 'high'
  if (ratio > 1.1) return 'medium'
  if (ratio > LEAST_RATIO) return 'low'
  return ratio < 0.95 ? 'improvement' : 'none'
}

export function verdictOf(band: Band): Verdict {
  if (band === 'critical' || band === 'high') return 'fail'
  return band === 'medium' ? 'warn' : 'pass'
}

/**
 * A change of less is not worth anyone's time whatever its ratio: a millisecond, and a tenth of the base for endpoints under 10 ms,
 * where a millisecond would hide a doubling.
 */
export function leastChangeMs(baseMs: number): number {
  return Math.min(1, baseMs * 0.1)
}
