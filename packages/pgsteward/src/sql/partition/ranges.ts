// Where partitions begin and end. Calendar units begin at midnight UTC whatever the session's time zone, a week on Monday.

import type { PartitionStep, TimeStep } from '../../model/partition.ts'

export interface PartitionRange {
  /** What follows the table's name: `p2026_01`. */
  readonly suffix: string
  /** Literals of the key's type without quotes: from is part of the range, to is not. */
  readonly from: string
  readonly to: string
}

/** Smallest and largest value that is there; null: the table is empty. Times as milliseconds since 1970 UTC. */
export interface KeyExtent {
  readonly min: bigint
  readonly max: bigint
}

/** A plan with more takes seconds to be made; PostgreSQL's manual advises against thousands. */
export const MOST_PARTITIONS = 1_000

/** Ranges that cover the extent and now, and `ahead` more. Of a number: from its largest value on. Null: more than MOST_PARTITIONS. */
export function partitionRanges(
  step: PartitionStep,
  type: string,
  extent: KeyExtent | null,
  now: Date,
  ahead: number,
): readonly PartitionRange[] | null {
  const ranges: PartitionRange[] = []
  const nowMs = BigInt(now.getTime())
  const [first, last] =
    step.by === 'number'
      ? [extent?.min ?? 0n, extent?.max ?? 0n]
      : [smaller(extent?.min ?? nowMs, nowMs), larger(extent?.max ?? nowMs, nowMs)]
  let from = startOf(step, first)
  for (let left = ahead; ; ) {
    const to = nextOf(step, from)
    ranges.push({
      suffix: suffixOf(step, from),
      from: boundText(step, type, from),
      to: boundText(step, type, to),
    })
    if (ranges.length > MOST_PARTITIONS) return null
    if (to > last && left-- === 0) return ranges
    from = to
  }
}

/** The range that begins where `from` does, as `boundText` wrote it. */
export function rangeFrom(step: PartitionStep, type: string, from: bigint): PartitionRange {
  return {
    suffix: suffixOf(step, from),
    from: boundText(step, type, from),
    to: boundText(step, type, nextOf(step, from)),
  }
}

/** Beyond the last partition, which ends at `end`, until `ahead` of them lie beyond what is reached. */
export function missingRanges(
  step: PartitionStep,
  { end, type }: { readonly end: bigint; readonly type: string },
  reached: bigint,
  ahead: number,
): readonly PartitionRange[] {
  let last = startOf(step, reached)
  for (let left = ahead; left > 0; left--) last = nextOf(step, last)
  const ranges: PartitionRange[] = []
  for (let from = end; from <= last; from = nextOf(step, from)) ranges.push(rangeFrom(step, type, from))
  return ranges
}

export function startOf(step: PartitionStep, value: bigint): bigint {
  if (step.by === 'number') {
    const size = BigInt(step.size)
    const rest = value % size
    return value - (rest < 0n ? rest + size : rest)
  }
  const at = new Date(Number(value))
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()]
  // Sunday is 0
  const sinceMonday = (at.getUTCDay() + 6) % 7
  const starts: Readonly<Record<TimeStep, () => number>> = {
    day: () => Date.UTC(year, month, day),
    week: () => Date.UTC(year, month, day - sinceMonday),
    month: () => Date.UTC(year, month, 1),
    quarter: () => Date.UTC(year, month - (month % 3), 1),
    year: () => Date.UTC(year, 0, 1),
  }
  return BigInt(starts[step.every]())
}

export function nextOf(step: PartitionStep, start: bigint): bigint {
  if (step.by === 'number') return start + BigInt(step.size)
  const at = new Date(Number(start))
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()]
  const nexts: Readonly<Record<TimeStep, () => number>> = {
    day: () => Date.UTC(year, month, day + 1),
    week: () => Date.UTC(year, month, day + 7),
    month: () => Date.UTC(year, month + 1, 1),
    quarter: () => Date.UTC(year, month + 3, 1),
    year: () => Date.UTC(year + 1, 0, 1),
  }
  return BigInt(nexts[step.every]())
}

function suffixOf(step: PartitionStep, from: bigint): string {
  if (step.by === 'number') return from < 0n ? `pn${-from}` : `p${from}`
  const [year, month, day] = new Date(Number(from)).toISOString().slice(0, 10).split('-')
  const suffixes: Readonly<Record<TimeStep, string>> = {
    day: `p${year}_${month}_${day}`,
    week: `p${year}_${month}_${day}`,
    month: `p${year}_${month}`,
    quarter: `p${year}_q${(Number(month) + 2) / 3}`,
    year: `p${year}`,
  }
  return suffixes[step.every]
}

function boundText(step: PartitionStep, type: string, at: bigint): string {
  if (step.by === 'number') return String(at)
  const iso = new Date(Number(at)).toISOString()
  if (type === 'date') return iso.slice(0, 10)
  const moment = `${iso.slice(0, 10)} 00:00:00`
  return isTimeWithZone(type) ? `${moment}+00` : moment
}

function isTimeWithZone(type: string): boolean {
  return type.endsWith('with time zone') && !type.endsWith('without time zone')
}

const smaller = (a: bigint, b: bigint) => (a < b ? a : b)
const larger = (a: bigint, b: bigint) => (a > b ? a : b)
