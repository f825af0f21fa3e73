// Instants and what the clocks of a place show, over changes of daylight saving.

import { WEEKDAYS, type WeeklyWindow, wallClock } from './weekly-window.ts'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** `2026-11-23` and so many days more. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

/** Of the calendar. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS
}

/** 0: Sunday. */
export function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay()
}

/**
 * When clocks of the place show this date and minute of the day: the first time where they show it twice, and where they skip it as
 * much later as they were put forward (as RFC 5545 has it, section 3.3.5).
 */
export function instantOf(date: string, minute: number, timeZone: string): Date {
  const shown = Date.parse(`${date}T00:00:00Z`) + minute * MINUTE_MS
  const before = offsetMs(shown - DAY_MS, timeZone)
  const after = offsetMs(shown + DAY_MS, timeZone)
  const early = shown - before
  if (before === after || offsetMs(early, timeZone) === before) return new Date(early)
  const late = shown - after
  // neither holds: the clocks never show it, and time ran on by the offset from before
  return new Date(offsetMs(late, timeZone) === after ? late : early)
}

/** What clocks are ahead of UTC by. */
function offsetMs(at: number, timeZone: string): number {
  const { date, minute } = wallClock(new Date(at), timeZone)
  return Date.parse(`${date}T00:00:00Z`) + minute * MINUTE_MS - Math.floor(at / MINUTE_MS) * MINUTE_MS
}

export interface Spell {
  readonly from: Date
  /** Exclusive. */
  readonly until: Date
}

/**
 * The spells of a weekly window that touch `from` to `until`, in order. Each is one piece: it begins and ends when the clocks first show
 * its times, whatever they are put to in between.
 */
export function spellsOf(window: WeeklyWindow, { from, until }: Spell): readonly Spell[] {
  const { days, fromMinute, toMinute, timeZone } = window
  const spells: Spell[] = []
  const last = wallClock(until, timeZone).date
  // two days earlier: over a date line that moved, a spell is a day longer
  for (let date = addDays(wallClock(from, timeZone).date, -2); date <= last; date = addDays(date, 1)) {
    if (!days.includes(WEEKDAYS[weekdayOf(date)]!)) continue
    const begins = instantOf(date, fromMinute, timeZone)
    const endDate = toMinute <= fromMinute ? addDays(date, 1) : date
    const ends = instantOf(endDate, toMinute, timeZone)
    if (begins < until && ends > from && begins < ends) spells.push({ from: begins, until: ends })
  }
  return spells
}
