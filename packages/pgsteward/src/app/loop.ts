// What one target's loop works with, and what one turn of it yields.

import type { Collector } from '../collect/collector.ts'
import type { AnyCheck, Outcome } from '../model/check.ts'
import type { Snapshot } from '../model/fact.ts'
import type { Change, Notice } from '../model/open-finding.ts'
import type { Store } from '../store/store.ts'
import type { KeepTexts } from './text-keeper.ts'

export interface Loop {
  readonly targetId: string
  readonly collector: Collector
  readonly store: Store
  readonly keepTexts: KeepTexts
  readonly checks: readonly AnyCheck[]
  /** Parsed options by check id. */
  readonly options: ReadonlyMap<string, unknown>
  readonly notify: (notices: readonly Notice[]) => Promise<void>
}

export interface Ticked {
  readonly snapshot: Snapshot
  readonly outcomes: readonly Outcome[]
  readonly changes: readonly Change[]
}
