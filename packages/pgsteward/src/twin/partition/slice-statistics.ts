// Statistics of one partition, derived from those of the whole table: the share of the rows that falls into its range, and what ANALYZE
// would say of each column there. What PostgreSQL's histograms don't tell is taken to be spread evenly.

import { keyNumber, keyText } from '../../sql/key-value.ts'
import type { ColumnStatistics } from '../statistics/statistics-file.ts'

/** A column's values as numbers, in the two ways in which pg_stats tells of them. */
interface KeyValues {
  /** `frequency` of all rows. */
  readonly common: readonly { readonly at: number; readonly frequency: number }[]
  /** Ends of equally filled buckets; the outermost are the column's real ends where they are known. */
  readonly buckets: readonly number[]
  /** Of all rows: in buckets. */
  readonly bucketShare: number
}

/** Null: no statistics, or values that are no numbers (infinity). */
export function keyValues(statistics: ColumnStatistics | undefined, type: string): KeyValues | null {
  if (statistics === undefined) return null
  const numbers = (texts: readonly string[]) => texts.map((text) => keyNumber(type, text))
  const common = numbers(statistics.mostCommonValues ?? [])
  const ends = [statistics.lowest, statistics.highest].map((text) =>
    text === null ? null : keyNumber(type, text),
  )
  const buckets = numbers(statistics.histogram ?? [])
  if ([...common, ...buckets].some((each) => each === null)) return null
  const known = buckets as number[]
  if (known.length > 1) {
    known[0] = Math.min(known[0]!, ends[0] ?? Infinity)
    known[known.length - 1] = Math.max(known.at(-1)!, ends[1] ?? -Infinity)
  }
  const frequencies = statistics.mostCommonFrequencies ?? []
  const listed = frequencies.reduce((sum, each) => sum + each, 0)
  if (common.length === 0 && known.length < 2) return null
  return {
    common: common.map((at, place) => ({ at: at!, frequency: frequencies[place]! })),
    buckets: known,
    bucketShare: known.length < 2 ? 0 : Math.max(0, 1 - listed - statistics.nullFraction),
  }
}

export function endsOfValues({ common, buckets }: KeyValues): { lowest: number; highest: number } {
  const all = [...common.map(({ at }) => at), ...buckets.slice(0, 1), ...buckets.slice(-1)]
  return { lowest: Math.min(...all), highest: Math.max(...all) }
}

/** Share of the rows in buckets that are below a value, by interpolation within its bucket. */
export function bucketsBelow(buckets: readonly number[], value: number): number {
  if (buckets.length < 2 || value <= buckets[0]!) return 0
  if (value >= buckets.at(-1)!) return 1
  // the last bucket that begins at or below it: of equal ends the upper
  const place = buckets.findLastIndex((each) => each <= value)
  const [from, to] = [buckets[place]!, buckets[place + 1]!]
  return (place + (value - from) / (to - from)) / (buckets.length - 1)
}

export function bucketsAt(buckets: readonly number[], share: number): number {
  const exact = Math.min(1, Math.max(0, share)) * (buckets.length - 1)
  const place = Math.min(buckets.length - 2, Math.floor(exact))
  return buckets[place]! + (buckets[place + 1]! - buckets[place]!) * (exact - place)
}

export interface Range {
  readonly from: number
  readonly to: number
}

/** Of all rows. */
export function shareWithin({ common, buckets, bucketShare }: KeyValues, { from, to }: Range): number {
  const listed = common.reduce((sum, { at, frequency }) => sum + (at >= from && at < to ? frequency : 0), 0)
  return listed + bucketShare * (bucketsBelow(buckets, to) - bucketsBelow(buckets, from))
}

/** What a range cuts out of a table. */
export interface Slice extends Range {
  /** Of the table's rows; more than none. */
  readonly share: number
  /** Of the key's order: where the range begins and ends, 0 to 1. */
  readonly order: readonly [from: number, to: number]
  readonly tableRows: number
}

/** The key's own statistics within the range. */
export function sliceKey(
  statistics: ColumnStatistics,
  type: string,
  values: KeyValues,
  slice: Slice,
): ColumnStatistics {
  const inside = (at: number) => at >= slice.from && at < slice.to
  const common = values.common.filter(({ at }) => inside(at))
  const quantiles = [slice.from, slice.to].map((at) => bucketsBelow(values.buckets, at)) as [number, number]
  const histogram = cutBuckets(values.buckets, quantiles).map((at) =>
    keyText(type, Math.min(Math.max(at, slice.from), lastOf(type, slice))),
  )
  const cut = {
    ...statistics,
    nullFraction: 0,
    distinct: statistics.distinct < 0 ? statistics.distinct : Math.max(1, statistics.distinct * slice.share),
    mostCommonValues: common.length === 0 ? null : common.map(({ at }) => keyText(type, at)),
    mostCommonFrequencies:
      common.length === 0 ? null : common.map(({ frequency }) => frequency / slice.share),
    histogram: histogram.length < 2 ? null : histogram,
  }
  const ends = endsOfValues({
    common,
    buckets: histogram.map((text) => keyNumber(type, text)!),
    bucketShare: 0,
  })
  return Number.isFinite(ends.lowest)
    ? { ...cut, lowest: keyText(type, ends.lowest), highest: keyText(type, ends.highest) }
    : { ...cut, lowest: null, highest: null }
}

/** The end itself belongs to the next partition. */
function lastOf(type: string, { to }: Slice): number {
  return type === 'date' ? to - 86_400_000 : to - 1
}

/** Grows (or falls) with the key, so that a partition holds a part of its values too: an id beside the time of creation. */
const GROWS_WITH_KEY = 0.9

/** Another column's statistics within the range. */
export function sliceColumn(
  statistics: ColumnStatistics,
  type: string,
  keyCorrelation: number,
  slice: Slice,
): ColumnStatistics {
  const { correlation, mostCommonValues } = statistics
  const values = mostCommonValues === null ? keyValues(statistics, type) : null
  const growsWithKey =
    values !== null &&
    values.buckets.length > 1 &&
    Math.abs(correlation ?? 0) > GROWS_WITH_KEY &&
    Math.abs(keyCorrelation) > GROWS_WITH_KEY
  if (!growsWithKey)
    return {
      ...statistics,
      lowest: null,
      highest: null,
      distinct: distinctWithin(statistics.distinct, slice),
    }
  const [from, to] = slice.order
  const isFalling = Math.sign(correlation ?? 0) !== Math.sign(keyCorrelation)
  const histogram = cutBuckets(values.buckets, isFalling ? [1 - to, 1 - from] : [from, to]).map((at) =>
    keyText(type, at),
  )
  const hasAll = histogram.length > 1
  return {
    ...statistics,
    distinct: statistics.distinct < 0 ? statistics.distinct : Math.max(1, statistics.distinct * slice.share),
    histogram: hasAll ? histogram : null,
    lowest: hasAll ? histogram[0]! : null,
    highest: hasAll ? histogram.at(-1)! : null,
  }
}

/** As many equally filled buckets as the whole has, of a part of it. */
function cutBuckets(buckets: readonly number[], [from, to]: readonly [number, number]): number[] {
  if (buckets.length < 2 || to <= from) return []
  const count = buckets.length - 1
  return Array.from({ length: count + 1 }, (_, place) =>
    bucketsAt(buckets, from + ((to - from) * place) / count),
  )
}

/** Values that each have as many rows as the other, spread evenly: of how many a part of the rows has at least one. */
function distinctWithin(distinct: number, { share, tableRows }: Slice): number {
  const all = distinct < 0 ? -distinct * tableRows : distinct
  if (all < 1) return distinct
  const rowsOfEach = tableRows / all
  const within = Math.min(tableRows * share, all * (1 - (1 - share) ** rowsOfEach))
  return distinct < 0 ? -Math.min(1, within / (tableRows * share)) : Math.max(1, within)
}
