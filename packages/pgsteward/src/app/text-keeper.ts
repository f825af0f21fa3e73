// Hands the texts of statements that were seen for the first time to the store, and holds them while the store is away.

import type { Collector } from '../collect/collector.ts'
import type { Store } from '../store/store.ts'

export type KeepTexts = () => Promise<void>

export function textKeeper(targetId: string, collector: Collector, store: Store): KeepTexts {
  const unsaved = new Map<string, string>()
  return async () => {
    for (const [queryId, row] of collector.takeTexts()) unsaved.set(queryId, row.text)
    if (unsaved.size === 0) return
    await store.saveTexts(targetId, unsaved)
    unsaved.clear()
  }
}
