// When a forecast reaches a limit: by its middle, and by its interval.

import type { ForecastPoint } from './forecast.ts'

export interface Reached {
  /** Null: not within the horizon. */
  readonly expectedMs: number | null
  readonly earliestMs: number | null
  readonly latestMs: number | null
}

/** From `now`, the last value known: a limit above it is reached from below, one below it from above. */
export function whenReached(points: readonly ForecastPoint[], now: number, limit: number): Reached {
  const isRising = limit >= now
  const firstBy = (heightOf: (point: ForecastPoint) => number) =>
    points.find((point) => (isRising ? heightOf(point) >= limit : heightOf(point) <= limit))?.atMs ?? null
  const [soon, late] = isRising ? (['upper', 'lower'] as const) : (['lower', 'upper'] as const)
  return {
    expectedMs: firstBy(({ value }) => value),
    earliestMs: firstBy((point) => point[soon]),
    latestMs: firstBy((point) => point[late]),
  }
}
