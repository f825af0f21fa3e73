// Whether maintenance may run at a moment, and until when.

import { isWithin, minuteOfDay } from '../../stats/weekly-window.ts'
import type { MaintenanceConfig } from './maintenance-config.ts'

export type WindowState =
  | { readonly isOpen: true; readonly until: Date }
  /** `opensAt` null: not within a fortnight. */
  | { readonly isOpen: false; readonly because: string; readonly opensAt: Date | null }

const MINUTE_MS = 60_000
/** A window of every day with no end is cut here: a statement needs some end. */
const LONGEST_MINUTES = 24 * 60
const FORTNIGHT_MINUTES = 14 * 24 * 60

/** By whole minutes of each window's own wall clock, so the changes of daylight saving are in it. */
export function windowState(config: Pick<MaintenanceConfig, 'windows' | 'blackouts'>, at: Date): WindowState {
  const blackout = blackoutAt(config, at)
  if (blackout === null && isInWindow(config, at)) return { isOpen: true, until: endOf(config, at) }
  const because = blackout === null ? 'outside the maintenance windows' : `blackout: ${blackout.because}`
  return { isOpen: false, because, opensAt: nextOpening(config, at) }
}

function endOf(config: Pick<MaintenanceConfig, 'windows' | 'blackouts'>, at: Date): Date {
  let end = startOfMinute(at)
  for (let minutes = 0; minutes < LONGEST_MINUTES; minutes += 1) {
    end = new Date(end.getTime() + MINUTE_MS)
    if (!isInWindow(config, end) || blackoutAt(config, end) !== null) break
  }
  const begins = config.blackouts.map(({ from }) => Date.parse(from)).filter((ms) => ms > at.getTime())
  return new Date(Math.min(end.getTime(), ...begins))
}

function nextOpening(config: Pick<MaintenanceConfig, 'windows' | 'blackouts'>, at: Date): Date | null {
  let moment = startOfMinute(at)
  for (let minutes = 0; minutes < FORTNIGHT_MINUTES; minutes += 1) {
    moment = new Date(moment.getTime() + MINUTE_MS)
    if (isInWindow(config, moment) && blackoutAt(config, moment) === null) return moment
  }
  return null
}

function startOfMinute(at: Date): Date {
  return new Date(Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS)
}

function isInWindow({ windows }: Pick<MaintenanceConfig, 'windows'>, at: Date): boolean {
  return windows.some(({ days, from, to, timeZone }) =>
    isWithin({ days, fromMinute: minuteOfDay(from)!, toMinute: minuteOfDay(to)! % 1_440, timeZone }, at),
  )
}

function blackoutAt({ blackouts }: Pick<MaintenanceConfig, 'blackouts'>, at: Date) {
  return (
    blackouts.find(({ from, to }) => Date.parse(from) <= at.getTime() && at.getTime() < Date.parse(to)) ??
    null
  )
}
