// How a target's measures went over months: medians by the week, and where they go on to, with what that forecast was worth on the past.

import type { Milliseconds } from '../../model/units.ts'
import { forecast } from '../../stats/forecast/forecast.ts'
import { DAY_MS, type TimedValue } from '../../stats/forecast/regular-series.ts'
import { median } from '../../stats/order-statistics.ts'
import type { Store } from '../../store/store.ts'
import { capacityReader } from '../capacity/capacity-history.ts'

export interface TrendPoint {
  /** Its end. */
  readonly at: Date
  /** Median of its days; null: fewer than three are known. */
  readonly value: number | null
}

export interface Trend {
  readonly id: string
  readonly label: string
  readonly unit: 'bytes' | 'perSecond' | 'count'
  /** The oldest first. */
  readonly weeks: readonly TrendPoint[]
  /** A quarter after the end; null: under four weeks are known. */
  readonly ahead: { readonly value: number; readonly lower: number; readonly upper: number } | null
}

/** A quarter of a year. */
export const TREND_WEEKS = 13
const WEEK_MS: Milliseconds = 7 * DAY_MS
const AHEAD_MS = TREND_WEEKS * WEEK_MS
const LEAST_DAYS = 3
const LEAST_HISTORY_MS = 4 * WEEK_MS
/** As capacity plans have it. */
const CONFIDENCE = 0.9

const MEASURES = [
  { id: 'size', label: 'Databases on disk', unit: 'bytes', series: 'database.size' },
  { id: 'load', label: 'Statements that ran at a time', unit: 'count', series: 'statements.load' },
  { id: 'statements', label: 'Statements a second', unit: 'perSecond', series: 'statements.calls' },
  { id: 'connections', label: 'Connections at work', unit: 'count', series: 'connections.active' },
] as const

/** Days and weeks are those of UTC: what is older than a month is kept by them. */
export async function readTrends(store: Store, targetId: string, to: Date): Promise<readonly Trend[]> {
  const reader = capacityReader(store, targetId, to)
  const trends: Trend[] = []
  for (const { id, label, unit, series } of MEASURES) {
    const points = await reader.history([series])
    if (points.length === 0) continue
    const spanMs = points.at(-1)!.atMs - points[0]!.atMs
    const made =
      spanMs < LEAST_HISTORY_MS ? null : forecast(points, { horizonMs: AHEAD_MS, confidence: CONFIDENCE })
    const last = made?.points.at(-1)
    trends.push({
      id,
      label,
      unit,
      weeks: weeklyMedians(points, to),
      ahead: last === undefined ? null : { value: last.value, lower: last.lower, upper: last.upper },
    })
  }
  return trends
}

export function weeklyMedians(points: readonly TimedValue[], to: Date): readonly TrendPoint[] {
  const end = Math.floor(to.getTime() / DAY_MS) * DAY_MS
  return Array.from({ length: TREND_WEEKS }, (_, week) => {
    const until = end - (TREND_WEEKS - 1 - week) * WEEK_MS
    const its = points.filter(({ atMs }) => atMs >= until - WEEK_MS && atMs < until)
    const days = new Set(its.map(({ atMs }) => Math.floor(atMs / DAY_MS)))
    return {
      at: new Date(until),
      value: days.size < LEAST_DAYS ? null : median(its.map(({ value }) => value)),
    }
  })
}
