// Series of the store as a plan needs them: summed over their labels, by the day, or by the hour while there are few days.

import type { Series } from '../../model/fact.ts'
import type { Milliseconds } from '../../model/units.ts'
import { DAY_MS, type TimedValue } from '../../stats/forecast/regular-series.ts'
import { quantile } from '../../stats/order-statistics.ts'
import type { Store } from '../../store/store.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** As long as days are kept by default. */
const LONGEST_MS = 400 * DAY_MS
/** With fewer days a week's season cannot be seen by days, and there would be too few values to try a forecast on. */
const HOURLY_BELOW_MS = 21 * DAY_MS
const PEAK_DAYS = 28

export interface Peak {
  /** In the minutes of the busiest hours. */
  readonly peak: number
  /** Of the days' busiest hours the 95th percentile. */
  readonly busyHour: number
  /** Of all hours. */
  readonly mean: number
  readonly days: number
}

export interface CapacityReader {
  /** The mean of each bucket, the oldest first; the bucket that is not over yet is left out unless it is the only one. */
  history(names: readonly string[], isOf?: (series: Series) => boolean): Promise<readonly TimedValue[]>
  /** Null: nothing is kept of the last 28 days. */
  peak(names: readonly string[], isOf?: (series: Series) => boolean): Promise<Peak | null>
  /** By the labels that `keyOf` makes of each series. */
  keys(name: string, keyOf: (series: Series) => string): Promise<readonly string[]>
}

export function capacityReader(store: Store, targetId: string, now: Date): CapacityReader {
  const last = async (names: readonly string[], ms: Milliseconds) => {
    const window = { from: new Date(now.getTime() - ms), to: now }
    return (await Promise.all(names.map((name) => store.series(targetId, name, window)))).flat()
  }
  const all = () => true
  return {
    async history(names, isOf = all) {
      const days = summed((await last(names, LONGEST_MS)).filter(isOf), DAY_MS)
      if (spanOf(days) >= HOURLY_BELOW_MS) return ended(days, DAY_MS, now)
      return ended(summed((await last(names, HOURLY_BELOW_MS)).filter(isOf), HOUR_MS), HOUR_MS, now)
    },
    async peak(names, isOf = all) {
      const hours = summed((await last(names, PEAK_DAYS * DAY_MS)).filter(isOf), HOUR_MS)
      // two days: as far back as the store answers with readings instead of hourly means
      const minutes = summed((await last(names, 2 * DAY_MS)).filter(isOf), MINUTE_MS)
      return peakOf(hours, minutes)
    },
    async keys(name, keyOf) {
      return [...new Set((await last([name], PEAK_DAYS * DAY_MS)).map(keyOf))]
    },
  }
}

/** Each series' mean within a bucket, added up over the series: processes report at moments of their own. */
export function summed(series: readonly Series[], bucketMs: Milliseconds): readonly TimedValue[] {
  const sums = new Map<number, number>()
  for (const { points } of series) {
    const own = new Map<number, { sum: number; count: number }>()
    for (const [at, value] of points) {
      const bucket = Math.floor(at.getTime() / bucketMs) * bucketMs
      const into = own.get(bucket) ?? { sum: 0, count: 0 }
      into.sum += value
      into.count += 1
      own.set(bucket, into)
    }
    for (const [bucket, { sum, count }] of own) sums.set(bucket, (sums.get(bucket) ?? 0) + sum / count)
  }
  return [...sums].map(([atMs, value]) => ({ atMs, value })).sort((a, b) => a.atMs - b.atMs)
}

/** An hour of readings has sixty; of one with a handful the 95th percentile is its largest. */
const LEAST_MINUTES = 10

/**
 * The 95th percentile of the days' busiest hours, times how far the busiest minutes of the last two days stand above their hour: hourly
 * means are kept for a month, readings for days. Null: no hours.
 */
export function peakOf(hours: readonly TimedValue[], minutes: readonly TimedValue[]): Peak | null {
  if (hours.length === 0) return null
  const values = hours.map(({ value }) => value)
  const busiest = [...Map.groupBy(hours, ({ atMs }) => Math.floor(atMs / DAY_MS)).values()].map((day) =>
    Math.max(...day.map(({ value }) => value)),
  )
  const busyHour = quantile(busiest, 0.95)
  return {
    peak: busyHour * burstRatio(minutes),
    busyHour,
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    days: busiest.length,
  }
}

/** At least 1: of the hour with the most within the last two days. */
function burstRatio(minutes: readonly TimedValue[]): number {
  const hours = [...Map.groupBy(minutes, ({ atMs }) => Math.floor(atMs / HOUR_MS)).values()]
    .filter((hour) => hour.length >= LEAST_MINUTES)
    .map((hour) => hour.map(({ value }) => value))
    .map((hour) => ({ hour, mean: hour.reduce((sum, value) => sum + value, 0) / hour.length }))
  const busiest = hours.toSorted((a, b) => b.mean - a.mean)[0]
  return busiest === undefined || busiest.mean <= 0
    ? 1
    : Math.max(1, quantile(busiest.hour, 0.95) / busiest.mean)
}

/** From the begin of the first bucket to the end of the last; 0 of fewer than two. */
export function spanOf(values: readonly TimedValue[]): Milliseconds {
  const distances = values.slice(1).map(({ atMs }, at) => atMs - values[at]!.atMs)
  return distances.length === 0 ? 0 : values.at(-1)!.atMs - values[0]!.atMs + Math.min(...distances)
}

/** A day that began an hour ago is quieter than any. */
function ended(values: readonly TimedValue[], bucketMs: Milliseconds, now: Date): readonly TimedValue[] {
  const whole = values.filter(({ atMs }) => atMs + bucketMs <= now.getTime())
  return whole.length === 0 ? values : whole
}
