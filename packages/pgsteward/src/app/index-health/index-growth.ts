// How many bytes all indexes took at the first and the last reading of a period.

import type { Series } from '../../model/fact.ts'
import type { Bytes, Milliseconds } from '../../model/units.ts'

/** Readings come every few minutes, or as hourly means: what begins or ends more apart from the others was made or dropped. */
const SAME_READING_MS: Milliseconds = 2 * 3_600_000

export interface IndexGrowth {
  readonly bytes: Bytes
  readonly growthBytes: Bytes
  readonly from: Date
  readonly to: Date
}

/** Of the sizes of each table's indexes. A table that came counts whole, one that went is subtracted. Null: there is no reading. */
export function indexGrowth(sizes: readonly Series[]): IndexGrowth | null {
  const spans = sizes.flatMap(({ points }) => {
    const [first, last] = [points[0], points.at(-1)]
    return first === undefined || last === undefined ? [] : [{ first, last }]
  })
  if (spans.length === 0) return null
  const from = Math.min(...spans.map(({ first }) => first[0].getTime()))
  const to = Math.max(...spans.map(({ last }) => last[0].getTime()))
  let [before, after] = [0, 0]
  for (const { first, last } of spans) {
    if (first[0].getTime() - from <= SAME_READING_MS) before += first[1]
    if (to - last[0].getTime() <= SAME_READING_MS) after += last[1]
  }
  return { bytes: after, growthBytes: after - before, from: new Date(from), to: new Date(to) }
}
