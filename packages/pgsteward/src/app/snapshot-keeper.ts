// Hands readings to the store, and holds the latest while the store is away: the collector has counted on from them, so what they hold
// is told by no later one.

import { StewardError } from '../model/error.ts'
import type { PgFact, Snapshot } from '../model/fact.ts'
import type { Store } from '../store/store.ts'

export type KeepSnapshot = (snapshot: Snapshot) => Promise<void>

/** While the store is away no round begins, so one waits, or a few where it comes and goes. */
const MOST_UNSAVED = 5

/** What the store refuses for its own sake is given up: it would be refused again, and hold up all that follows. */
export function snapshotKeeper(store: Pick<Store, 'saveSnapshot'>, facts: readonly PgFact[]): KeepSnapshot {
  const unsaved: Snapshot[] = []
  return async (snapshot) => {
    unsaved.push(snapshot)
    unsaved.splice(0, unsaved.length - MOST_UNSAVED)
    while (unsaved.length > 0) {
      try {
        await store.saveSnapshot(unsaved[0]!, facts)
      } catch (error) {
        if (!(error instanceof StewardError && error.code.startsWith('store-'))) unsaved.shift()
        throw error
      }
      unsaved.shift()
    }
  }
}
