// When limits are reached: by a forecast's middle and bounds, as things go and with more users.

import type { CapacityLimitWire } from '../../model/capacity.ts'
import type { ForecastPoint } from '../../stats/forecast/forecast.ts'
import { whenReached } from '../../stats/forecast/when-reached.ts'
import type { PlanFrame } from './capacity-measure.ts'

export interface LimitGiven {
  readonly id: string
  readonly label: string
  /** Id of the measure that is held against it. */
  readonly measure: string
  readonly unit: CapacityLimitWire['unit']
  readonly value: number
  readonly source: string
  readonly now: number
  readonly nowWithUsers: number
  readonly points: readonly ForecastPoint[]
  readonly pointsWithUsers: readonly ForecastPoint[]
}

export function limitOf(given: LimitGiven, { now }: PlanFrame): CapacityLimitWire {
  const { points, pointsWithUsers, ...rest } = given
  return {
    ...rest,
    usedRatio: given.now / given.value,
    ...reachedBy(points, given.now, given.value, now),
    withUsers: reachedBy(pointsWithUsers, given.nowWithUsers, given.value, now),
  }
}

function reachedBy(points: readonly ForecastPoint[], value: number, limit: number, now: Date) {
  const last = points.at(-1)
  const searchedUntil = last === undefined ? null : new Date(last.atMs).toISOString()
  // it is reached by now, and needs no forecast for that
  if (value >= limit) {
    const at = now.toISOString()
    return { expectedAt: at, earliestAt: at, latestAt: at, searchedUntil }
  }
  const { expectedMs, earliestMs, latestMs } = whenReached(points, value, limit)
  return {
    expectedAt: dateOf(expectedMs),
    earliestAt: dateOf(earliestMs),
    latestAt: dateOf(latestMs),
    searchedUntil,
  }
}

function dateOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}

/** By the date that is expected, then by the earliest, then by what is used of it. */
export function byUrgency(a: CapacityLimitWire, b: CapacityLimitWire): number {
  const rank = (at: string | null) => (at === null ? Number.POSITIVE_INFINITY : Date.parse(at))
  const [expected, earliest] = [
    rank(a.expectedAt) - rank(b.expectedAt),
    rank(a.earliestAt) - rank(b.earliestAt),
  ]
  // the difference of two that are never reached is no number
  return expected || earliest || b.usedRatio - a.usedRatio
}
