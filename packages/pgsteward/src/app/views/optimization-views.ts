// Answers about optimization records: what was found, done and measured.

import type { z } from 'zod'
import type {
  amendOptimizationWire,
  OptimizationHeadWire,
  OptimizationWire,
} from '../../model/optimization-wire.ts'
import type { Steward } from '../steward.ts'
import { watcherOf } from './watcher-of.ts'

export class OptimizationViews {
  readonly #steward: Steward

  constructor(steward: Steward) {
    this.#steward = steward
  }

  async all(targetId: string | undefined): Promise<{ readonly optimizations: OptimizationHeadWire[] }> {
    if (targetId !== undefined) watcherOf(this.#steward, targetId)
    return { optimizations: (await this.#steward.optimizations.all(targetId)).map(headOf) }
  }

  one(name: string): Promise<OptimizationWire> {
    return this.#steward.optimizations.one(name)
  }

  amend(name: string, request: z.output<typeof amendOptimizationWire>): Promise<OptimizationWire> {
    return this.#steward.optimizations.amend(name, request)
  }
}

function headOf(is: OptimizationWire): OptimizationHeadWire {
  const { name, number, targetId, state, title, findingKey, openedAt, updatedAt, steps, verdict, value } = is
  return { name, number, targetId, state, title, findingKey, openedAt, updatedAt, steps, verdict, value }
}
