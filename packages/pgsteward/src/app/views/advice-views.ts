// Answers about advice: the latest run and its report, what to run for the advised indexes, and what new indexes did.

import type { AdviceScriptWire, AdviceWire, IndexEffectsWire } from '../../model/wire.ts'
import type { Steward } from '../steward.ts'
import { watcherOf } from './watcher-of.ts'

export class AdviceViews {
  readonly #steward: Steward

  constructor(steward: Steward) {
    this.#steward = steward
  }

  async advice(targetId: string): Promise<AdviceWire> {
    watcherOf(this.#steward, targetId)
    return {
      status: 'never',
      because: null,
      progress: null,
      startedAt: null,
      finishedAt: null,
      nextAt: null,
      workload: null,
      reportAt: null,
      report: null,
    }
  }

  async script(
    targetId: string,
    _format: 'sql' | 'prisma',
    _names: readonly string[],
  ): Promise<AdviceScriptWire> {
    watcherOf(this.#steward, targetId)
    return { files: [] }
  }

  async effects(targetId: string): Promise<IndexEffectsWire> {
    watcherOf(this.#steward, targetId)
    return { effects: [] }
  }
}
