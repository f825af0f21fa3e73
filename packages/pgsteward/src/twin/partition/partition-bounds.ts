// The partitions of a design over the values that a key has: named and bounded as the migration makes them.

import type { PartitionDesign } from '../../model/partition.ts'
import { derivedName } from '../../sql/derived-name.ts'
import { nextOf, rangeFrom, startOf } from '../../sql/partition/ranges.ts'
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

/** Over all values from `lowest` to `highest`, some ranges ahead, and a default partition. Ordered, the default one last. */
export function partitionBounds(
  design: PartitionDesign,
  lowest: number,
  highest: number,
): readonly PartitionBounds[] {
  const { step, key, table } = design
  const starts: bigint[] = []
  let at = startOf(step, BigInt(Math.floor(lowest)))
  while (Number(at) <= highest && starts.length < MOST) {
    starts.push(at)
    at = nextOf(step, at)
  }
  for (let place = 0; place < AHEAD; place++) {
    starts.push(at)
    at = nextOf(step, at)
  }
  const ranges = starts.map((start): PartitionBounds => {
    const { suffix, from, to } = rangeFrom(step, key.type, start)
    return {
      name: derivedName(table.name, suffix),
      boundSql: `for values from (${literal(from)}) to (${literal(to)})`,
      range: { from: Number(start), to: Number(nextOf(step, start)) },
    }
  })
  return [...ranges, { name: derivedName(table.name, 'default'), boundSql: 'default', range: null }]
}
