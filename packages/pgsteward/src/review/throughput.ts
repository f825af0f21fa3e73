// How fast a server reads, rewrites and indexes a table: what predictions of durations rest on. Intervals, since neither the target's
// disk nor its cache is known. `npm run bench review` measures them anew; docs/guides/review.md says on what they were measured.

import type { ReviewedWork, Span } from '../model/review.ts'

interface Rate {
  /** On a busy server with cloud storage and a cold cache. */
  readonly slow: number
  /** On a calm machine with the table in memory, somewhat better than measured. */
  readonly fast: number
}

/** Bytes a second: a whole table read, as a check or VALIDATE CONSTRAINT does. Cloud volumes begin at 125 MB/s. */
const SCAN: Rate = { slow: 100e6, fast: 2_000e6 }
/** Bytes of the table a second: read, computed, written to a new file and the WAL. */
const REWRITE: Rate = { slow: 25e6, fast: 400e6 }
/** Rows a second and index: read, sorted, written. */
const INDEX_ROWS: Rate = { slow: 100e3, fast: 3_000e3 }
/** Rows a second, with the upkeep of indexes in it. */
const UPDATE_ROWS: Rate = { slow: 10e3, fast: 400e3 }

export interface TableSize {
  readonly rows: number
  readonly sizeBytes: number
  /** Of the table: a rewrite makes each anew. */
  readonly indexes: number
}

/** What one work takes. Below a millisecond it is no work. */
export function spanOf(kind: ReviewedWork['kind'], { rows, sizeBytes, indexes }: TableSize): Span {
  const bytes = (rate: Rate) => span(sizeBytes, rate)
  const build = add(span(rows, INDEX_ROWS), bytes(SCAN))
  switch (kind) {
    case 'scan':
      return bytes(SCAN)
    case 'rewrite':
      return Array.from({ length: indexes }).reduce<Span>(
        (sum) => add(sum, span(rows, INDEX_ROWS)),
        bytes(REWRITE),
      )
    case 'index-build':
      return build
    case 'update':
      return span(rows, UPDATE_ROWS)
  }
}

export const NO_TIME: Span = { lowMs: 0, highMs: 0 }

export function add(one: Span, other: Span): Span {
  return { lowMs: one.lowMs + other.lowMs, highMs: one.highMs + other.highMs }
}

function span(amount: number, { slow, fast }: Rate): Span {
  return { lowMs: (amount / fast) * 1000, highMs: (amount / slow) * 1000 }
}
