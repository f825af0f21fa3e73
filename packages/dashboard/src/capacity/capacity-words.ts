// A capacity plan in words: the sentence on top, dates of limits, how a forecast did on its past.

import type { CapacityLimitWire, CapacityMeasureWire, CapacityPlanWire } from 'pgsteward/wire'
import { formatBytes, formatCount, formatMs, formatPerSecond, formatRatio } from '../format.ts'

export type CapacityUnit = CapacityMeasureWire['unit']

export function formatCapacity(value: number, unit: CapacityUnit): string {
  switch (unit) {
    case 'bytes':
      return formatBytes(value)
    case 'perSecond':
      return formatPerSecond(value)
    case 'ratio':
      return formatRatio(value)
    case 'count':
      return formatCount(value < 10 ? Number(value.toFixed(1)) : Math.round(value))
  }
}

export const dayOf = (at: string) => at.slice(0, 10)

/** A limit is near from here on, as the alerts on connections have it. */
export const NEAR_RATIO = 0.8

export type LimitState = 'reached' | 'coming' | 'free' | 'unknown'

/** coming: expected within what is projected. */
export function limitState({ usedRatio, expectedAt, searchedUntil }: CapacityLimitWire): LimitState {
  if (usedRatio >= 1) return 'reached'
  if (expectedAt !== null) return 'coming'
  return searchedUntil === null ? 'unknown' : 'free'
}

type Reached = CapacityLimitWire['withUsers']

export function reachedWords({ expectedAt, earliestAt, searchedUntil }: Reached, now: string): string {
  if (expectedAt !== null && expectedAt <= now) return 'now'
  if (expectedAt !== null)
    return earliestAt === null || dayOf(earliestAt) === dayOf(expectedAt)
      ? dayOf(expectedAt)
      : `${dayOf(expectedAt)}, ${dayOf(earliestAt)} at the earliest`
  if (searchedUntil === null) return 'too little history to tell'
  return earliestAt === null
    ? `not by ${dayOf(searchedUntil)}`
    : `not expected by ${dayOf(searchedUntil)}, ${dayOf(earliestAt)} at the earliest`
}

/** What the reader wants to know first. */
export function headline({ limits, at, historyDays }: CapacityPlanWire): string {
  const reached = limits.filter((limit) => limitState(limit) === 'reached')
  if (reached.length > 0) return `${reached.map(({ label }) => label).join(', ')}: at the limit now.`
  const [first] = limits.filter((limit) => limitState(limit) === 'coming')
  if (first !== undefined) {
    const days = Math.round((Date.parse(first.expectedAt!) - Date.parse(at)) / 86_400_000)
    return `The first limit is ${first.label}: expected on ${dayOf(first.expectedAt!)}, in ${days} ${days === 1 ? 'day' : 'days'}.`
  }
  const until = limits.flatMap(({ searchedUntil }) => searchedUntil ?? []).sort()[0]
  if (until !== undefined) return `No limit is expected to be reached by ${dayOf(until)}.`
  const days = Math.floor(historyDays)
  return `${days === 0 ? 'Less than a day' : days === 1 ? '1 day' : `${days} days`} of history: dates of limits need a week.`
}

export function triedWords({ backTest, unit, because }: CapacityMeasureWire): string {
  const tried =
    backTest === null
      ? null
      : `On its past, up to ${formatMs(backTest.aheadMs)} ahead: off by ${formatCapacity(backTest.error, unit)}, a straight line by ${formatCapacity(backTest.straightLineError, unit)}.`
  return [tried, because === null ? null : `${because}.`].filter((words) => words !== null).join(' ')
}
