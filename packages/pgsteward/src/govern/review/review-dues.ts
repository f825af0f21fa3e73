// When a launch is reviewed: daily for a week, weekly for a month, then monthly (G5), and over which spell each time.

import type { Milliseconds, Window } from '../../model/units.ts'

const DAY_MS: Milliseconds = 86_400_000

export interface ReviewSchedule {
  readonly daily: number
  readonly weekly: number
  readonly monthly: number
}
export interface ReviewDue {
  readonly every: 'day' | 'week' | 'month'
  /** ISO 8601. */
  readonly due: string
}

/** In their order. Weeks follow the days, months (of the calendar, UTC) the weeks; none falls twice into the same stretch. */
export function reviewDues(launchedAt: Date, { daily, weekly, monthly }: ReviewSchedule): ReviewDue[] {
  const days = Array.from({ length: daily }, (_, at) => daysLater(launchedAt, at + 1))
  const weeks = Array.from({ length: weekly }, (_, at) => daysLater(launchedAt, daily + 7 * (at + 1)))
  const last = weeks.at(-1) ?? days.at(-1) ?? launchedAt
  const months: Date[] = []
  for (let month = 1; months.length < monthly; month++) {
    const due = monthsLater(launchedAt, month)
    // a month after the launch, its weekly reviews go on
    if (due.getTime() > last.getTime() + 7 * DAY_MS) months.push(due)
  }
  const told = (every: ReviewDue['every'], dues: readonly Date[]) =>
    dues.map((due) => ({ every, due: due.toISOString() }))
  return [...told('day', days), ...told('week', weeks), ...told('month', months)]
}

const SPELL_DAYS: Readonly<Record<ReviewDue['every'], number>> = { day: 1, week: 7, month: 30 }

/** What a review looks at: the stretch since the one before it, and nothing before the launch. */
export function spellOf({ every, due }: ReviewDue, launchedAt: Date): Window {
  const to = new Date(due)
  return { from: new Date(Math.max(launchedAt.getTime(), to.getTime() - SPELL_DAYS[every] * DAY_MS)), to }
}

/** A week before the launch: every weekday is in it. */
export function baselineSpell(launchedAt: Date): Window {
  return { from: daysLater(launchedAt, -7), to: launchedAt }
}

function daysLater(from: Date, days: number): Date {
  return new Date(from.getTime() + days * DAY_MS)
}

/** The 31st of January and a month: the last of February. */
function monthsLater(from: Date, months: number): Date {
  const due = new Date(from)
  due.setUTCDate(1)
  due.setUTCMonth(due.getUTCMonth() + months)
  const lastDay = new Date(Date.UTC(due.getUTCFullYear(), due.getUTCMonth() + 1, 0)).getUTCDate()
  due.setUTCDate(Math.min(from.getUTCDate(), lastDay))
  return due
}
