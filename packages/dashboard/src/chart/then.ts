// The same series of a day or a week before, laid over those of now.

import type { SeriesWire } from 'pgsteward/wire'
import { type Aligned, align, type Column, stack } from './align.ts'

/** Their points as many seconds later as they are to be compared with. */
export function broughtForward(series: readonly SeriesWire[], seconds: number): readonly SeriesWire[] {
  return series.map((one) => ({ ...one, points: one.points.map(([at, value]) => [at + seconds, value]) }))
}

/** As far as readings of then may lie from one of now to stand for the same moment: half of what lies between two of now. */
const REACH = 0.5
const USUAL_SECONDS = 30

export interface Compared extends Aligned {
  /** Of then: one for each series of now, or the one sum where those are stacked. */
  readonly past: readonly Column[]
}

/**
 * One time axis for both. A reading of then is put at the nearest of now within reach, so that a cursor finds both; where now has none
 * (before it was watched, or a gap) it keeps a time of its own.
 */
export function alignWithThen(
  now: readonly SeriesWire[],
  then: readonly SeriesWire[],
  isStacked: boolean,
): Compared {
  const present = align(now)
  const past = align(isStacked ? then : now.map((one) => sameAs(one, then)))
  const pastColumns = isStacked ? stack(past.columns).slice(-1) : past.columns
  const placed = past.times.map((at) => nearest(present.times, at))
  const times = [...new Set([...present.times, ...placed])].sort((a, b) => a - b)
  const place = new Map(times.map((at, index) => [at, index]))
  const spread = (from: readonly number[], column: Column) => {
    const wide: Column = new Array(times.length).fill(undefined)
    for (const [index, at] of from.entries())
      if (column[index] !== undefined) wide[place.get(at) ?? 0] = column[index]
    return wide
  }
  return {
    times,
    columns: present.columns.map((column) => spread(present.times, column)),
    past: pastColumns.map((column) => spread(placed, column)),
  }
}

function sameAs(one: SeriesWire, then: readonly SeriesWire[]): SeriesWire {
  const key = labelsKey(one)
  return then.find((each) => labelsKey(each) === key) ?? { ...one, points: [] }
}

function labelsKey({ labels }: SeriesWire): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The time of now that stands for a moment, or the moment itself. `times` in order. */
function nearest(times: readonly number[], at: number): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] ?? 0) < at) low = middle + 1
    else high = middle
  }
  const [before, after] = [times[low - 1], times[low]]
  const step = before !== undefined && after !== undefined ? after - before : USUAL_SECONDS
  const reach = Math.max(1, step * REACH)
  const near = [before, after]
    .filter((one): one is number => one !== undefined && Math.abs(one - at) <= reach)
    .sort((a, b) => Math.abs(a - at) - Math.abs(b - at))
  return near[0] ?? at
}

/** What a column says at a place, or at the nearest that it knows of: series of one chart may be read at different times. */
export function valueNear(column: Column, place: number): number | null | undefined {
  if (column[place] !== undefined) return column[place]
  for (let far = 1; far <= NEAR_PLACES; far += 1) {
    const value = column[place - far] ?? column[place + far]
    if (value !== undefined && value !== null) return value
  }
  return undefined
}

/** Beyond them it is another moment. */
const NEAR_PLACES = 3
