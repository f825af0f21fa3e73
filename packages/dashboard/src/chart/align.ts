// Series as uPlot wants them: one time axis, one column a series.

import type { SeriesWire } from 'pgsteward/wire'

/** null is a gap and is drawn as one; undefined is a moment that only another series knows, and is passed over. */
export type Column = (number | null | undefined)[]

export interface Aligned {
  readonly times: number[]
  readonly columns: Column[]
}

type Point = SeriesWire['points'][number]

/** Much longer than the steps beside it: nobody read in between. Steps themselves may change, as older readings are thinned out. */
const GAP_FACTOR = 3
const LEAST_GAP_SECONDS = 45

/** Points with a null in each hole of the readings, so that no line is drawn over a time that nobody saw. */
export function withGaps(points: readonly Point[]): readonly Point[] {
  const step = (to: number) => {
    const [before, after] = [points[to - 1], points[to]]
    return before === undefined || after === undefined ? 0 : after[0] - before[0]
  }
  return points.flatMap((point, place): readonly Point[] => {
    const before = points[place - 1]
    const usual = Math.max(step(place - 1), step(place + 1))
    const isHole = usual > 0 && step(place) > Math.max(LEAST_GAP_SECONDS, usual * GAP_FACTOR)
    return isHole && before !== undefined ? [[before[0] + usual, null], point] : [point]
  })
}

export function align(series: readonly SeriesWire[]): Aligned {
  const lines = series.map(({ points }) => withGaps(points))
  const times = [...new Set(lines.flatMap((points) => points.map(([at]) => at)))].sort((a, b) => a - b)
  const place = new Map(times.map((at, index) => [at, index]))
  const columns = lines.map((points) => {
    const column: Column = new Array(times.length).fill(undefined)
    for (const [at, value] of points) column[place.get(at) ?? 0] = value
    return column
  })
  return { times, columns }
}

/** Each column on top of those before it; a gap in one is a gap in all above, since their sum is not known. */
export function stack(columns: readonly Column[]): Column[] {
  const sums: Column[] = []
  for (const column of columns) {
    const below = sums.at(-1)
    sums.push(
      column.map((value, index) => {
        const base = below === undefined ? 0 : below[index]
        if (value === null || base === null) return null
        return value === undefined || base === undefined ? undefined : base + value
      }),
    )
  }
  return sums
}

/** Least, greatest and last known value; null when there is none. */
export function summary(column: Column): { least: number; greatest: number; last: number } | null {
  let found: { least: number; greatest: number; last: number } | null = null
  for (const value of column) {
    if (value === null || value === undefined) continue
    found =
      found === null
        ? { least: value, greatest: value, last: value }
        : { least: Math.min(found.least, value), greatest: Math.max(found.greatest, value), last: value }
  }
  return found
}

/** Places of values with a gap, or nothing at all, on both sides. */
export function isolated(column: Column): number[] {
  const alone: number[] = []
  let run: number[] = []
  for (const [place, value] of [...column, null].entries()) {
    // undefined joins what stands around it
    if (value === undefined) continue
    if (value !== null) run.push(place)
    else {
      if (run.length === 1) alone.push(...run)
      run = []
    }
  }
  return alone
}

/** The series of one name together, in the order of their first appearance; `first` names come before others. */
export function byName(
  series: readonly SeriesWire[],
  first: readonly string[] = [],
): readonly (readonly [name: string, series: readonly SeriesWire[]])[] {
  const groups = new Map<string, SeriesWire[]>()
  for (const one of series) groups.set(one.name, [...(groups.get(one.name) ?? []), one])
  const rank = (name: string) => (first.includes(name) ? first.indexOf(name) : first.length)
  return [...groups].sort(([a], [b]) => rank(a) - rank(b))
}
