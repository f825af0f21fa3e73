// Hands readings to the store, and holds one that the store did not take while it was away or full: the collector has counted on from it,
// so what it holds is told by no later one. Nothing more is read before it is saved; the next reading then covers the time between.

import { StewardError } from '../model/error.ts'
import type { PgFact, Snapshot } from '../model/fact.ts'
import type { Store } from '../store/store.ts'

export interface SnapshotKeeper {
  /** Saves what is held. To be called before anything is read. */
  readonly flush: () => Promise<void>
  readonly keep: (snapshot: Snapshot) => Promise<void>
}

/** What the store refuses for its own sake is given up: it would be refused again, and hold up all that follows. */
export function snapshotKeeper(store: Pick<Store, 'saveSnapshot'>, facts: readonly PgFact[]): SnapshotKeeper {
  let held: Snapshot | null = null
  const flush = async () => {
    if (held === null) return
    try {
      await store.saveSnapshot(held, facts)
    } catch (error) {
      if (!(error instanceof StewardError && error.code.startsWith('store-'))) held = null
      throw error
    }
    held = null
  }
  return {
    flush,
    keep: async (snapshot) => {
      held = snapshot
      await flush()
    },
  }
}
