// The step that a key's values suggest, in words.

import { isTimeType } from '../../sql/key-value.ts'
import type { ColumnAge } from '../../sql/parse/column-ages.ts'
import type { WeighedKey } from '../../sql/partition/weigh-keys.ts'
import { numberRanges, timeRanges } from '../../stats/range-step.ts'

const DAY_MS = 86_400_000

/** `a month: about 24 partitions of 1,200,000 rows`. */
export function stepOfKey(
  rows: number,
  { column, deletes }: WeighedKey,
  readers: readonly { readonly id: string; readonly ages: readonly ColumnAge[] }[],
): string {
  const { buckets } = column
  if (buckets.length < 2)
    return 'not known: the table was never analyzed, or the role may not read its statistics (pgsteward doctor)'
  const [first, last] = [buckets[0]!, buckets.at(-1)!]
  if (!isTimeType(column.type)) {
    const { size, ranges, rowsInEach } = numberRanges(rows, first, last)
    return `${count(size)} values: ${partitions(ranges, rowsInEach)}`
  }
  const spanDays = Math.max(1 / 24, (last - first) / DAY_MS)
  const kept = readers
    .filter(({ id }) => deletes.includes(id))
    .flatMap(({ ages }) => ages.filter((age) => age.column === column.name && age.bound === 'upper'))
    .map(({ days }) => days)
  const late = Math.floor((buckets.length - 1) * 0.75)
  const { every, ranges, rowsInEach } = timeRanges({
    days: Math.min(spanDays, ...(kept.length === 0 ? [] : [Math.max(...kept)])),
    rowsPerDay:
      (rows * (1 - late / (buckets.length - 1))) / Math.max(1 / 24, (last - buckets[late]!) / DAY_MS),
    askedDays: null,
  })
  return `a ${every}: ${partitions(ranges, rowsInEach)}`
}

function partitions(ranges: number, rowsInEach: number): string {
  return `about ${count(ranges)} partitions of ${count(Number(rowsInEach.toPrecision(2)))} rows`
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}
