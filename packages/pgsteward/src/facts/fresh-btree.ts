// How large a B-tree would be if it were built anew over the entries that it has.

import type { Bytes } from '../model/units.ts'
import {
  alignUp,
  LINE_POINTER_BYTES,
  type StoredColumn,
  splitByNulls,
  TUPLE_ALIGNMENT,
  tupleBytes,
} from './tuple-bytes.ts'

export interface BtreeShape {
  readonly blockBytes: Bytes
  /** 0 to 1, of leaf pages. */
  readonly fillfactor: number
  readonly entries: number
  /** Key columns, then INCLUDE columns. */
  readonly columns: readonly StoredColumn[]
  readonly keyColumns: number
  /** A build merges equal keys: not in unique indexes, with INCLUDE, or for types whose equal values may differ in their bytes. */
  readonly isDeduplicated: boolean
  /** Different keys, nulls not counted. */
  readonly distinctKeys: number
  /** Shares of all entries that the commonest keys have, 0 to 1; empty: not known, or no key is common. */
  readonly commonShares: readonly number[]
}

/** Keys of `bytes` each, without line pointer, with so many rows each. */
interface KeyGroup {
  readonly keys: number
  readonly rows: number
  readonly bytes: Bytes
  readonly isExact: boolean
}

const ENTRY_HEADER_BYTES = 8
const NULL_BITMAP_BYTES = 4
const ROW_ADDRESS_BYTES = 6
/** Header, the B-tree's own area at the end, and line pointers of the high key and of the next tuple. */
const PAGE_FRAME_BYTES = 24 + 16 + 2 * LINE_POINTER_BYTES
/** Of inner pages, which no option changes. */
const INNER_FILLFACTOR = 0.7
/** A build merges up to a tenth of a page; inserts later merge up to a sixth. */
const POSTING_LIST_SHARE = 0.1
/** From so many rows a key on, their scatter does not matter. */
const MANY_ROWS = 40
/** Pages after which the average no longer moves. */
const PAGES_TRIED = 20
/** Lengths that differ are taken as even between this share less and more. */
const LENGTH_SPREAD = 0.3
const GOLDEN = (Math.sqrt(5) - 1) / 2

/**
 * Method: as PostgreSQL 13 and newer build one (`nbtsort.c`, `nbtdedup.c`): entries sorted, equal keys merged to posting lists of 6 bytes a
 * row and up to a tenth of a page, leaf pages filled to the fill factor, inner pages to 70 %, a page's last key becoming its high
 * key. How many rows a key has comes from the commonest keys, and for the rest from an average, scattered as by chance
 * (Poisson without zero). The filling is tried on some pages of each group of keys.
 */
export function freshBtreeBytes(shape: BtreeShape): Bytes {
  const { blockBytes, fillfactor, columns, keyColumns } = shape
  if (shape.entries === 0) return blockBytes
  const isMerged = shape.isDeduplicated && shape.distinctKeys < shape.entries
  const page = { blockBytes, fillfactor, listLimit: isMerged ? listLimit(blockBytes) : 0 }
  const groups = isMerged ? keyGroups(shape) : [{ keys: shape.entries, rows: 1, ...entryBytes(columns) }]
  const leaves = groups.reduce((sum, group) => sum + leafPages(group, page), 0)
  // a separator of equal keys needs the row's address too
  const separator = entryBytes(columns.slice(0, keyColumns)).bytes + (isMerged ? TUPLE_ALIGNMENT : 0)
  const room = blockBytes - PAGE_FRAME_BYTES - Math.floor(blockBytes * (1 - INNER_FILLFACTOR))
  const fanout = Math.max(2, Math.floor(room / (separator + LINE_POINTER_BYTES)))
  const metapage = 1
  let level = Math.ceil(leaves)
  let pages = level + metapage
  while (level > 1) {
    level = Math.ceil(level / fanout)
    pages += level
  }
  return pages * blockBytes
}

const listLimit = (blockBytes: Bytes) =>
  Math.floor((blockBytes * POSTING_LIST_SHARE - LINE_POINTER_BYTES) / TUPLE_ALIGNMENT) * TUPLE_ALIGNMENT

/** Over entries with and without nulls. */
function entryBytes(columns: readonly StoredColumn[]): { readonly bytes: Bytes; readonly isExact: boolean } {
  const { withNull, nullable, full } = splitByNulls(columns)
  const hole = tupleBytes(ENTRY_HEADER_BYTES + NULL_BITMAP_BYTES, nullable)
  const whole = tupleBytes(ENTRY_HEADER_BYTES, full)
  return {
    bytes: withNull * hole.bytes + (1 - withNull) * whole.bytes,
    isExact: whole.isExact && withNull === 0,
  }
}

function keyGroups(shape: BtreeShape): readonly KeyGroup[] {
  const { entries, columns, keyColumns, commonShares, distinctKeys } = shape
  if (keyColumns > 1) return [{ keys: distinctKeys, rows: entries / distinctKeys, ...entryBytes(columns) }]
  const value = tupleBytes(ENTRY_HEADER_BYTES, [{ ...columns[0]!, nullFraction: 0 }])
  // all nulls are one key
  const nulls = entries * columns[0]!.nullFraction
  const common = commonShares.map((share) => share * entries)
  const rest = entries - nulls - common.reduce((sum, rows) => sum + rows, 0)
  const restKeys = Math.min(Math.max(1, distinctKeys - common.length), rest)
  return [
    { keys: 1, rows: nulls, bytes: alignUp(ENTRY_HEADER_BYTES + NULL_BITMAP_BYTES), isExact: true },
    ...common.map((rows) => ({ keys: 1, rows, ...value })),
    { keys: restKeys, rows: rest / restKeys, ...value },
  ].filter(({ keys, rows }) => keys > 0 && rows >= 1)
}

/**
 * A page is full when less than its spare room is left behind a tuple, counted without that one's row addresses, or the next does not fit.
 * That tuple begins the next page, and its key stays as high key.
 */
function leafPages(
  group: KeyGroup,
  page: { readonly blockBytes: Bytes; readonly fillfactor: number; readonly listLimit: Bytes },
): number {
  const room = page.blockBytes - PAGE_FRAME_BYTES
  const filled = room - Math.floor(page.blockBytes * (1 - page.fillfactor))
  const mostRows = Math.max(1, Math.floor((page.listLimit - group.bytes) / ROW_ADDRESS_BYTES))
  const rowsOf = rowsPerKey(group)
  let [pages, used, lastBytes, lastList, keysDone] = [0, 0, 0, 0, 0]
  while (keysDone < group.keys && pages < PAGES_TRIED) {
    const spread = group.isExact ? 1 : 1 + LENGTH_SPREAD * (2 * ((keysDone * GOLDEN) % 1) - 1)
    const rows = rowsOf(keysDone)
    let left = rows
    while (left >= 1 && pages < PAGES_TRIED) {
      const listed = Math.min(left, mostRows)
      const list = listed < 2 ? 0 : alignUp(Math.floor(listed) * ROW_ADDRESS_BYTES)
      const bytes = group.bytes * spread + list
      if (used > 0 && (used - lastList > filled || used + bytes + TUPLE_ALIGNMENT > room)) {
        pages++
        used = lastBytes
      }
      used += bytes + LINE_POINTER_BYTES
      lastBytes = bytes + LINE_POINTER_BYTES
      lastList = list
      left -= listed
    }
    keysDone += left >= 1 ? 1 - left / rows : 1
  }
  // the page begun counts with its share
  return ((pages + Math.min(1, used / filled)) * group.keys) / keysDone
}

/** Rows of key 0, 1, ...: one key has all, few rows scatter by chance, many do not. */
function rowsPerKey({ keys, rows }: KeyGroup): (key: number) => number {
  if (keys === 1 || rows === 1 || rows >= MANY_ROWS) return () => rows
  const upTo = scattered(rows)
  // even and without chance over the distribution
  return (key) => {
    const at = (key * GOLDEN) % 1
    const found = upTo.findIndex((share) => at < share)
    return found === -1 ? upTo.length : found + 1
  }
}

/** P(at most 1, 2, ... rows), where keys have `mean` rows, at least one: Poisson without zero. */
function scattered(mean: number): readonly number[] {
  // mean = rate / (1 - e^-rate), which grows with the rate
  let [low, high] = [0, mean]
  for (let i = 0; i < 40; i++) {
    const rate = (low + high) / 2
    if (rate / -Math.expm1(-rate) < mean) low = rate
    else high = rate
  }
  let share = (high * Math.exp(-high)) / -Math.expm1(-high)
  let sum = 0
  return Array.from({ length: MANY_ROWS * 3 }, (_, n) => {
    sum += share
    share *= high / (n + 2)
    return sum
  })
}
