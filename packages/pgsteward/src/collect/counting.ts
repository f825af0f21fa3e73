// What is remembered of each counter fact between rounds: its last reading, and the increases of the window.

import type { CounterFact, Epoch, Interval } from '../model/fact.ts'
import type { ServerInfo } from '../model/server-info.ts'
import type { Milliseconds } from '../model/units.ts'
import { type CumulativeReading, diff } from './diff.ts'
import { type SlidingInterval, slidingInterval } from './sliding-interval.ts'

interface Remembered {
  previous: CumulativeReading<unknown> | null
  readonly sliding: SlidingInterval<unknown>
}

/** Readings that several targets share are keyed once, and compared once with the one before. */
const keyedRows = new WeakMap<readonly unknown[], ReadonlyMap<string, unknown>>()
const compared = new WeakMap<
  ReadonlyMap<string, unknown>,
  { readonly before: ReadonlyMap<string, unknown>; readonly interval: Interval<unknown> }
>()

export class Counting {
  readonly #intervalMs: Milliseconds
  readonly #facts = new Map<string, Remembered>()

  constructor(intervalMs: Milliseconds) {
    this.#intervalMs = intervalMs
  }

  /** The increase since the reading before; null for a fact's first, which says nothing yet. */
  increase<Row>(
    fact: CounterFact<Row>,
    rows: readonly Row[],
    epoch: Epoch | null,
    server: ServerInfo,
    at: Date,
  ): Interval<Row> | null {
    const remembered = this.#of(fact)
    const before = remembered.previous as CumulativeReading<Row> | null
    const after = { at, rows: keyed(fact, rows), server, epoch }
    remembered.previous = after
    if (before === null) return null
    // the same two readings were taken of one server in one role, so that all else that is compared is the same too
    const known = compared.get(after.rows)
    if (known?.before === before.rows) return known.interval as Interval<Row>
    const interval = diff(fact, before, after)
    compared.set(after.rows, { before: before.rows, interval })
    return interval
  }

  /** The sum of the window, the newest included. */
  add<Row>(fact: CounterFact<Row>, latest: Interval<Row>): Interval<Row> {
    return this.#of(fact).sliding.add(latest) as Interval<Row>
  }

  #of<Row>(fact: CounterFact<Row>): Remembered {
    let remembered = this.#facts.get(fact.id)
    if (remembered === undefined) {
      remembered = {
        previous: null,
        sliding: slidingInterval(fact, this.#intervalMs) as SlidingInterval<unknown>,
      }
      this.#facts.set(fact.id, remembered)
    }
    return remembered
  }
}

function keyed<Row>(fact: CounterFact<Row>, rows: readonly Row[]): ReadonlyMap<string, Row> {
  const known = keyedRows.get(rows) as ReadonlyMap<string, Row> | undefined
  if (known !== undefined) return known
  const made = new Map(rows.map((row) => [fact.keyOf(row), row]))
  keyedRows.set(rows, made)
  return made
}
