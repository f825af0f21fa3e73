// The spans that a release report compares: as long after a deployment as before it, and the same hours of the weeks before.

import type { TargetEvent } from '../../model/plan.ts'
import type { Milliseconds, Window } from '../../model/units.ts'

export interface Release {
  readonly event: TargetEvent
  /** Null: less than an hour is between deployments, or since it. */
  readonly windows: ReleaseWindows | null
}

export interface ReleaseWindows {
  readonly before: Window
  readonly after: Window
  /** The hours of `after`, one, two ... weeks earlier. */
  readonly weeksBefore: readonly Window[]
  /** What ended `after` before a week was over; null: nothing did. */
  readonly endedBy: string | null
}

const HOUR_MS: Milliseconds = 3_600_000
const DAY_MS: Milliseconds = 24 * HOUR_MS
const WEEK_MS: Milliseconds = 7 * DAY_MS
const LONGEST_MS = WEEK_MS
const WEEKS = 4

/** `events`: deployments in any order. `version`: as in `version 1.4.0 to 1.5.0`; absent: the latest. Null: there is none. */
export function releaseOf(
  events: readonly TargetEvent[],
  version: string | undefined,
  now: Date,
): Release | null {
  const deployments = events
    .filter(({ kind, at }) => kind === 'deployment' && at <= now)
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
  const event = deployments.findLast(({ detail }) => version === undefined || isTo(detail, version))
  if (event === undefined) return null
  const others = deployments
    .filter(({ at }) => at.getTime() !== event.at.getTime())
    .map(({ at }) => at.getTime())
  const next = Math.min(...others.filter((at) => at > event.at.getTime()))
  const previous = Math.max(...others.filter((at) => at < event.at.getTime()))
  return { event, windows: windowsAround(event.at.getTime(), previous, next, now.getTime()) }
}

function windowsAround(at: number, previous: number, next: number, now: number): ReleaseWindows | null {
  // sums are kept by hours: the one in which it was deployed belongs to neither side
  const [end, begin] = [Math.floor(at / HOUR_MS) * HOUR_MS, Math.ceil(at / HOUR_MS) * HOUR_MS]
  const until = Math.min(next, now, begin + LONGEST_MS)
  const possible = Math.min(until - begin, end - previous, LONGEST_MS)
  // whole days where there are some: nights against nights
  const unit = possible >= DAY_MS ? DAY_MS : HOUR_MS
  const length = Math.floor(possible / unit) * unit
  if (length < HOUR_MS) return null
  const window = (from: number) => ({ from: new Date(from), to: new Date(from + length) })
  return {
    before: window(end - length),
    after: window(begin),
    weeksBefore: Array.from({ length: WEEKS }, (_, week) => window(begin - (week + 1) * WEEK_MS)),
    endedBy: until === next ? 'the next deployment' : until === now ? 'now' : null,
  }
}

function isTo(detail: string, version: string): boolean {
  return detail.endsWith(` to ${version}`) || detail === `version ${version}`
}
