// What an index costs each minute, in the planner's units and in bytes of WAL: entries for new rows and for updates that can't be
// heap-only, and the heap-only updates that it ends for the whole table.

import type { Bytes } from '../model/units.ts'
import { columnsOf, entryWidth, type IndexDesign } from './index-design.ts'
import type { ExistingIndex, TableFigures } from './surroundings.ts'

/** Rows a minute that the workload writes to one table. */
export interface TableWrites {
  readonly insertsPerMinute: number
  readonly deletesPerMinute: number
  readonly updates: readonly { readonly columns: readonly string[]; readonly rowsPerMinute: number }[]
}

export interface WriteCost {
  /** Planner's units a minute. */
  readonly units: number
  readonly walBytesPerMinute: Bytes
  /** Updates a minute that are heap-only without these indexes and no longer with them. */
  readonly hotLostPerMinute: number
}

export const NO_WRITE_COST: WriteCost = { units: 0, walBytesPerMinute: 0, hotLostPerMinute: 0 }

/** Measured 140 to 240 bytes a B-tree entry: record headers, and the entry itself. */
const WAL_PER_ENTRY = 110
/** Cleaning up after a deleted row: part of a vacuum's pass. */
const CLEANUP_SHARE = 0.3

/** Of all designs of one table together: the loss of HOT is charged once. */
export function writeCost(
  designs: readonly IndexDesign[],
  table: TableFigures,
  existing: readonly ExistingIndex[],
  writes: TableWrites | undefined,
  randomPageCost: number,
): WriteCost {
  if (designs.length === 0 || writes === undefined) return NO_WRITE_COST
  const own = designs.map((design) => ({
    design,
    columns: columnsOf(design),
    entry: entryUnits(design, table, randomPageCost) * shareOfRows(design),
    wal: walPerEntry(design, table) * shareOfRows(design),
  }))
  const sum = (of: (each: (typeof own)[number]) => number) => own.reduce((total, each) => total + of(each), 0)
  const changes = writes.insertsPerMinute + CLEANUP_SHARE * writes.deletesPerMinute
  let units = sum(({ entry }) => entry) * changes
  let wal = sum(({ wal: bytes }) => bytes) * writes.insertsPerMinute
  let hotLost = 0
  // Entries of the existing indexes are new work only where an advised one ends HOT.
  const already = existing.filter(({ method }) => method !== 'brin')
  for (const { columns, rowsPerMinute } of writes.updates) {
    const touches = (held: Iterable<string>) => [...held].some((column) => columns.includes(column))
    const isEndedAlready = already.some((index) => touches(index.columns))
    const isEndedNow = own.some(({ design, columns: held }) => design.method !== 'brin' && touches(held))
    const hot = isEndedAlready ? 0 : (table.hotShare ?? 1)
    const lost = isEndedNow ? hot * rowsPerMinute : 0
    const cold = rowsPerMinute - hot * rowsPerMinute + lost
    hotLost += lost
    units += sum(({ entry }) => entry) * cold * (1 + CLEANUP_SHARE)
    wal += sum(({ wal: bytes }) => bytes) * cold
    // every index of the table gets an entry for the row's new place, and the old versions wait for vacuum
    units += lost * (already.length + 1) * plainEntryUnits(randomPageCost) * (1 + CLEANUP_SHARE)
    wal += lost * already.length * (WAL_PER_ENTRY + 24)
  }
  return { units, walBytesPerMinute: wal, hotLostPerMinute: hotLost }
}

function shareOfRows(design: IndexDesign): number {
  return design.where === null ? 1 : Math.max(design.where.share, 0.01)
}

/** A descent, and a page made dirty: measured 2 to 12 microseconds, a unit being about 4 at a random page cost of 1.1. */
function plainEntryUnits(randomPageCost: number): number {
  return 0.6 * randomPageCost + 0.8
}

function entryUnits(design: IndexDesign, table: TableFigures, randomPageCost: number): number {
  const plain = plainEntryUnits(randomPageCost)
  if (design.method === 'brin') return 0.1 * plain
  // GIN makes an entry of each trigram or key: measured 28 microseconds for a text of 60 characters
  if (design.method === 'gin') return plain + (wordsOf(design, table) * plain) / 12
  if (design.method === 'gist') return 3 * plain
  return plain * (1 + entryWidth(design, table) / 400)
}

function walPerEntry(design: IndexDesign, table: TableFigures): Bytes {
  if (design.method === 'brin') return 1
  if (design.method === 'gin') return 100 + 12 * wordsOf(design, table)
  return WAL_PER_ENTRY + 8 + entryWidth(design, table)
}

function wordsOf(design: IndexDesign, table: TableFigures): number {
  const width = design.keys.reduce(
    (sum, { on }) => sum + (table.columns.find(({ name }) => name === on.columns[0])?.averageWidth ?? 32),
    0,
  )
  return /trgm/.test(design.keys[0]?.operatorClass ?? '') ? width : width / 8
}
