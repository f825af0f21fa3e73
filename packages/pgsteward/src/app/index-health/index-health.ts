// Index health of a target over a period, out of the store alone: the datum of the weekly report, and of whoever else tells of it.

import { type IndexRow, indexes } from '../../facts/indexes.ts'
import type { IndexHealth } from '../../model/index-health.ts'
import type { Window } from '../../model/units.ts'
import type { IndexNow } from '../../store/advice/index-history.ts'
import type { Store } from '../../store/store.ts'
import { freedOf, indexFaults } from './faults.ts'
import { indexGrowth } from './index-growth.ts'
import { indexWork } from './index-work.ts'

/** Tables from 1 MB, with all their indexes. */
export const INDEX_SIZES = 'table.indexSize'

/**
 * As things stood at the end of the period. Findings that were resolved are kept for some weeks, so of a period long ago some are missing;
 * sizes of single indexes are those of when they were judged last.
 */
export async function indexHealth(store: Store, targetId: string, period: Window): Promise<IndexHealth> {
  const known = await indexesBy(store, targetId, period.to)
  const [groups, work, sizes] = await Promise.all([
    indexFaults(store, targetId, period, known?.indexes ?? []),
    indexWork(store, targetId, period),
    store.series(targetId, INDEX_SIZES, period),
  ])
  const freed = freedOf(groups)
  const growth = indexGrowth(sizes)
  return {
    version: 1,
    targetId,
    period: { from: period.from.toISOString(), to: period.to.toISOString() },
    indexes:
      known === null
        ? null
        : {
            count: known.indexes.length,
            readAt: known.readAt.toISOString(),
            ref: { kind: 'fact', id: indexes.id },
          },
    size:
      growth === null
        ? null
        : {
            bytes: growth.bytes,
            growthBytes: growth.growthBytes,
            from: growth.from.toISOString(),
            to: growth.to.toISOString(),
            ref: { kind: 'series', id: INDEX_SIZES },
            tables: [...growth.tables],
          },
    faults: [...groups],
    freedBytes: freed.bytes,
    freedRefs: freed.keys.map((id) => ({ kind: 'finding', id })),
    added: [...work.added],
    dropped: [...work.dropped],
    rebuilds: [...work.rebuilds],
  }
}

interface KnownIndexes {
  readonly indexes: readonly Pick<IndexNow, 'schema' | 'name' | 'table'>[]
  readonly readAt: Date
}

/** The reading is the latest; what was before it stands in the history. Null: they were not read yet. */
async function indexesBy(store: Store, targetId: string, at: Date): Promise<KnownIndexes | null> {
  const reading = await store.document(targetId, indexes.id)
  if (reading === null) return null
  if (reading.at <= at) return { indexes: reading.rows as readonly IndexRow[], readAt: reading.at }
  const then = await store.indexesAt(targetId, at)
  return then.length === 0 ? null : { indexes: then, readAt: at }
}
