// Key, step and retention of a table out of its statements and statistics, with the reasons told.

import type { PartitionDesign, PartitionStep } from '../../model/partition.ts'
import { isTimeType } from '../../sql/key-value.ts'
import { type KeyColumn, type WeighedKey, weighKeys } from '../../sql/partition/weigh-keys.ts'
import { LEAST_ROWS, MOST_ROWS, numberRanges, STEP_DAYS, timeRanges } from '../../stats/range-step.ts'
import type { PartitionGround } from './partition-ground.ts'

export interface DrawnDesign {
  readonly design: PartitionDesign | null
  readonly reasons: readonly string[]
  readonly keys: readonly WeighedKey[]
}

const DAY_MS = 86_400_000

export function drawDesign(ground: PartitionGround): DrawnDesign {
  const keys = weighKeys(ground)
  const [best] = keys
  if (best === undefined || best.refusedBecause !== null) {
    const why = keys.map(({ column, refusedBecause }) => `${column.name}: ${refusedBecause}`)
    return {
      design: null,
      reasons: ['No column is a time, or an integer that grows with the table, and can be the key.', ...why],
      keys,
    }
  }
  const kept = keptDays(ground, best)
  // three months have 92 days at most, which are not to become four
  const keepMonths = kept === null ? null : Math.max(1, Math.ceil(kept.days / STEP_DAYS.month - 0.05))
  const step = isTimeType(best.column.type)
    ? timeStep(ground, best.column, keepMonths)
    : numberStep(ground, best.column)
  return {
    design: {
      table: ground.table,
      key: { column: best.column.name, type: best.column.type },
      step: step.step,
      keepMonths,
    },
    reasons: [keyReason(best, keys), ...retentionReasons(kept, keepMonths), ...step.reasons],
    keys,
  }
}

interface Kept {
  readonly days: number
  readonly because: string
}

/**
 * The longest age by which rows are deleted: whatever is younger was meant to stay. Where that is a parameter, as pg_stat_statements
 * shows all of them, the oldest row that was left tells. Null: nothing is deleted by age.
 */
function keptDays({ statements }: PartitionGround, { column, deletes }: WeighedKey): Kept | null {
  if (deletes.length === 0) return null
  const [longest] = statements
    .filter(({ id }) => deletes.includes(id))
    .flatMap(({ id, ages }) =>
      ages
        .filter((each) => each.column === column.name && each.bound === 'upper')
        .map(({ days }) => ({ id, days })),
    )
    .toSorted((a, b) => b.days - a.days)
  if (longest !== undefined)
    return {
      days: longest.days,
      because: `Statement ${longest.id} deletes what is older than ${days(longest.days)}`,
    }
  const span = (column.buckets.at(-1)! - column.buckets[0]!) / DAY_MS
  return {
    days: span,
    because: `Statement ${deletes[0]} deletes by age in ${column.name}, by a parameter, and the oldest row that it left is ${days(span)} older than the newest`,
  }
}

/** How far back is asked, by the statements' time: half of it asks no further. Null: no statement tells. */
function askedDays({ statements }: PartitionGround, key: string): number | null {
  const asked = statements
    .flatMap(({ shareOfTime, ages }) =>
      ages
        .filter(({ column, bound }) => column === key && bound === 'lower')
        .map(({ days }) => ({ days, shareOfTime })),
    )
    .toSorted((a, b) => a.days - b.days)
  const half = asked.reduce((sum, { shareOfTime }) => sum + shareOfTime, 0) / 2
  let sum = 0
  for (const each of asked) {
    sum += each.shareOfTime
    if (sum >= half) return each.days
  }
  return null
}

interface Step {
  readonly step: PartitionStep
  readonly reasons: readonly string[]
}

function timeStep(ground: PartitionGround, { name, buckets }: KeyColumn, keepMonths: number | null): Step {
  const [first, last] = [buckets[0]!, buckets.at(-1)!]
  const spanDays = Math.max(1 / 24, (last - first) / DAY_MS)
  const asked = askedDays(ground, name)
  const { every, ranges, rowsInEach, by } = timeRanges({
    days: keepMonths === null ? spanDays : Math.min(spanDays, keepMonths * STEP_DAYS.month),
    rowsPerDay: lateRowsPerDay(ground.rows, buckets),
    askedDays: asked,
  })
  const over = keepMonths === null ? `the ${days(spanDays)} that are there` : 'what is kept'
  return {
    step: { by: 'time', every },
    reasons: [
      `A ${every} holds some ${amount(rowsInEach)} rows at the pace of late; ${aim()}. That makes about ${ranges} partitions over ${over}.`,
      ...(by === 'asked'
        ? [
            `Of the steps that fit, it is the longest within the ${days(asked!)} that most of the time is asked for.`,
          ]
        : []),
    ],
  }
}

/** Of the newest quarter of the rows: tables mostly grow faster than they did. */
function lateRowsPerDay(rows: number, buckets: readonly number[]): number {
  const from = buckets[Math.floor((buckets.length - 1) * 0.75)]!
  const share = (buckets.length - 1 - Math.floor((buckets.length - 1) * 0.75)) / (buckets.length - 1)
  const last = buckets.at(-1)!
  return (rows * share) / Math.max(1 / 24, (last - from) / DAY_MS)
}

function numberStep({ rows }: PartitionGround, { buckets }: KeyColumn): Step {
  const { size, ranges, rowsInEach } = numberRanges(rows, buckets[0]!, buckets.at(-1)!)
  return {
    step: { by: 'number', size },
    reasons: [
      `${size.toLocaleString('en-US')} values hold some ${amount(rowsInEach)} rows; ${aim()}. That makes about ${ranges} partitions.`,
    ],
  }
}

function keyReason(best: WeighedKey, keys: readonly WeighedKey[]): string {
  const { column, boundedShare, elsewhereShare } = best
  const others = keys.filter((each) => each !== best && each.refusedBecause === null)
  const beside =
    others.length === 0
      ? ''
      : ` Others do worse: ${others
          .slice(0, 3)
          .map(
            (each) =>
              `${each.column.name} (${percent(each.boundedShare)} and ${percent(each.elsewhereShare)})`,
          )
          .join(', ')}.`
  return `${column.name} is bounded by ${percent(boundedShare)} of the time of the table's statements, and ${percent(elsewhereShare)} look rows up by something else.${beside}`
}

function retentionReasons(kept: Kept | null, keepMonths: number | null): readonly string[] {
  if (kept === null) return []
  return [
    `${kept.because}: a partition is dropped instead, after ${keepMonths === 1 ? '1 month' : `${keepMonths} months`}; maintenance.partitions.keepMonths detaches it by then.`,
  ]
}

function aim(): string {
  return `${amount(LEAST_ROWS)} to ${amount(MOST_ROWS)} are aimed at`
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

function amount(rows: number): string {
  if (rows >= 1e6) return `${Number((rows / 1e6).toPrecision(2))} million`
  return Math.round(Number(rows.toPrecision(2))).toLocaleString('en-US')
}

function days(count: number): string {
  if (count < 1.5) return count < 1 ? `${Math.max(1, Math.round(count * 24))} hours` : '1 day'
  return `${Math.round(count).toLocaleString('en-US')} days`
}
