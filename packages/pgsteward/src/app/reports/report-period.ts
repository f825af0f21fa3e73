// The periods of reports: days, ISO weeks and months as the clocks of a place tell them, over changes of its clocks.

import { StewardError } from '../../model/error.ts'
import type { Milliseconds, Window } from '../../model/units.ts'
import { wallClock } from '../../stats/weekly-window.ts'

export const PERIOD_LENGTHS = ['day', 'week', 'month'] as const
export type PeriodLength = (typeof PERIOD_LENGTHS)[number]

export interface ReportPeriod extends Window {
  readonly length: PeriodLength
  /** IANA name. */
  readonly timeZone: string
  /** Local date of its begin: `2026-11-16`. */
  readonly date: string
  /** `2026-11-22`, `2026-W47`, `2026-11`: one of each length and begin, as files are named. */
  readonly name: string
  /** `22 November 2026`, `Week 47 of 2026, 16 to 22 November`, `November 2026`; says until when, where it is not over. */
  readonly label: string
  /** False: it is cut, at the moment at which it was asked for or as long after its begin. */
  readonly isOver: boolean
}

const MINUTE_MS: Milliseconds = 60_000
const DAY_MS: Milliseconds = 86_400_000
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** The first moment of a local date. Where clocks are put forward over midnight, that is the moment after. */
export function beginOfDay(date: string, timeZone: string): Date {
  const middle = Date.parse(`${date}T00:00:00Z`)
  // a place is at most 14 hours ahead of UTC and 12 behind
  let before = Math.floor((middle - DAY_MS) / MINUTE_MS)
  let after = Math.floor((middle + DAY_MS) / MINUTE_MS)
  while (after - before > 1) {
    const minute = Math.floor((before + after) / 2)
    if (wallClock(new Date(minute * MINUTE_MS), timeZone).date < date) before = minute
    else after = minute
  }
  return new Date(after * MINUTE_MS)
}

/** The period that a local date lies in, cut at `now` where it is not over. */
export function periodOf(length: PeriodLength, date: string, timeZone: string, now: Date): ReportPeriod {
  const first = firstDate(length, date)
  const next = nextDate(length, first)
  const [from, end] = [beginOfDay(first, timeZone), beginOfDay(next, timeZone)]
  const isOver = end <= now
  const label = labelOf(length, first)
  const clock = isOver ? null : wallClock(now, timeZone)
  return {
    length,
    timeZone,
    date: first,
    name: periodName(length, first),
    label:
      clock === null ? label : `${label}, until ${length === 'day' ? '' : `${clock.date} `}${timeOf(clock)}`,
    from,
    to: isOver ? end : now,
    isOver,
  }
}

/**
 * `current`: the one that now lies in. `last`: the latest that is over. Else the one that a date (`2026-11-22`), a week (`2026-W47`) or a
 * month (`2026-11`) names. Throws 'usage'.
 */
export function periodFor(length: PeriodLength, wanted: string, timeZone: string, now: Date): ReportPeriod {
  const today = wallClock(now, timeZone).date
  if (wanted === 'current') return periodOf(length, today, timeZone, now)
  if (wanted === 'last') return periodOf(length, dateBefore(firstDate(length, today)), timeZone, now)
  const period = periodOf(length, dateNamed(wanted), timeZone, now)
  if (period.from < now) return period
  throw new StewardError('usage', `${wanted} has not begun`, {
    hint: 'A report is about what was: name a day, week or month of the past, or current.',
  })
}

/** The one before, as far as `period` goes: of a day until 14:00 the day before until 14:00. */
export function previousPeriod(period: ReportPeriod): ReportPeriod {
  const { length, timeZone, date, isOver, from, to } = period
  const whole = periodOf(length, dateBefore(date), timeZone, from)
  if (isOver) return whole
  const cut = new Date(whole.from.getTime() + (to.getTime() - from.getTime()))
  return cut < whole.to ? { ...whole, to: cut, isOver: false } : whole
}

/** Those before, the latest first. */
export function periodsBefore(period: ReportPeriod, count: number): readonly ReportPeriod[] {
  const before: ReportPeriod[] = []
  let one = period
  while (before.length < count) {
    one = previousPeriod(one)
    before.push(one)
  }
  return before
}

/** Its local days, the last cut where the period is. */
export function daysOf({ date, timeZone, from, to }: ReportPeriod): readonly Window[] {
  const days: Window[] = []
  let next = date
  let begin = from
  while (begin < to) {
    next = dateAfter(next)
    const end = beginOfDay(next, timeZone)
    days.push({ from: begin, to: end < to ? end : to })
    begin = end
  }
  return days
}

function dateNamed(text: string): string {
  const week = /^(\d{4})-W(\d{2})$/.exec(text)
  const date =
    week !== null
      ? mondayOf(Number(week[1]), Number(week[2]))
      : /^\d{4}-\d{2}$/.test(text)
        ? `${text}-01`
        : text
  const moment = /^\d{4}-\d{2}-\d{2}$/.test(date ?? '') ? Date.parse(`${date}T00:00:00Z`) : Number.NaN
  // 2026-02-30 is read as the second of March
  if (date !== null && !Number.isNaN(moment) && dateOf(moment) === date) return date
  throw new StewardError('usage', `"${text}" is no day, week or month`, {
    hint: 'Such as 2026-11-22, 2026-W47, 2026-11, last or current.',
  })
}

/** Null: the year has no such week. */
function mondayOf(year: number, week: number): string | null {
  const first = firstDate('week', `${year}-01-04`)
  const monday = dateOf(Date.parse(`${first}T00:00:00Z`) + (week - 1) * 7 * DAY_MS)
  return weekOf(monday).week === week && weekOf(monday).year === year ? monday : null
}

/** ISO 8601: the year of a week is that of its Thursday. */
function weekOf(monday: string): { readonly year: number; readonly week: number } {
  const thursday = Date.parse(`${monday}T00:00:00Z`) + 3 * DAY_MS
  const year = new Date(thursday).getUTCFullYear()
  return { year, week: 1 + Math.floor((thursday - Date.UTC(year, 0, 1)) / (7 * DAY_MS)) }
}

function firstDate(length: PeriodLength, date: string): string {
  if (length === 'day') return date
  if (length === 'month') return `${date.slice(0, 7)}-01`
  const moment = Date.parse(`${date}T00:00:00Z`)
  return dateOf(moment - ((new Date(moment).getUTCDay() + 6) % 7) * DAY_MS)
}

function nextDate(length: PeriodLength, first: string): string {
  if (length === 'day') return dateAfter(first)
  const moment = new Date(`${first}T00:00:00Z`)
  if (length === 'week') return dateOf(moment.getTime() + 7 * DAY_MS)
  return dateOf(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + 1, 1))
}

/** Of the period that begins on a local date. */
export function periodName(length: PeriodLength, first: string): string {
  if (length === 'day') return first
  if (length === 'month') return first.slice(0, 7)
  const { year, week } = weekOf(first)
  return `${year}-W${String(week).padStart(2, '0')}`
}

function labelOf(length: PeriodLength, first: string): string {
  if (length === 'day') return dayWords(first)
  if (length === 'month') return dayWords(first).replace(/^\d+ /, '')
  const last = dateOf(Date.parse(`${first}T00:00:00Z`) + 6 * DAY_MS)
  const { year, week } = weekOf(first)
  const begin =
    first.slice(0, 7) === last.slice(0, 7)
      ? String(Number(first.slice(8)))
      : first.slice(0, 4) === last.slice(0, 4)
        ? dayWords(first).replace(/ \d{4}$/, '')
        : dayWords(first)
  return `Week ${week} of ${year}, ${begin} to ${dayWords(last)}`
}

function dayWords(date: string): string {
  const [year, month, day] = date.split('-').map(Number)
  return `${day} ${MONTHS[month! - 1]} ${year}`
}

function timeOf({ minute }: { readonly minute: number }): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

function dateBefore(date: string): string {
  return dateOf(Date.parse(`${date}T12:00:00Z`) - DAY_MS)
}

function dateAfter(date: string): string {
  return dateOf(Date.parse(`${date}T12:00:00Z`) + DAY_MS)
}
