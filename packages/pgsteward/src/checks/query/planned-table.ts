// How current the statistics are by which a plan was made, and the remedy where they are not.

import type { TableRow } from '../../facts/tables.ts'
import type { Remedy } from '../../model/finding.ts'
import { qualified } from '../../sql/quote.ts'

/**
 * A tenth is what autovacuum leaves by default before it analyzes. Alone that is no fault (stale-statistics waits for much more): it
 * counts where a plan of this very table was seen to misjudge.
 */
const STALE_SHARE = 0.1
const LEAST_CHANGED = 1000

export function isStale(table: TableRow): boolean {
  if (table.kind !== 'table' && table.kind !== 'materialized view') return false
  if (table.reltuples === null) return table.rows >= LEAST_CHANGED
  return table.modifiedSinceAnalyze >= LEAST_CHANGED && changedShare(table) >= STALE_SHARE
}

/** Of the rows that it had; 1 where it was never analyzed. */
export function changedShare(table: TableRow): number {
  if (table.reltuples === null) return 1
  return table.modifiedSinceAnalyze / Math.max(1, table.rows)
}

export function analyzeRemedy(stale: readonly TableRow[]): Remedy {
  return {
    sql: stale.map((table) => `analyze ${qualified(table.schema, table.name)}`),
    // nobody wants the old statistics back
    undo: null,
    lock: 'share update exclusive',
    caution:
      'Reads a sample of some 30,000 pages at most. Plans of other statements on the table may change as well. Cached plans are made anew by themselves.',
  }
}
