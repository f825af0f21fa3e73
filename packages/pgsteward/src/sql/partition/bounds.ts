// Bounds of range partitions, as pg_get_expr writes them with DateStyle ISO in UTC, and the step that they were made in.

import { type PartitionStep, TIME_STEPS } from '../../model/partition.ts'
import { isTimeType } from '../key-value.ts'
import { nextOf, startOf } from './ranges.ts'

/** Milliseconds since 1970 UTC of a time, else the number; null: without an end on this side, or of no moment (infinity). */
export interface RangeBounds {
  readonly from: bigint | null
  readonly to: bigint | null
}

/** Null: the default partition, or not a range of one column. */
export function boundsOf(bound: string | null, by: PartitionStep['by']): RangeBounds | null {
  const match = bound?.match(/^FOR VALUES FROM \(([^(),]+)\) TO \(([^(),]+)\)$/)
  return match == null ? null : { from: valueIn(match[1]!, by), to: valueIn(match[2]!, by) }
}

function valueIn(written: string, by: PartitionStep['by']): bigint | null {
  const text = written.replace(/^'(.*)'$/, '$1')
  if (by === 'number') return /^-?\d+$/.test(text) ? BigInt(text) : null
  const [date, time = '00:00:00'] = text.split(' ')
  const at = Date.parse(`${date}T${time.replace(/\+00$/, '')}Z`)
  return Number.isNaN(at) ? null : BigInt(Math.floor(at))
}

/** As PartitionStep has it. */
export function divisionOf(type: string): PartitionStep['by'] {
  return isTimeType(type) ? 'time' : 'number'
}

/** How many of the latest ranges have to be alike: one that was made by hand says nothing of the next. */
const ALIKE = 2

/** The step in which the latest were made; null: there is none that is known (midnight of another zone, hours, ranges of different lengths). */
export function stepOfBounds(bounds: readonly RangeBounds[], by: PartitionStep['by']): PartitionStep | null {
  const latest = bounds
    .flatMap(({ from, to }) => (from === null || to === null ? [] : [{ from, to }]))
    .toSorted((a, b) => (a.to < b.to ? 1 : -1))
    .slice(0, ALIKE)
  const [last] = latest
  if (last === undefined) return null
  const size = last.to - last.from
  const steps: readonly PartitionStep[] =
    by === 'time'
      ? TIME_STEPS.map((every) => ({ by: 'time', every }))
      : size <= BigInt(Number.MAX_SAFE_INTEGER)
        ? [{ by: 'number', size: Number(size) }]
        : []
  return (
    steps.find((step) =>
      latest.every(({ from, to }) => startOf(step, from) === from && nextOf(step, from) === to),
    ) ?? null
  )
}
