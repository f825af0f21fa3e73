// How long the partitions of a table last: from now, or from the last number, to the end of the latest one.

import type { PartitionRow, RangePartitionsRow } from '../../facts/range-partitions.ts'
import type { PartitionStep } from '../../model/partition.ts'
import type { Milliseconds } from '../../model/units.ts'
import { boundsOf, divisionOf, stepOfBounds } from '../../sql/partition/bounds.ts'

const DAY_MS: Milliseconds = 86_400_000

export interface Outlook {
  readonly by: PartitionStep['by']
  /** Of those with an end, the one that ends the latest. */
  readonly newest: PartitionRow
  /** Milliseconds since 1970 UTC, or a number: where it ends, and how long it is (null: it has no beginning). */
  readonly end: bigint
  readonly size: bigint | null
  /** Null: the latest were not made in a step that is known. */
  readonly step: PartitionStep | null
  /** Now, or the last number that was given; null: not known. */
  readonly reached: bigint | null
  /** Of its length: how much of it is left. Below 0: it has ended. Null: not known. */
  readonly leftShare: number | null
  /** Until it ends, and how long one lasts; null: not known, since nobody knows how fast the numbers grow. */
  readonly leftMs: Milliseconds | null
  readonly lastsMs: Milliseconds | null
}

/** `perDay`: numbers that the key uses up in a day; null: not known. Null: one goes on without an end, or there are none but the default. */
export function outlookOf(
  { key, partitions, lastValue }: RangePartitionsRow,
  perDay: number | null,
  now: Date,
): Outlook | null {
  const by = divisionOf(key.type)
  const ranges = partitions.flatMap((partition) => {
    const bounds = partition.isDetaching ? null : boundsOf(partition.bound, by)
    return bounds === null ? [] : [{ partition, ...bounds }]
  })
  const [latest] = ranges.toSorted((a, b) => descending(a.to, b.to))
  if (latest === undefined || latest.to === null) return null
  const { partition: newest, from, to: end } = latest
  const size = from === null ? null : end - from
  const reached = by === 'time' ? BigInt(now.getTime()) : lastValue === null ? null : BigInt(lastValue)
  const left = reached === null ? null : Number(end - reached)
  const toMs = (length: number | null): Milliseconds | null => {
    if (length === null || by === 'time') return length
    return perDay === null || perDay <= 0 ? null : (length / perDay) * DAY_MS
  }
  return {
    by,
    newest,
    end,
    size,
    step: stepOfBounds(ranges, by),
    reached,
    leftShare: left === null || size === null ? null : left / Number(size),
    leftMs: toMs(left),
    lastsMs: toMs(size === null ? null : Number(size)),
  }
}

/** One without an end is the latest. */
function descending(a: bigint | null, b: bigint | null): number {
  if (a === b) return 0
  return a === null || (b !== null && a > b) ? -1 : 1
}

export function defaultPartitionOf({ partitions }: RangePartitionsRow): PartitionRow | null {
  return partitions.find(({ bound }) => bound === 'DEFAULT') ?? null
}
