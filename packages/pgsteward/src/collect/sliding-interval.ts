// Sums the increases of consecutive readings over a sliding window, so that a check sees minutes, not one tick.

import type { CounterFact, Interval } from '../model/fact.ts'
import type { Milliseconds } from '../model/units.ts'

export interface SlidingInterval<Row> {
  /** Adds the newest interval and returns the sum of all that begin within the window, and always the newest. */
  readonly add: (latest: Interval<Row>) => Interval<Row>
}

/** The window is kept in this many parts at most, whatever the cadence: 5,000 statements every 10 s stay bounded. */
const PARTS = 6

/** Memory: at most 7 times the rows that move; the window's old end moves on in steps of a sixth. */
export function slidingInterval<Row>(
  fact: Pick<CounterFact<Row>, 'counters' | 'keyOf'>,
  windowMs: Milliseconds,
): SlidingInterval<Row> {
  let kept: readonly Interval<Row>[] = []
  return {
    add: (latest) => {
      const oldest = latest.window.to.getTime() - windowMs
      // a clock set back leaves parts that seem to lie ahead: they are forgotten
      const current = kept.filter(
        ({ window }) => window.from.getTime() >= oldest && window.to <= latest.window.from,
      )
      const newest = current.at(-1)
      kept =
        newest !== undefined && spanMs(newest, latest) <= windowMs / PARTS
          ? [...current.slice(0, -1), sumIntervals(fact, [newest, latest])]
          : [...current, latest]
      return kept.length === 1 ? kept[0]! : sumIntervals(fact, kept)
    },
  }
}

function spanMs(first: Interval<unknown>, last: Interval<unknown>): Milliseconds {
  return last.window.to.getTime() - first.window.from.getTime()
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
        for (const name of fact.counters) {
          if (sum[name] !== null) sum[name] = Number(sum[name]) + Number(earlier[name] ?? 0)
        }
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
