// The loop, in one place: collect -> save -> evaluate -> track -> save findings -> notify.

import type { Collector } from '../collect/collector.ts'
import { evaluate } from '../evaluate/evaluate.ts'
import { track } from '../evaluate/track.ts'
import { ALL_FACTS } from '../facts/all.ts'
import type { AnyCheck, Outcome } from '../model/check.ts'
import type { Snapshot } from '../model/fact.ts'
import type { Change, Notice } from '../model/open-finding.ts'
import { noticesOf } from '../notify/notices.ts'
import type { Store } from '../store/store.ts'

export interface Loop {
  readonly targetId: string
  readonly collector: Collector
  readonly store: Store
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

export async function tick(
  { targetId, collector, store, checks, options, notify }: Loop,
  now: Date,
): Promise<Ticked> {
  const snapshot = await collector.collect(now)
  await store.saveSnapshot(snapshot, ALL_FACTS)
  const outcomes = await evaluate(checks, snapshot, store, { options }, now)
  await store.saveOutcomes(targetId, outcomes, now)
  const changes = track(targetId, checks, await store.knownFindings(targetId), outcomes, now)
  await store.saveChanges(changes, now)
  await notify(noticesOf(changes))
  return { snapshot, outcomes, changes }
}
