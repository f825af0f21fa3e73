// Answers about capacity: a target's plan, kept for some minutes, since it takes seconds and changes by the hour.

import type { CapacityPlanWire } from '../../model/capacity.ts'
import type { Milliseconds } from '../../model/units.ts'
import { planOfTarget } from '../capacity/plan-of-target.ts'
import type { Steward } from '../steward.ts'
import { watcherOf } from './watcher-of.ts'

const KEPT_MS: Milliseconds = 10 * 60_000
/** Of other numbers of users that somebody asked for; the oldest goes. */
const MOST_KEPT = 20

interface Kept {
  readonly atMs: Milliseconds
  readonly plan: Promise<CapacityPlanWire>
}

export class CapacityViews {
  readonly #steward: Steward
  readonly #now: () => Date
  readonly #kept = new Map<string, Kept>()

  constructor(steward: Steward, now: () => Date) {
    this.#steward = steward
    this.#now = now
  }

  /** `users`: how many times as many; absent: as configured. */
  async plan(targetId: string, users?: number): Promise<CapacityPlanWire> {
    watcherOf(this.#steward, targetId)
    const { store, config } = this.#steward
    const now = this.#now()
    const key = JSON.stringify([targetId, users ?? config.capacity.users])
    const known = this.#kept.get(key)
    if (known !== undefined && now.getTime() - known.atMs < KEPT_MS) return known.plan
    const plan = planOfTarget({ config, store, targetId, now, users })
    const made = { atMs: now.getTime(), plan }
    this.#kept.delete(key)
    this.#kept.set(key, made)
    // one that failed is tried anew by who asks next
    plan.catch(() => this.#kept.get(key) === made && this.#kept.delete(key))
    if (this.#kept.size > MOST_KEPT) this.#kept.delete(this.#kept.keys().next().value!)
    return plan
  }
}
