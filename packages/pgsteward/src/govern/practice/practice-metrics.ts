// The practice of a team over a period: times of incidents, changes that held, reviews, optimizations and what they brought.

import type { GovernanceRecord } from '../../model/governance.ts'
import type { IncidentWire } from '../../model/incident-wire.ts'
import type { OptimizationWire } from '../../model/optimization-wire.ts'
import type { PracticePeriodWire, PracticeWire } from '../../model/practice-wire.ts'
import type { Milliseconds, Window } from '../../model/units.ts'
import { quantile } from '../../stats/order-statistics.ts'

export interface PracticeRecords {
  readonly incidents: readonly IncidentWire[]
  readonly optimizations: readonly OptimizationWire[]
  /** Of the kind change. */
  readonly changes: readonly GovernanceRecord[]
}

/** Enough to see a trend, and within what people remember. */
export const PERIODS_BEFORE = 3

/** The span up to now, and those before it. */
export function practiceMetrics(records: PracticeRecords, lengthMs: Milliseconds, now: Date): PracticeWire {
  const back = (periods: number): Window => ({
    from: new Date(now.getTime() - (periods + 1) * lengthMs),
    to: new Date(now.getTime() - periods * lengthMs),
  })
  return {
    period: periodOf(records, back(0)),
    before: Array.from({ length: PERIODS_BEFORE }, (_, index) => periodOf(records, back(index + 1))),
  }
}

function periodOf(
  { incidents, optimizations, changes }: PracticeRecords,
  window: Window,
): PracticePeriodWire {
  const opened = incidents.filter(({ openedAt }) => isWithin(openedAt, window))
  const ended = incidents.filter(({ times }) => isWithin(times.recoveredAt, window))
  // a day is over at its end
  const due = incidents
    .flatMap(({ review }) => review?.actionItems ?? [])
    .filter((item) => isWithin(`${item.due}T23:59:59.999Z`, window))
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
    actionItems: shareOf(due, ({ doneAt }) => doneAt !== null),
    changes: shareOf(applied, (held) => held),
    optimizations: shareOf(completed, ({ verdict }) => verdict === 'improved' || verdict === 'gone'),
    savedMsPerDay: sum(({ value }) => value?.msPerDay),
    freedBytes: sum(({ value }) => value?.bytes),
  }
}

/** For each time that the change was applied: whether it held, whenever it was rolled back. */
function appliedWithin({ entries }: GovernanceRecord, window: Window): readonly boolean[] {
  return entries.flatMap(({ action, at, seq }) => {
    if (action !== 'applied' || !isWithin(at.toISOString(), window)) return []
    const next = entries.find(
      (later) => later.seq > seq && (later.action === 'rolled-back' || later.action === 'applied'),
    )
    return [next?.action !== 'rolled-back']
  })
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
