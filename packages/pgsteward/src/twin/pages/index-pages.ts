// The first pages of an empty index that passes for a large one. The planner reads metapages for a B-tree's height and a GIN's and
// BRIN's figures, and follows a B-tree to its ends, where it must find nothing and fall back on the histogram.
// Layouts: src/include/access/{nbtree,ginblock,brin_page,spgist_private}.h and storage/bufpage.h, the same in PostgreSQL 14 to 18.

import type { IndexStatistics } from '../statistics/statistics-file.ts'
import { PAGE_BYTES } from './relation-file.ts'

const HEADER_BYTES = 24

interface Page {
  readonly bytes: Uint8Array
  readonly view: DataView
  /** Where its special space starts. */
  readonly special: number
}

function emptyPage(specialBytes: number): Page {
  const bytes = new Uint8Array(PAGE_BYTES)
  const view = new DataView(bytes.buffer)
  const special = PAGE_BYTES - specialBytes
  view.setUint16(12, HEADER_BYTES, true) // pd_lower
  view.setUint16(14, special, true) // pd_upper
  view.setUint16(16, special, true) // pd_special
  view.setUint16(18, PAGE_BYTES | 4, true) // page size and layout version
  return { bytes, view, special }
}

const BTREE = { magic: 0x053162, version: 4, leaf: 1, root: 2, meta: 8, specialBytes: 16 }
/** A truncated tuple of no attributes: minus infinity, and the block below in its tuple id. */
const MINUS_INFINITY_INFO = 0x2000 | 8
const LINE_POINTER_NORMAL = 1

/** Metapage, a leaf with the index's ends or none, and a chain of inner pages of one downlink each up to the root. */
export function btreePages(treeHeight: number, tuples: readonly Uint8Array[] = []): readonly Uint8Array[] {
  const meta = emptyPage(BTREE.specialBytes)
  const root = treeHeight + 1
  const fields = [BTREE.magic, BTREE.version, root, treeHeight, root, treeHeight]
  for (const [place, value] of fields.entries()) meta.view.setUint32(HEADER_BYTES + 4 * place, value, true)
  // last_cleanup_num_delpages stays 0; last_cleanup_num_heap_tuples is unknown
  meta.view.setFloat64(HEADER_BYTES + 32, -1, true)
  meta.view.setUint16(12, HEADER_BYTES + 48, true)
  meta.view.setUint16(meta.special + 12, BTREE.meta, true)
  const levels = Array.from({ length: treeHeight + 1 }, (_, level) => {
    const page = emptyPage(BTREE.specialBytes)
    page.view.setUint32(page.special + 8, level, true)
    const flags = (level === 0 ? BTREE.leaf : 0) | (level === treeHeight ? BTREE.root : 0)
    page.view.setUint16(page.special + 12, flags, true)
    if (level > 0) addDownlink(page, level)
    else for (const tuple of tuples) addTuple(page, tuple)
    return page.bytes
  })
  return [meta.bytes, ...levels]
}

function addDownlink(page: Page, child: number): void {
  const tuple = new Uint8Array(8)
  const view = new DataView(tuple.buffer)
  view.setUint16(0, child >>> 16, true)
  view.setUint16(2, child & 0xffff, true)
  view.setUint16(6, MINUS_INFINITY_INFO, true)
  addTuple(page, tuple)
}

/** Behind those that are there: a line pointer at the front, the tuple at the back. */
function addTuple({ bytes, view }: Page, tuple: Uint8Array): void {
  const [lower, upper] = [view.getUint16(12, true), view.getUint16(14, true)]
  const offset = upper - tuple.length
  bytes.set(tuple, offset)
  view.setUint32(lower, (offset | (LINE_POINTER_NORMAL << 15) | (tuple.length << 17)) >>> 0, true)
  view.setUint16(12, lower + 4, true)
  view.setUint16(14, offset, true)
}

/** One page of a visibility map that calls the table's first page all-visible: the ends of its indexes are read without the table. */
export function visibilityMapPage(): Uint8Array {
  const { bytes, view } = emptyPage(0)
  bytes[HEADER_BYTES] = 3
  view.setUint16(12, HEADER_BYTES, true)
  return bytes
}

const GIN = { version: 2, meta: 8, noBlock: 0xffffffff, specialBytes: 8 }

/** Without figures the totals are 0, and the planner assumes its own shares, as it does for an index that was never counted. */
export function ginMetaPage(figures: IndexStatistics['gin']): Uint8Array {
  const { bytes, view, special } = emptyPage(GIN.specialBytes)
  const at = HEADER_BYTES
  view.setUint32(at, GIN.noBlock, true) // head and tail of the pending list
  view.setUint32(at + 4, GIN.noBlock, true)
  view.setUint32(at + 12, figures?.pendingPages ?? 0, true)
  view.setUint32(at + 24, figures?.totalPages ?? 0, true)
  view.setUint32(at + 28, figures?.entryPages ?? 0, true)
  view.setUint32(at + 32, figures?.dataPages ?? 0, true)
  view.setBigInt64(at + 40, BigInt(Math.round(figures?.entries ?? 0)), true)
  view.setInt32(at + 48, GIN.version, true)
  view.setUint16(12, at + 56, true)
  view.setUint32(special, GIN.noBlock, true)
  view.setUint16(special + 6, GIN.meta, true)
  return bytes
}

const BRIN = { magic: 0xa8109cfa, version: 1, metaType: 0xf091, specialBytes: 8, rangesPerMapPage: 1360 }

export function brinMetaPage(pagesPerRange: number, tableBlocks: number): Uint8Array {
  const { bytes, view, special } = emptyPage(BRIN.specialBytes)
  const ranges = Math.ceil(tableBlocks / pagesPerRange)
  view.setUint32(HEADER_BYTES, BRIN.magic, true)
  view.setUint32(HEADER_BYTES + 4, BRIN.version, true)
  view.setUint32(HEADER_BYTES + 8, pagesPerRange, true)
  view.setUint32(HEADER_BYTES + 12, Math.max(1, Math.ceil(ranges / BRIN.rangesPerMapPage)), true)
  view.setUint16(12, HEADER_BYTES + 16, true)
  view.setUint16(special + 6, BRIN.metaType, true)
  return bytes
}

const SPGIST = { magic: 0xba0babee, meta: 1, pageId: 0xff82, specialBytes: 8 }

export function spgistMetaPage(): Uint8Array {
  const { bytes, view, special } = emptyPage(SPGIST.specialBytes)
  view.setUint32(HEADER_BYTES, SPGIST.magic, true)
  view.setUint16(12, HEADER_BYTES + 4 + 8 * 8, true)
  view.setUint16(special, SPGIST.meta, true)
  view.setUint16(special + 6, SPGIST.pageId, true)
  return bytes
}

/** What an index's first pages are made of. */
export type IndexFile = Pick<
  IndexStatistics,
  'method' | 'treeHeight' | 'gin' | 'pagesPerRange' | 'blocks'
> & {
  /** Tuples of its first and last entry, in its order; empty: not known. */
  readonly ends: readonly Uint8Array[]
}

/** GiST and hash need none: the planner takes their costs from size and rows alone. */
export function firstPages(index: IndexFile, tableBlocks: number): readonly Uint8Array[] {
  switch (index.method) {
    case 'btree':
      return index.blocks <= 1 ? btreePages(0) : btreePages(index.treeHeight ?? 0, index.ends)
    case 'gin':
      return [ginMetaPage(index.gin)]
    case 'brin':
      return [brinMetaPage(index.pagesPerRange ?? 128, tableBlocks)]
    case 'spgist':
      return [spgistMetaPage()]
    default:
      return []
  }
}
