// Index health of a target over a period, out of the store alone: the datum of the weekly report.

import { indexes } from '../../facts/indexes.ts'
import type { IndexHealth } from '../../model/index-health.ts'
import type { Window } from '../../model/units.ts'
import type { Store } from '../../store/store.ts'
import { freedOf, indexFaults } from './faults.ts'
import { indexGrowth } from './index-growth.ts'
import { indexWork } from './index-work.ts'

/** Tables from 1 MB, with all their indexes. */
const SIZES = 'table.indexSize'

/**
 * As things stood at the end of the period. Findings that were resolved are kept for some weeks, so of a period long ago some are missing;
 * sizes of single indexes are those of when they were judged last.
 */
export async function indexHealth(store: Store, targetId: string, period: Window): Promise<IndexHealth> {
  const [groups, work, sizes, document] = await Promise.all([
    indexFaults(store, targetId, period),
    indexWork(store, targetId, period),
    store.series(targetId, SIZES, period),
    store.document(targetId, indexes.id),
  ])
  const freed = freedOf(groups)
  const growth = indexGrowth(sizes)
  return {
    version: 1,
    targetId,
    period: { from: period.from.toISOString(), to: period.to.toISOString() },
    indexes:
      document === null
        ? null
        : {
            count: document.rows.length,
            readAt: document.at.toISOString(),
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
            ref: { kind: 'series', id: SIZES },
          },
    faults: [...groups],
    freedBytes: freed.bytes,
    freedRefs: freed.keys.map((id) => ({ kind: 'finding', id })),
    added: [...work.added],
    dropped: [...work.dropped],
    rebuilds: [...work.rebuilds],
  }
}
