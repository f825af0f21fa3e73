// Spells that come back every week at the local time of a place, such as Sunday from 02:00 to 04:00 in Berlin.

export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
export type Weekday = (typeof WEEKDAYS)[number]

export interface WeeklyWindow {
  /** On which it begins. */
  readonly days: readonly Weekday[]
  /** Minutes of the day. `to` at or before `from`: it ends on the day after. */
  readonly fromMinute: number
  readonly toMinute: number
  /** IANA name. */
  readonly timeZone: string
}

const DAY_MINUTES = 1_440

/**
 * By the wall clock of the place: where clocks are put back an hour is in it twice, and where they are put forward the skipped hour is
 * in nothing. Throws a RangeError for a zone that is not known.
 */
export function isWithin(window: WeeklyWindow, at: Date): boolean {
  const { day, minute } = wallClock(at, window.timeZone)
  const { days, fromMinute, toMinute } = window
  const beginsOn = (weekday: number) => days.includes(WEEKDAYS[(weekday + 7) % 7]!)
  if (fromMinute < toMinute) return beginsOn(day) && minute >= fromMinute && minute < toMinute
  return (beginsOn(day) && minute >= fromMinute) || (beginsOn(day - 1) && minute < toMinute)
}

/** Minutes of the day of `HH:MM`; 24:00 is the day's end. Null: it is no such time. */
export function minuteOfDay(text: string): number | null {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(text) ?? []
  const minute = Number(hours) * 60 + Number(minutes)
  return Number(minutes) < 60 && minute <= DAY_MINUTES ? minute : null
}

const formats = new Map<string, Intl.DateTimeFormat>()

export interface WallClock {
  /** 0: Sunday. */
  readonly day: number
  /** Of the day. */
  readonly minute: number
  /** `2026-11-23`. */
  readonly date: string
}

export function wallClock(at: Date, timeZone: string): WallClock {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
  formats.set(timeZone, format)
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]))
  return {
    day: WEEKDAYS.indexOf(parts.get('weekday')!.toLowerCase() as Weekday),
    minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
    date: `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`,
  }
}
