// A row of operations: arrays side by side, and their histograms as bytes. Read and summed here, not in SQL: a histogram has no sum
// there, and 60 rows of 500 operations take 20 ms this way.

import { type BucketCounts, DurationSums } from '../stats/duration-histogram.ts'

/** Sums of one operation; `histogram` null where the source gave none. */
export interface OperationSums {
  count: number
  errors: number
  totalMs: number
  maxMs: number
  rows: number
  queryMs: number
  histogram: DurationSums | null
}

/** As the driver hands it over: arrays as PostgreSQL's text, which is a split away from numbers. */
export interface PackedRow {
  readonly minutes: number
  readonly operation_ids: string
  readonly count: string
  readonly errors: string
  readonly total_ms: string
  readonly max_ms: string
  readonly rows: string
  readonly query_ms: string
  readonly histograms: Uint8Array
}

/** Of a table with the alias `i`. */
export const PACKED_COLUMNS = `i.minutes, i.operation_ids::text as operation_ids, i.count::text as count, i.errors::text as errors,
  i.total_ms::text as total_ms, i.max_ms::text as max_ms, i.rows::text as rows, i.query_ms::text as query_ms, i.histograms`

export function newSums(): OperationSums {
  return { count: 0, errors: 0, totalMs: 0, maxMs: 0, rows: 0, queryMs: 0, histogram: null }
}

export type AddedSums = Omit<OperationSums, 'histogram'> & { readonly histogram: BucketCounts | null }

export function addTo(sums: OperationSums, more: AddedSums): void {
  addNumbers(sums, more)
  if (more.histogram !== null) {
    sums.histogram ??= new DurationSums()
    sums.histogram.add(more.histogram)
  }
}

function addNumbers(sums: OperationSums, more: Omit<AddedSums, 'histogram'>): void {
  sums.count += more.count
  sums.errors += more.errors
  sums.totalMs += more.totalMs
  sums.maxMs = Math.max(sums.maxMs, more.maxMs)
  sums.rows += more.rows
  sums.queryMs += more.queryMs
}

/** `sumsOf` says into what an operation is summed; null: it is not asked for. */
export function addPacked(row: PackedRow, sumsOf: (operationId: number) => OperationSums | null): void {
  const ids = numbers(row.operation_ids)
  const [count, errors, totalMs, maxMs] = [row.count, row.errors, row.total_ms, row.max_ms].map(numbers)
  const [rows, queryMs] = [row.rows, row.query_ms].map(numbers)
  const bytes = new Bytes(row.histograms)
  for (const [index, id] of ids.entries()) {
    const length = bytes.take()
    const sums = sumsOf(id)
    if (sums === null) {
      bytes.skip(length)
      continue
    }
    addNumbers(sums, {
      count: count![index]!,
      errors: errors![index]!,
      totalMs: totalMs![index]!,
      maxMs: maxMs![index]!,
      rows: rows![index]!,
      queryMs: queryMs![index]!,
    })
    if (length > 0) {
      sums.histogram ??= new DurationSums()
      bytes.takeHistogram(length, sums.histogram)
    }
  }
}

export interface PackedColumns {
  readonly ids: readonly number[]
  readonly columns: readonly (readonly number[])[]
  readonly histograms: Buffer
}

/** Columns in the order of PACKED_COLUMNS after the ids. */
export function pack(sums: ReadonlyMap<number, OperationSums>): PackedColumns {
  // neighbours were met at about the same time and often move together: sorted ids compress better
  const sorted = [...sums].sort(([a], [b]) => a - b)
  const each = (value: (sums: OperationSums) => number) => sorted.map(([, one]) => finite(value(one)))
  const bytes: number[] = []
  for (const [, { histogram }] of sorted) writeHistogram(bytes, histogram?.counts() ?? null)
  return {
    ids: sorted.map(([id]) => id),
    columns: [
      each((one) => one.count),
      each((one) => one.errors),
      each((one) => one.totalMs),
      each((one) => one.maxMs),
      each((one) => one.rows),
      each((one) => one.queryMs),
    ],
    histograms: Buffer.from(bytes),
  }
}

/** What real holds; a number beyond it would refuse the whole row. */
function finite(value: number): number {
  return Number.isFinite(value) ? Math.min(value, 1e37) : 0
}

function numbers(array: string): readonly number[] {
  return array.length <= 2 ? [] : array.slice(1, -1).split(',').map(Number)
}

/** Length in bytes, then the offset (zigzag) and the counts, all as base-128 numbers; a length of 0: no histogram. */
function writeHistogram(into: number[], histogram: BucketCounts | null): void {
  if (histogram === null) {
    into.push(0)
    return
  }
  const own: number[] = []
  writeNumber(own, histogram.offset < 0 ? -2 * histogram.offset - 1 : 2 * histogram.offset)
  for (const count of histogram.counts) writeNumber(own, Math.min(Math.round(count), Number.MAX_SAFE_INTEGER))
  writeNumber(into, own.length)
  for (const byte of own) into.push(byte)
}

function writeNumber(into: number[], value: number): void {
  let rest = value
  while (rest >= 128) {
    into.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  into.push(rest)
}

class Bytes {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  take(): number {
    let value = 0
    let factor = 1
    for (;;) {
      const byte = this.#bytes[this.#at++] ?? 0
      if (byte < 128) return value + byte * factor
      value += (byte - 128) * factor
      factor *= 128
    }
  }

  skip(length: number): void {
    this.#at += length
  }

  takeHistogram(length: number, into: DurationSums): void {
    const end = this.#at + length
    const zigzag = this.take()
    let bucket = zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2
    while (this.#at < end) into.addToBucket(bucket++, this.take())
  }
}
