// Ways in which a series may go on: a level or a trend, by itself or on a season of a day or a week, as it is or by its logarithm.
// Robust throughout: medians in place of means, Theil-Sen slopes (Sen, 1968), so that a wild hour moves no forecast of a year.

import { median } from '../order-statistics.ts'
import { withoutSeason } from '../seasonality.ts'

export const TRENDS = ['last', 'recent', 'level', 'linear', 'recent-linear', 'damped'] as const
/**
 * last: as it is now. recent: the median of its last tenth. level: the median of all. linear: one slope through all. recent-linear: the
 * slope of its last third. damped: that slope, which wears off.
 */
export type Trend = (typeof TRENDS)[number]

export interface Model {
  readonly trend: Trend
  /** In steps; null: none. */
  readonly season: number | null
  /** Of growth in proportion; all values are above zero. */
  readonly isLogarithmic: boolean
}

/** Values of the next steps. */
export function continued(values: readonly number[], model: Model, steps: number): readonly number[] {
  const { season, isLogarithmic } = model
  const scaled = isLogarithmic ? values.map(Math.log) : values
  const plain = season === null ? scaled : withoutSeason(scaled, season)
  const trend = trendOf(plain, model.trend)
  return Array.from({ length: steps }, (_, ahead) => {
    const at = values.length + ahead
    // the season's part at the same place of its last turn
    const like = season === null ? 0 : at - season * Math.ceil((ahead + 1) / season)
    const value = trend(ahead + 1) + (season === null ? 0 : scaled[like]! - plain[like]!)
    return isLogarithmic ? Math.exp(Math.min(value, MOST_LOGARITHM)) : value
  })
}

/** Beyond it a number is no size of anything. */
const MOST_LOGARITHM = 600
const LEAST_TREND = 6

/** `ahead` counts from 1. */
function trendOf(values: readonly number[], trend: Trend): (ahead: number) => number {
  const tenth = Math.max(3, Math.round(values.length / 10))
  const third = Math.max(LEAST_TREND, Math.round(values.length / 3))
  switch (trend) {
    case 'last': {
      const now = median(values.slice(-3))
      return () => now
    }
    case 'recent': {
      const now = median(values.slice(-tenth))
      return () => now
    }
    case 'level': {
      const all = median(values)
      return () => all
    }
    case 'linear':
      return lineThrough(values, values.length)
    case 'recent-linear':
      return lineThrough(values.slice(-third), third)
    case 'damped': {
      const recent = values.slice(-third)
      const slope = theilSen(recent)
      const now = levelAtEnd(recent, slope)
      // half of the slope is left after as long as it was seen
      const keeps = 0.5 ** (1 / third)
      return (ahead) => now + (slope * keeps * (1 - keeps ** ahead)) / (1 - keeps)
    }
  }
}

function lineThrough(values: readonly number[], last: number): (ahead: number) => number {
  const seen = values.slice(-last)
  const slope = theilSen(seen)
  const now = levelAtEnd(seen, slope)
  return (ahead) => now + slope * ahead
}

/** Where the line stands at the last value: by the latter half, since what was long ago says less of it. */
function levelAtEnd(values: readonly number[], slope: number): number {
  const from = Math.floor(values.length / 2)
  const end = values.length - 1
  return median(values.slice(from).map((value, at) => value + slope * (end - from - at)))
}

/** Pairs looked at are 4,950 at most: every so many values stand for all. */
const MOST_SLOPES_OF = 100

/** Median of the slopes of all pairs; 0 of fewer than two values. */
export function theilSen(values: readonly number[]): number {
  const every = Math.max(1, Math.ceil(values.length / MOST_SLOPES_OF))
  // medians of stretches in place of single values, where there are many
  const points: { readonly at: number; readonly value: number }[] = []
  for (let at = 0; at + every <= values.length; at += every)
    points.push({ at: at + (every - 1) / 2, value: median(values.slice(at, at + every)) })
  const slopes: number[] = []
  for (let i = 0; i < points.length; i += 1)
    for (let j = i + 1; j < points.length; j += 1)
      slopes.push((points[j]!.value - points[i]!.value) / (points[j]!.at - points[i]!.at))
  return slopes.length === 0 ? 0 : median(slopes)
}
