// Moments by the clock of a report's place, and titles of checks, as its tables show them.

import { ALL_CHECKS } from '../../checks/all.ts'
import { wallClock } from '../../stats/weekly-window.ts'

/** `2026-11-22 14:05` */
export function momentText(at: Date, timeZone: string): string {
  const { date, minute } = wallClock(at, timeZone)
  return `${date} ${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

const TITLES: ReadonlyMap<string, string> = new Map(ALL_CHECKS.map(({ id, title }) => [id, title]))

/** A rule of the configuration goes by its id. */
export function checkTitle(checkId: string): string {
  return TITLES.get(checkId) ?? checkId
}
