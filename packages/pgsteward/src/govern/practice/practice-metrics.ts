// The practice of a team over a period: times of incidents, changes that held, reviews, optimizations and what they brought.

import type { MeetingWire } from '../../model/change-wire.ts'
import type { GovernanceRecord } from '../../model/governance.ts'
import type { IncidentWire } from '../../model/incident-wire.ts'
import type { OptimizationWire } from '../../model/optimization-wire.ts'
import type { PracticePeriodWire, PracticeWire } from '../../model/practice-wire.ts'
import type { LaunchReviewWire } from '../../model/review-wire.ts'
import type { Milliseconds, Window } from '../../model/units.ts'
import { quantile } from '../../stats/order-statistics.ts'
import { appliedWithin } from './applied-within.ts'

export interface PracticeRecords {
  readonly incidents: readonly IncidentWire[]
  readonly optimizations: readonly OptimizationWire[]
  /** Of the kind change. */
  readonly changes: readonly GovernanceRecord[]
  readonly launches: readonly LaunchReviewWire[]
  readonly meetings: readonly Pick<MeetingWire, 'name' | 'title' | 'actions'>[]
}

/** Enough to see a trend, and within what people remember. */
export const PERIODS_BEFORE = 3

/** The span up to now, and those before it: the latest first. */
export function spansBefore(now: Date, lengthMs: Milliseconds): readonly [Window, ...Window[]] {
  const back = (spans: number): Window => ({
    from: new Date(now.getTime() - (spans + 1) * lengthMs),
    to: new Date(now.getTime() - spans * lengthMs),
  })
  return [back(0), ...Array.from({ length: PERIODS_BEFORE }, (_, index) => back(index + 1))]
}

/** Of the first window, with the others before it. */
export function practiceMetrics(
  records: PracticeRecords,
  [window, ...before]: readonly [Window, ...(readonly Window[])],
): PracticeWire {
  return { period: periodOf(records, window), before: before.map((each) => periodOf(records, each)) }
}

function periodOf(
  { incidents, optimizations, changes, launches, meetings }: PracticeRecords,
  window: Window,
): PracticePeriodWire {
  const opened = incidents.filter(({ openedAt }) => isWithin(openedAt, window))
  const ended = incidents.filter(({ times }) => isWithin(times.recoveredAt, window))
  const items = [
    // a day is over at its end
    ...incidents
      .flatMap(({ review }) => review?.actionItems ?? [])
      .map(({ due, doneAt }) => ({ due: `${due}T23:59:59.999Z`, doneAt })),
    ...[...launches, ...meetings].flatMap(({ actions }) => actions),
  ].filter(({ due }) => isWithin(due, window))
  const launchReviews = launches
    .flatMap(({ reviews }) => reviews)
    .filter(({ due, state }) => isWithin(due, window) && state !== 'to come' && state !== 'due')
  const completed = optimizations.filter(({ steps, state }) => {
    const documented = steps.find(({ step }) => step === 'document')?.at ?? null
    return state === 'completed' && isWithin(documented, window)
  })
  const applied = changes.flatMap((change) => appliedWithin(change, window))
  const sum = (of: (each: OptimizationWire) => number | null | undefined) =>
    completed.reduce((total, each) => total + (of(each) ?? 0), 0)
  return {
    from: window.from.toISOString(),
    to: window.to.toISOString(),
    incidents: opened.length,
    toDetect: spreadOf(opened.map(({ times }) => times.toDetectMs)),
    toAcknowledge: spreadOf(opened.map(({ times }) => times.toAcknowledgeMs)),
    toMitigate: spreadOf(opened.map(({ times }) => times.toMitigateMs)),
    toRecover: spreadOf(opened.map(({ times }) => times.toRecoverMs)),
    reviewed: shareOf(ended, ({ state }) => state === 'reviewed'),
    launchReviews: shareOf(launchReviews, ({ state }) => state !== 'overdue'),
    actionItems: shareOf(items, ({ doneAt }) => doneAt !== null),
    changes: shareOf(applied, ({ held }) => held),
    emergencyChanges: applied.filter(({ isEmergency }) => isEmergency).length,
    optimizations: shareOf(completed, ({ verdict }) => verdict === 'improved' || verdict === 'gone'),
    savedMsPerDay: sum(({ value }) => value?.msPerDay),
    freedBytes: sum(({ value }) => value?.bytes),
  }
}

function isWithin(at: string | null, { from, to }: Window): boolean {
  return at !== null && Date.parse(at) > from.getTime() && Date.parse(at) <= to.getTime()
}

function spreadOf(values: readonly (number | null)[]): PracticePeriodWire['toDetect'] {
  const known = values.filter((value) => value !== null)
  return known.length === 0
    ? { medianMs: null, p90Ms: null, count: 0 }
    : { medianMs: quantile(known, 0.5), p90Ms: quantile(known, 0.9), count: known.length }
}

function shareOf<T>(all: readonly T[], isGood: (each: T) => boolean): PracticePeriodWire['changes'] {
  const good = all.filter(isGood).length
  return { good, all: all.length, ratio: all.length === 0 ? null : good / all.length }
}
