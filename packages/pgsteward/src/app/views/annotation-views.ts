// Answers about what happened to a target in a time, as marks for charts.

import type { AnnotationsWire } from '../../model/annotation-wire.ts'
import type { Window } from '../../model/units.ts'
import type { Steward } from '../steward.ts'
import { watcherOf } from './watcher-of.ts'

export class AnnotationViews {
  readonly #steward: Steward

  constructor(steward: Steward) {
    this.#steward = steward
  }

  async within(targetId: string, window: Window): Promise<AnnotationsWire> {
    watcherOf(this.#steward, targetId)
    const { annotations, leftOut } = await this.#steward.store.annotations(targetId, window)
    return {
      annotations: annotations.map((each) => ({
        ...each,
        at: each.at.toISOString(),
        until: each.until?.toISOString() ?? null,
      })),
      leftOut,
    }
  }
}
