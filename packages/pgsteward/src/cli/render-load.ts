// The line that a load run keeps overwriting while it goes on.

import type { RunMoment } from '../model/load-run.ts'
import { formatDuration } from '../report/format.ts'

export interface LoadProgress {
  /** Null: not known. */
  readonly plannedMs: number | null
  readonly warmUpMs: number
  /** So far. */
  readonly errors: number
}

/** `smoke · 1:12 left · 48.0/s of 50.0/s · p95 34 ms · no errors` */
export function loadProgressLine(
  name: string,
  moment: RunMoment,
  { plannedMs, warmUpMs, errors }: LoadProgress,
): string {
  const endMs = moment.atMs + 1000
  const left = plannedMs === null ? null : Math.max(0, plannedMs - endMs)
  const rate = `${perSecond(moment.requestsPerSecond)} requests`
  const parts = [
    name,
    endMs <= warmUpMs ? 'warming up' : null,
    left === null ? null : `${clock(left)} left`,
    moment.offeredPerSecond === null ? null : `${perSecond(moment.offeredPerSecond)} arrivals`,
    moment.users === null ? null : `${moment.users} ${moment.users === 1 ? 'user' : 'users'}`,
    rate,
    moment.p95Ms === null ? null : `p95 ${formatDuration(moment.p95Ms)}`,
    errors === 0 ? 'no errors' : `${errors} ${errors === 1 ? 'error' : 'errors'}`,
  ]
  return parts.filter((part) => part !== null).join(' · ')
}

function clock(ms: number): string {
  const seconds = Math.ceil(ms / 1000)
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const two = (value: number) => String(value).padStart(2, '0')
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(seconds % 60)}`
    : `${Math.floor(seconds / 60)}:${two(seconds % 60)}`
}

function perSecond(rate: number): string {
  return `${rate >= 100 ? Math.round(rate).toLocaleString('en-US') : rate.toFixed(1)}/s`
}
