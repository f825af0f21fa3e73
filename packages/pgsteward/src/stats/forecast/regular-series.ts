// Points at any times as a series at even distances, coarse enough to be looked through often.

import { median } from '../order-statistics.ts'

export interface TimedValue {
  readonly atMs: number
  readonly value: number
}

export interface RegularSeries {
  /** Of the first value; the others follow at `stepMs`. */
  readonly fromMs: number
  readonly stepMs: number
  /** Means of their steps; gaps are bridged by a straight line. */
  readonly values: readonly number[]
  /** Share of the steps that were bridged. */
  readonly gapRatio: number
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS
/** Divisors of a day, so that days and weeks are whole numbers of steps; then days and weeks. */
const STEPS_MS = [
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
  7 * DAY_MS,
] as const
/** Six weeks of hours, three years of days: more shows no trend better and takes longer. */
const MOST_VALUES = 1_000

/** Any order; points of one step become their mean. Null: fewer than two different times. */
export function regularSeries(points: readonly TimedValue[]): RegularSeries | null {
  const sorted = points.toSorted((a, b) => a.atMs - b.atMs)
  const [first, last] = [sorted[0], sorted.at(-1)]
  if (first === undefined || last === undefined || first.atMs === last.atMs) return null
  const distances = sorted.slice(1).map(({ atMs }, at) => atMs - sorted[at]!.atMs)
  const usualMs = median(distances.filter((distance) => distance > 0))
  const wantedMs = Math.max(usualMs * 0.99, (last.atMs - first.atMs) / MOST_VALUES)
  const stepMs = STEPS_MS.find((step) => step >= wantedMs) ?? wantedMs
  const count = Math.floor((last.atMs - first.atMs) / stepMs) + 1
  const sums = new Float64Array(count)
  const counts = new Uint32Array(count)
  for (const { atMs, value } of sorted) {
    const slot = Math.floor((atMs - first.atMs) / stepMs)
    sums[slot]! += value
    counts[slot]! += 1
  }
  const values = Array.from(sums, (sum, slot) => (counts[slot] === 0 ? null : sum / counts[slot]!))
  const gaps = values.filter((value) => value === null).length
  return { fromMs: first.atMs, stepMs, values: bridged(values), gapRatio: gaps / count }
}

/** The first and the last are there. */
function bridged(values: readonly (number | null)[]): readonly number[] {
  const known = values.flatMap((value, at) => (value === null ? [] : [{ at, value }]))
  return known.flatMap(({ at, value }, index) => {
    const next = known[index + 1]
    if (next === undefined) return [value]
    const slope = (next.value - value) / (next.at - at)
    return Array.from({ length: next.at - at }, (_, step) => value + slope * step)
  })
}
