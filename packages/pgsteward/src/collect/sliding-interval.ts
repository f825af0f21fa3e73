// Sums the increases of consecutive readings over a sliding window, so that a check sees minutes, not one tick.

import type { CounterFact, Interval } from '../model/fact.ts'
import type { Milliseconds } from '../model/units.ts'

export interface SlidingInterval<Row> {
  /** Adds the newest interval and returns the sum of all that end within the window. */
  readonly add: (latest: Interval<Row>) => Interval<Row>
}

/** Memory: the rows that moved within the window. */
export function slidingInterval<Row>(
  fact: Pick<CounterFact<Row>, 'counters' | 'keyOf'>,
  windowMs: Milliseconds,
): SlidingInterval<Row> {
  let kept: readonly Interval<Row>[] = []
  return {
    add: (latest) => {
      const oldest = latest.window.to.getTime() - windowMs
      kept = [...kept.filter((each) => each.window.from.getTime() >= oldest), latest]
      return sumIntervals(fact, kept)
    },
  }
}

/** Counters add up; every other column is the latest. Expects at least one interval, oldest first. */
export function sumIntervals<Row>(
  fact: Pick<CounterFact<Row>, 'counters' | 'keyOf'>,
  parts: readonly Interval<Row>[],
): Interval<Row> {
  const sums = new Map<string, Record<string, unknown>>()
  for (const part of parts) {
    for (const row of part.rows) {
      const key = fact.keyOf(row)
      const earlier = sums.get(key)
      const sum: Record<string, unknown> = { ...(row as object) }
      if (earlier !== undefined) {
        for (const name of fact.counters)
          if (sum[name] !== null) sum[name] = Number(sum[name]) + Number(earlier[name] ?? 0)
      }
      sums.set(key, sum)
    }
  }
  return {
    window: { from: parts[0]!.window.from, to: parts.at(-1)!.window.to },
    seconds: parts.reduce((total, part) => total + part.seconds, 0),
    rows: [...sums.values()] as unknown as Row[],
    breaks: parts.flatMap((part) => part.breaks),
  }
}
