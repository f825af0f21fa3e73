// From the points of a series to lines that an SVG draws: gaps stay gaps, and no more points than pixels can show.

import type { ReportChart } from '../../model/report.ts'

type Series = ReportChart['series'][number]

/** Milliseconds of the epoch and value. */
export type Point = readonly [at: number, value: number]

/** Runs of neighbouring known points within the spell, in the order of time. */
export function runsOf({ points }: Series, from: number, to: number): readonly (readonly Point[])[] {
  const runs: Point[][] = []
  let run: Point[] | null = null
  for (const [moment, value] of points) {
    const at = Date.parse(moment)
    if (value === null) run = null
    else if (at >= from && at <= to) {
      if (run === null) {
        run = []
        runs.push(run)
      }
      run.push([at, value])
    }
  }
  return runs
}

/** At most about two points a pixel, the least and the greatest of each, so that no peak is lost. */
export function thinned(run: readonly Point[], msPerPixel: number): readonly Point[] {
  if (run.length < 3 || (run.at(-1)![0] - run[0]![0]) / msPerPixel > run.length / 2) return run
  const kept: Point[] = []
  for (const within of Map.groupBy(run, ([at]) => Math.floor(at / msPerPixel)).values()) {
    const least = within.reduce((best, each) => (each[1] < best[1] ? each : best))
    const greatest = within.reduce((best, each) => (each[1] > best[1] ? each : best))
    if (least === greatest) kept.push(least)
    else kept.push(...(least[0] < greatest[0] ? [least, greatest] : [greatest, least]))
  }
  return kept
}

/** Positions moved apart to at least `apart`, in the order given by their wishes, within the bounds where there is room. */
export function spread(
  wishes: readonly number[],
  apart: number,
  least: number,
  greatest: number,
): readonly number[] {
  const order = wishes.map((_, index) => index).toSorted((a, b) => wishes[a]! - wishes[b]!)
  const places = [...wishes]
  let next = least
  for (const index of order) {
    places[index] = Math.max(next, wishes[index]!)
    next = places[index]! + apart
  }
  let bound = greatest
  for (const index of order.toReversed()) {
    places[index] = Math.min(bound, places[index]!)
    bound = places[index]! - apart
  }
  return places
}
