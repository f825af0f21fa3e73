// Buckets of time: how an instant falls into hours, days and weeks, and how a window is put together from as few buckets as possible.

import type { Window } from '../model/units.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** Multiples of one another, counted from the epoch in UTC; largest first. A table each. */
export const GRAINS = [
  { table: 'statement_week', ms: 7 * DAY_MS },
  { table: 'statement_day', ms: DAY_MS },
  { table: 'statement_6h', ms: 6 * HOUR_MS },
  { table: 'statement_hour', ms: HOUR_MS },
] as const

export type GrainTable = (typeof GRAINS)[number]['table']

/**
 * A long window begins and ends at the nearest full bucket, the coarser the longer it is: then a week is some dozen buckets instead of
 * a hundred, and needs neither readings nor hours that retention has dropped. Beyond half a day it is off by a fiftieth at most.
 */
const ALIGNED_TO = [
  { fromMs: 28 * DAY_MS, toMs: DAY_MS },
  { fromMs: 7 * DAY_MS, toMs: 6 * HOUR_MS },
  // up to here windows are exact
  { fromMs: 6 * HOUR_MS + 1, toMs: HOUR_MS },
] as const

export interface Cover {
  /** Starts of whole buckets. */
  readonly buckets: readonly { readonly table: GrainTable; readonly starts: readonly Date[] }[]
  /** What is left for the rows at full grain; `from` exclusive. */
  readonly raw: readonly Window[]
}

/** The window that statement figures over `window` really are about; rates divide by this one's length. */
export function alignedWindow(window: Window, foldedUntil: Date | null): Window {
  const lengthMs = window.to.getTime() - window.from.getTime()
  const grainMs = ALIGNED_TO.find(({ fromMs }) => lengthMs >= fromMs)?.toMs
  if (grainMs === undefined) return window
  const nearest = (at: Date) => new Date(Math.round(at.getTime() / grainMs) * grainMs)
  // up to now the buckets hold no more than is asked for
  const isUpToNow = foldedUntil === null || window.to >= foldedUntil
  return { from: nearest(window.from), to: isUpToNow ? window.to : nearest(window.to) }
}

/**
 * A bucket holds the intervals that end within (start, start + length]. A bucket that is still being filled counts as whole when the
 * window reaches past everything folded into it.
 */
export function cover(asked: Window, foldedUntil: Date | null): Cover {
  const window = alignedWindow(asked, foldedUntil)
  if (foldedUntil === null) return { buckets: [], raw: [window] }
  const [from, to, folded] = [window.from.getTime(), window.to.getTime(), foldedUntil.getTime()]
  const starts = new Map<GrainTable, Date[]>()
  const firstHour = Math.ceil(from / HOUR_MS) * HOUR_MS
  let at = firstHour
  while (at < Math.min(to, folded)) {
    const grain = GRAINS.find(({ ms }) => at % ms === 0 && (at + ms <= to || to >= folded))
    if (grain === undefined) break
    starts.set(grain.table, [...(starts.get(grain.table) ?? []), new Date(at)])
    at += grain.ms
  }
  const raw: Window[] = []
  const add = (start: number, end: number) => {
    if (end > start) raw.push({ from: new Date(start), to: new Date(end) })
  }
  if (at === firstHour) add(from, to)
  else {
    add(from, Math.min(firstHour, to))
    add(to >= folded ? folded : at, to)
  }
  return { buckets: [...starts].map(([table, dates]) => ({ table, starts: dates })), raw }
}
