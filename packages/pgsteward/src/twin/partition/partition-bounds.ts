// The partitions of a design over the values that a key has: their names and the SQL of their bounds.

import type { PartitionDesign, TimeStep } from '../../model/partition.ts'
import { keyText } from '../../sql/key-value.ts'
import { literal } from '../../sql/quote.ts'

export interface PartitionBounds {
  readonly name: string
  /** `for values from ('2026-01-01') to ('2026-02-01')`, or `default`. */
  readonly boundSql: string
  /** Milliseconds since 1970, or the number itself; the end excluded. Null: the default partition. */
  readonly range: { readonly from: number; readonly to: number } | null
}

/** Made in advance, so that no insert meets the default partition. */
const AHEAD = 3
/** So that values far off (a year 9999 that means never) don't make thousands: they belong to the default partition. */
const MOST = 400
const DAY_MS = 86_400_000
const LONGEST_NAME = 63

/** Over all values from `lowest` to `highest`, some ranges ahead, and a default partition. Ordered, the default one last. */
export function partitionBounds(
  design: PartitionDesign,
  lowest: number,
  highest: number,
): readonly PartitionBounds[] {
  const { step, key, table } = design
  const next = (at: number) => (step.by === 'number' ? at + step.size : nextOf(step.every, at))
  const starts: number[] = []
  let at = step.by === 'number' ? Math.floor(lowest / step.size) * step.size : startOf(step.every, lowest)
  while (at <= highest && starts.length < MOST) {
    starts.push(at)
    at = next(at)
  }
  for (let place = 0; place < AHEAD; place++) {
    starts.push(at)
    at = next(at)
  }
  const ranges = starts.map((from): PartitionBounds => {
    const to = next(from)
    const [fromText, toText] = [keyText(key.type, from), keyText(key.type, to)]
    const suffix = `_p${step.by === 'number' ? fromText : fromText.slice(0, 10).replaceAll('-', '')}`
    return {
      name: named(table.name, suffix),
      boundSql: `for values from (${literal(fromText)}) to (${literal(toText)})`,
      range: { from, to },
    }
  })
  return [...ranges, { name: named(table.name, '_default'), boundSql: 'default', range: null }]
}

/** Cut by characters: names beyond ASCII may become shorter than they could be, never longer than 63 bytes. */
export function named(table: string, suffix: string): string {
  let stem = table
  while (Buffer.byteLength(stem + suffix) > LONGEST_NAME) stem = [...stem].slice(0, -1).join('')
  return stem + suffix
}

function startOf(every: TimeStep, ms: number): number {
  const at = new Date(ms)
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()]
  switch (every) {
    case 'day':
      return Math.floor(ms / DAY_MS) * DAY_MS
    case 'week':
      // 1970 began on a Thursday
      return Math.floor((ms / DAY_MS + 3) / 7) * 7 * DAY_MS - 3 * DAY_MS
    case 'month':
      return Date.UTC(year, month)
    case 'quarter':
      return Date.UTC(year, Math.floor(month / 3) * 3)
    case 'year':
      return Date.UTC(year, 0)
  }
}

function nextOf(every: TimeStep, ms: number): number {
  const at = new Date(ms)
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()]
  switch (every) {
    case 'day':
      return ms + DAY_MS
    case 'week':
      return ms + 7 * DAY_MS
    case 'month':
      return Date.UTC(year, month + 1)
    case 'quarter':
      return Date.UTC(year, month + 3)
    case 'year':
      return Date.UTC(year + 1, 0)
  }
}
