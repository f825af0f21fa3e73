// Something that is due once a day at the local time of a place.

import { wallClock } from './weekly-window.ts'

export interface DailyMoment {
  readonly minute: number
  /** IANA name. */
  readonly timeZone: string
}

const DAY_MINUTES = 1_440
const DAY_MS = 86_400_000

/**
 * The local day (`2026-11-23`) whose moment came at most `lateMs` ago; null: none is due. By the wall clock: where clocks are put forward
 * over the moment it is due when they are, and where they are put back the day is named twice, which its name tells.
 */
export function dueDay({ minute, timeZone }: DailyMoment, at: Date, lateMs: number): string | null {
  const clock = wallClock(at, timeZone)
  if (clock.minute >= minute) return (clock.minute - minute) * 60_000 <= lateMs ? clock.date : null
  const sinceYesterdaysMs = (clock.minute + DAY_MINUTES - minute) * 60_000
  return sinceYesterdaysMs <= lateMs ? dayBefore(clock.date) : null
}

function dayBefore(date: string): string {
  return new Date(Date.parse(`${date}T12:00:00Z`) - DAY_MS).toISOString().slice(0, 10)
}
