// How large the heap of a table would be if it were written anew with the rows that it has.

import type { Bytes } from '../model/units.ts'
import { LINE_POINTER_BYTES, type StoredColumn, splitByNulls, tupleBytes } from './tuple-bytes.ts'

export interface HeapShape {
  readonly blockBytes: Bytes
  /** 0 to 1. */
  readonly fillfactor: number
  readonly rows: number
  /** In the table's order, without those dropped. */
  readonly columns: readonly StoredColumn[]
  /** Dropped columns stay in each row as nulls. */
  readonly droppedColumns: number
}

const PAGE_HEADER_BYTES = 24
const ROW_HEADER_BYTES = 23

/**
 * Whole pages of rows: header of 23 bytes, a bit a column where the row has a null, data, line pointer. Values in TOAST count with the
 * pointer that the row holds (18 bytes), compressed ones with their compressed size: so does avg_width. Source of the layout: PostgreSQL's
 * manual, "Database Page Layout".
 */
export function freshHeapBytes({ blockBytes, fillfactor, rows, columns, droppedColumns }: HeapShape): Bytes {
  const bitmapBytes = Math.ceil((columns.length + droppedColumns) / 8)
  const { withNull, nullable, full } = splitByNulls(columns)
  const hole = tupleBytes(ROW_HEADER_BYTES + bitmapBytes, nullable)
  const whole = tupleBytes(ROW_HEADER_BYTES + (droppedColumns > 0 ? bitmapBytes : 0), full)
  const rowBytes = withNull * hole.bytes + (1 - withNull) * whole.bytes + LINE_POINTER_BYTES
  const perPage = (blockBytes * fillfactor - PAGE_HEADER_BYTES) / rowBytes
  // rows of one length leave what is left of the division, others half a row
  const isExact = withNull === 0 && whole.isExact
  return Math.ceil(rows / Math.max(1, isExact ? Math.floor(perPage) : perPage - 0.5)) * blockBytes
}
