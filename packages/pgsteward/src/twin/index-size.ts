// Predicts the size of an index that does not exist yet, as create index would leave it. B-trees with deduplication (PostgreSQL 13+),
// which makes an index on few distinct values three to six times smaller than its entries would be.

import type { Bytes } from '../model/units.ts'
import type { GinItems } from './gin-items.ts'
import { PAGE_BYTES } from './pages/relation-file.ts'

export interface KeyFigures {
  /** Average bytes of the value, without alignment. */
  readonly width: number
  /** Distinct values in the table, at most its rows; null: not known, taken as all different. */
  readonly distinct: number | null
  /** Equal values are the same bytes, so that entries can be merged: not for numeric, float, and collations that are not deterministic. */
  readonly canDeduplicate: boolean
}

export interface IndexFigures {
  readonly rows: number
  readonly keys: readonly KeyFigures[]
  readonly includedWidth: number
  readonly hasInclude: boolean
}

/** Of a page: less its header and special space, filled to 90 %. */
const LEAF_BYTES = (PAGE_BYTES - 24 - 16) * 0.9
const ENTRY_HEADER = 8
const LINE_POINTER = 4
const TUPLE_ID = 6
/** What posting lists cost beside their tuple ids, measured: pages do not fill evenly. */
const POSTING_SLACK = 1.01

/** Blocks with the metapage; inner pages are about 1 in 200 to 300 leaves. */
export function btreeBlocks({ rows, keys, includedWidth, hasInclude }: IndexFigures): number {
  if (rows < 1) return 1
  const width = keys.reduce((sum, key) => sum + key.width, 0) + includedWidth
  const entry = align(ENTRY_HEADER + width) + LINE_POINTER
  const plain = rows * entry
  const distinct = keys.reduce((product, key) => Math.min(rows, product * (key.distinct ?? rows)), 1)
  const canDeduplicate = !hasInclude && keys.every((key) => key.canDeduplicate)
  const bytes = canDeduplicate ? Math.min(plain, POSTING_SLACK * (TUPLE_ID * rows + distinct * entry)) : plain
  const leaves = Math.ceil(bytes / LEAF_BYTES)
  const inner = leaves > 1 ? Math.max(1, Math.ceil((leaves * entry) / ((PAGE_BYTES - 40) * 0.7))) : 0
  return 1 + leaves + inner
}

function align(bytes: number): number {
  return Math.ceil(bytes / 8) * 8
}

/**
 * Items in lists of the rows that hold them: a place takes one byte where every page has some, up to four where they lie far apart,
 * in pages filled to three quarters. A new item splits its page in halves. Checked on 16 built indexes of trigrams, documents, arrays
 * and words: within a factor of two (docs/guides/index-advice.md).
 */
export function ginBlocks(rows: number, tableBlocks: number, { perRow, distinct, width }: GinItems): number {
  const places = rows * perRow
  const items = Math.max(1, Math.min(distinct, places))
  const pagesApart = tableBlocks / Math.max(1, places / items)
  const place = pagesApart < 0.5 ? 1.1 : pagesApart < 8 ? 2.6 : pagesApart < 1024 ? 3.2 : 4
  const bytes = (places * place) / 0.75 + (items * (ENTRY_HEADER + LINE_POINTER + 12 + width)) / 0.7
  return 2 + Math.ceil(bytes / (PAGE_BYTES - 40))
}

/** Metapage, the map of ranges, and a summary of some 24 bytes and its line pointer a range and key. */
export function brinBlocks(tableBlocks: number, pagesPerRange: number, keys: number): number {
  const ranges = Math.ceil(tableBlocks / pagesPerRange)
  return (
    1 +
    Math.max(1, Math.ceil(ranges / 1360)) +
    Math.max(1, Math.ceil((ranges * (8 + 24 * keys)) / (PAGE_BYTES - 32)))
  )
}

/** A four-byte hash and a tuple id an entry, in buckets filled to three quarters. */
export function hashBlocks(rows: number): number {
  return 3 + Math.ceil((rows * 20) / ((PAGE_BYTES - 40) * 0.75))
}

/** Entries hold the key once more for its bounds; pages fill to two thirds. */
export function gistBlocks(rows: number, width: number): number {
  return 1 + Math.ceil((rows * (align(ENTRY_HEADER + width) + LINE_POINTER)) / ((PAGE_BYTES - 40) * 0.66))
}

export function bytesOf(blocks: number): Bytes {
  return blocks * PAGE_BYTES
}
