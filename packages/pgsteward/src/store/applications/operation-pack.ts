// A row of operations: arrays side by side, and their histograms as bytes. Read and summed here, not in SQL: a histogram has no sum
// there. Arrays come in their binary form, of which only what is asked for is looked at.

import { type BucketCounts, DurationSums } from '../../stats/duration-histogram.ts'

/** Sums of one operation; `histogram` null where the source gave none. */
export interface OperationSums {
  count: number
  errors: number
  totalMs: number
  maxMs: number
  rows: number
  queryMs: number
  skippedRows: number
  histogram: DurationSums | null
}

/** Arrays as array_send gives them: their text would cost the server more than all the rest. */
export interface PackedRow {
  readonly minutes: number
  readonly operation_ids: Buffer
  readonly count: Buffer
  readonly errors: Buffer
  readonly total_ms: Buffer
  readonly max_ms: Buffer
  readonly rows: Buffer
  readonly query_ms: Buffer
  readonly skipped_rows: Buffer
  readonly histograms: Buffer
}

const ARRAYS = ['operation_ids', 'count', 'errors', 'total_ms', 'max_ms', 'rows', 'query_ms', 'skipped_rows']

/** Of a table with the alias `i`. */
export const PACKED_COLUMNS = `i.minutes, i.histograms, ${ARRAYS.map(
  (name) => `pg_catalog.array_send(i.${name}) as ${name}`,
).join(', ')}`

export function newSums(): OperationSums {
  return { count: 0, errors: 0, totalMs: 0, maxMs: 0, rows: 0, queryMs: 0, skippedRows: 0, histogram: null }
}

export type AddedSums = Omit<OperationSums, 'histogram'> & { readonly histogram: BucketCounts | null }

export function addTo(sums: OperationSums, more: AddedSums): void {
  sums.count += more.count
  sums.errors += more.errors
  sums.totalMs += more.totalMs
  sums.maxMs = Math.max(sums.maxMs, more.maxMs)
  sums.rows += more.rows
  sums.queryMs += more.queryMs
  sums.skippedRows += more.skippedRows
  if (more.histogram === null) return
  sums.histogram ??= new DurationSums()
  sums.histogram.add(more.histogram)
}

/** `sumsOf` says into what an operation is summed; null: it is not asked for. */
export function addPacked(row: PackedRow, sumsOf: (operationId: number) => OperationSums | null): void {
  const ids = new SentArray(row.operation_ids)
  const [count, errors] = [new SentArray(row.count), new SentArray(row.errors)]
  const [totalMs, maxMs] = [new SentArray(row.total_ms), new SentArray(row.max_ms)]
  const [rows, queryMs] = [new SentArray(row.rows), new SentArray(row.query_ms)]
  const skippedRows = new SentArray(row.skipped_rows)
  const bytes = new Bytes(row.histograms)
  for (let index = 0; index < ids.length; index++) {
    const length = bytes.take()
    const sums = sumsOf(ids.at(index))
    if (sums === null) {
      bytes.skip(length)
      continue
    }
    sums.count += count.at(index)
    sums.errors += errors.at(index)
    sums.totalMs += totalMs.at(index)
    sums.maxMs = Math.max(sums.maxMs, maxMs.at(index))
    sums.rows += rows.at(index)
    sums.queryMs += queryMs.at(index)
    sums.skippedRows += skippedRows.at(index)
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
      each((one) => one.skippedRows),
    ],
    histograms: Buffer.from(bytes),
  }
}

/** What real holds; a number beyond it would refuse the whole row. */
function finite(value: number): number {
  return Number.isFinite(value) ? Math.min(value, 1e37) : 0
}

const INT4 = 23

/** Dimensions, flags, element type; for the one dimension its size and first index; then each element behind its length. */
class SentArray {
  readonly length: number
  readonly #bytes: Buffer
  readonly #isInt: boolean
  readonly #width: number

  constructor(bytes: Buffer) {
    this.#bytes = bytes
    this.length = bytes.readInt32BE(0) === 0 ? 0 : bytes.readInt32BE(12)
    this.#isInt = bytes.readInt32BE(8) === INT4
    this.#width = this.length === 0 ? 0 : bytes.readInt32BE(20)
  }

  at(index: number): number {
    const at = 24 + index * (this.#width + 4)
    if (this.#isInt) return this.#bytes.readInt32BE(at)
    return this.#width === 4 ? this.#bytes.readFloatBE(at) : this.#bytes.readDoubleBE(at)
  }
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
