// How many bytes the indexes of each table, and all of them, took at the first and the last reading of a period.

import type { Series } from '../../model/fact.ts'
import type { Bytes, Milliseconds } from '../../model/units.ts'

/** Readings come every few minutes, or as hourly means: what begins or ends more apart from the others was made or dropped. */
const SAME_READING_MS: Milliseconds = 2 * 3_600_000

export interface TableGrowth {
  readonly table: string
  readonly bytes: Bytes
  readonly growthBytes: Bytes
}

export interface IndexGrowth {
  readonly bytes: Bytes
  readonly growthBytes: Bytes
  readonly from: Date
  readonly to: Date
  /** What grew most first. */
  readonly tables: readonly TableGrowth[]
}

/** Of the sizes of each table's indexes. A table that came counts whole, one that went is subtracted. Null: there is no reading. */
export function indexGrowth(sizes: readonly Series[]): IndexGrowth | null {
  const spans = sizes.flatMap(({ points, labels }) => {
    const [first, last] = [points[0], points.at(-1)]
    return first === undefined || last === undefined ? [] : [{ first, last, table: labels.key ?? '' }]
  })
  if (spans.length === 0) return null
  const from = Math.min(...spans.map(({ first }) => first[0].getTime()))
  const to = Math.max(...spans.map(({ last }) => last[0].getTime()))
  const tables = spans.map(({ first, last, table }) => {
    const before = first[0].getTime() - from <= SAME_READING_MS ? first[1] : 0
    const bytes = to - last[0].getTime() <= SAME_READING_MS ? last[1] : 0
    return { table, bytes, growthBytes: bytes - before }
  })
  const sum = (of: (each: TableGrowth) => Bytes) => tables.reduce((total, each) => total + of(each), 0)
  return {
    bytes: sum(({ bytes }) => bytes),
    growthBytes: sum(({ growthBytes }) => growthBytes),
    from: new Date(from),
    to: new Date(to),
    tables: tables.toSorted((a, b) => b.growthBytes - a.growthBytes || a.table.localeCompare(b.table)),
  }
}
