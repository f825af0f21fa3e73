// What the next partition is called: as those beside it, so that whatever else makes partitions of this table finds it by the name it would give.

import type { RelationRef } from '../../model/maintenance.ts'
import type { PartitionStep } from '../../model/partition.ts'
import { derivedName } from '../derived-name.ts'
import type { PartitionRange } from './ranges.ts'

export interface NamedRange extends RelationRef {
  /** Milliseconds since 1970 UTC, or numbers. */
  readonly from: bigint | null
  readonly to: bigint | null
}

type Bounded = { readonly from: bigint; readonly to: bigint }

/** NAMEDATALEN - 1 */
const MOST_BYTES = 63

/** Of the latest two one way has to fit both; else `table_p2026_04`, as the migration names them. In the schema of the latest. */
export function partitionNamer(
  table: RelationRef,
  ranges: readonly NamedRange[],
  by: PartitionStep['by'],
): (range: PartitionRange) => RelationRef {
  const [last, before] = ranges
    .flatMap(({ schema, name, from, to }) =>
      from === null || to === null ? [] : [{ schema, name, from, to }],
    )
    .toSorted((a, b) => (a.to < b.to ? 1 : -1))
  const schema = last?.schema ?? table.schema
  const way = last === undefined || before === undefined ? null : wayOf(last, before, by)
  return (range) => {
    const name = way?.(boundedBy(range, by)) ?? ''
    const isUsable = name !== '' && Buffer.byteLength(name) <= MOST_BYTES
    return { schema, name: isUsable ? name : derivedName(table.name, range.suffix) }
  }
}

/** Null: none that is known fits both names. */
function wayOf(
  last: Bounded & { readonly name: string },
  before: Bounded & { readonly name: string },
  by: PartitionStep['by'],
): ((range: Bounded) => string) | null {
  for (const part of by === 'time' ? TIME_PARTS : NUMBER_PARTS) {
    const at = last.name.lastIndexOf(part(last))
    if (at === -1) continue
    const [head, tail] = [last.name.slice(0, at), last.name.slice(at + part(last).length)]
    if (before.name === `${head}${part(before)}${tail}`) return (range) => `${head}${part(range)}${tail}`
  }
  return null
}

/** The longest first: a month is part of a day. */
const TIME_PARTS: readonly ((range: Bounded) => string)[] = (
  [
    ({ y, m, d }) => `${y}_${m}_${d}`,
    ({ y, m, d }) => `${y}-${m}-${d}`,
    ({ y, m, d }) => `y${y}m${m}d${d}`,
    ({ y, m, d }) => `${y}${m}${d}`,
    ({ y, m }) => `${y}_${m}`,
    ({ y, m }) => `${y}-${m}`,
    ({ y, m }) => `y${y}m${m}`,
    ({ y, q }) => `${y}_q${q}`,
    ({ y, q }) => `${y}q${q}`,
    ({ y, m }) => `${y}${m}`,
    ({ y }) => y,
  ] satisfies ((parts: Record<'y' | 'm' | 'd' | 'q', string>) => string)[]
).map((part) => (range) => part(partsOf(range)))

function partsOf({ from }: Bounded): Record<'y' | 'm' | 'd' | 'q', string> {
  const [y, m, d] = new Date(Number(from)).toISOString().slice(0, 10).split('-') as [string, string, string]
  return { y, m, d, q: String(Math.ceil(Number(m) / 3)) }
}

/** By where it begins or ends, or counted from 0 or 1. */
const NUMBER_PARTS: readonly ((range: Bounded) => string)[] = [
  ({ from }) => String(from),
  ({ to }) => String(to),
  ({ from, to }) => String(from / (to - from)),
  ({ from, to }) => String(from / (to - from) + 1n),
]

function boundedBy({ from, to }: PartitionRange, by: PartitionStep['by']): Bounded {
  // bounds that we write are of a number, or of midnight UTC
  const value = (text: string) => (by === 'number' ? BigInt(text) : BigInt(Date.parse(text.slice(0, 10))))
  return { from: value(from), to: value(to) }
}
