// When reports are due, and of which day, week or month they then are.

import type { ReportKind } from '../../model/report.ts'
import { minuteOfDay, WEEKDAYS, wallClock } from '../../stats/weekly-window.ts'
import { periodName } from './report-period.ts'

/** Those that come by themselves; load and release reports are about a run and a version. */
export const SCHEDULED_KINDS = [
  'daily',
  'weekly',
  'monthly',
  'index-health',
  'optimization',
] as const satisfies readonly ReportKind[]
export type ScheduledKind = (typeof SCHEDULED_KINDS)[number]

const LENGTHS = {
  daily: 'day',
  weekly: 'week',
  monthly: 'month',
  'index-health': 'week',
  optimization: 'month',
} as const satisfies Record<ScheduledKind, string>

export interface ReportMoment {
  readonly length: (typeof LENGTHS)[ScheduledKind]
  /** Minutes of the day. */
  readonly minute: number
  /** Of the week (1: Monday to 7: Sunday) or of the month (1 to 28); 0 for daily ones. */
  readonly day: number
}

/** `07:30`, `Mon 09:00` or `1 09:00`, as the kind wants it. Null: it is none. */
export function reportMoment(kind: ScheduledKind, text: string): ReportMoment | null {
  const length = LENGTHS[kind]
  const [, day = '', time = ''] = /^(?:(\w+) )?(\d{1,2}:\d{2})$/.exec(text) ?? []
  const minute = minuteOfDay(time)
  if (minute === null || minute >= DAY_MINUTES) return null
  const number = length === 'day' ? 0 : length === 'week' ? weekday(day) : monthday(day)
  return number === null || (length === 'day' && day !== '') ? null : { length, minute, day: number }
}

const DAY_MINUTES = 1_440
const DAY_MS = 86_400_000
/** A day that each month has. */
const LAST_MONTHDAY = 28

function weekday(text: string): number | null {
  const index = (WEEKDAYS as readonly string[]).indexOf(text.toLowerCase())
  return index === -1 ? null : index === 0 ? 7 : index
}

function monthday(text: string): number | null {
  const day = Number(text)
  return /^\d+$/.test(text) && day >= 1 && day <= LAST_MONTHDAY ? day : null
}

/**
 * The name (`2026-11-22`, `2026-W47`, `2026-11`) of the period whose report was due last: the one that was over when its moment came. So
 * after any outage one is due of each kind, the latest, and those between are left out.
 */
export function dueName({ length, minute, day }: ReportMoment, at: Date, timeZone: string): string {
  const clock = wallClock(at, timeZone)
  const today = Date.parse(clock.date)
  const isBefore = clock.minute < minute
  if (length === 'day') return dateOf(today - (isBefore ? 2 : 1) * DAY_MS)
  if (length === 'week') {
    const sinceMonday = (clock.day + 6) % 7
    const monday = today - sinceMonday * DAY_MS
    const isEarlier = sinceMonday < day - 1 || (sinceMonday === day - 1 && isBefore)
    return periodName('week', dateOf(monday - (isEarlier ? 14 : 7) * DAY_MS))
  }
  const date = new Date(today)
  const isEarlier = date.getUTCDate() < day || (date.getUTCDate() === day && isBefore)
  return dateOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - (isEarlier ? 2 : 1), 1)).slice(0, 7)
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

/** Of the latest period that is over. */
export function lastName(kind: ScheduledKind, at: Date, timeZone: string): string {
  const length = LENGTHS[kind]
  return dueName({ length, minute: 0, day: length === 'day' ? 0 : 1 }, at, timeZone)
}

const NAMES = { day: /^\d{4}-\d{2}-\d{2}$/, week: /^\d{4}-W\d{2}$/, month: /^\d{4}-\d{2}$/ } as const

export function isPeriodName(kind: ScheduledKind, name: string): boolean {
  return NAMES[LENGTHS[kind]].test(name)
}
