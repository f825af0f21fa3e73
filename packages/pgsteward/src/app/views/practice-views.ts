// Answers about how well the practice goes.

import { spansBefore } from '../../govern/practice/practice-metrics.ts'
import type { PracticeWire } from '../../model/practice-wire.ts'
import type { Milliseconds } from '../../model/units.ts'
import { practiceOf } from '../govern/practice.ts'
import type { Steward } from '../steward.ts'
import { watcherOf } from './watcher-of.ts'

export class PracticeViews {
  readonly #steward: Steward
  readonly #now: () => Date

  constructor(steward: Steward, now: () => Date) {
    this.#steward = steward
    this.#now = now
  }

  over(targetId: string | undefined, lengthMs: Milliseconds): Promise<PracticeWire> {
    if (targetId !== undefined) watcherOf(this.#steward, targetId)
    const now = this.#now()
    return practiceOf(this.#steward.store, targetId, spansBefore(now, lengthMs), now)
  }
}
