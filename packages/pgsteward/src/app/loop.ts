// What one target's loop works with, and what one turn of it yields.

import type { Collector } from '../collect/collector.ts'
import type { StoredReadings } from '../evaluate/stored-readings.ts'
import type { AnyCheck, Outcome } from '../model/check.ts'
import type { Snapshot } from '../model/fact.ts'
import type { Change, Notice } from '../model/open-finding.ts'
import type { Store } from '../store/store.ts'
import type { SnapshotKeeper } from './snapshot-keeper.ts'
import type { KeepTexts } from './text-keeper.ts'

export interface Loop {
  readonly targetId: string
  readonly collector: Collector
  readonly store: Store
  readonly keepTexts: KeepTexts
  /** Absent: each reading is handed to the store once. */
  readonly keeper?: SnapshotKeeper
  readonly checks: readonly AnyCheck[]
  /** Parsed options by check id. */
  readonly options: ReadonlyMap<string, unknown>
  /** Absent: each round reads all stored facts anew. */
  readonly kept?: StoredReadings
  readonly notify: (notices: readonly Notice[]) => Promise<void>
}

export interface Concluded {
  readonly outcomes: readonly Outcome[]
  readonly changes: readonly Change[]
}

export interface Ticked extends Concluded {
  readonly snapshot: Snapshot
}
