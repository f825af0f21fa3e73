// Plans and events of all targets, each behind its own target's readings, one after another.

import { PLAN_BUDGET } from '../../collect/plans/plan-queue.ts'
import type { Snapshot } from '../../model/fact.ts'
import type { Milliseconds } from '../../model/units.ts'
import { openSession } from '../../postgres/connect.ts'
import type { Store } from '../../store/store.ts'
import { type PlanningState, PlanWatch } from './plan-watch.ts'
import { TargetEventWatch } from './target-event-watch.ts'

export interface PlannedTarget {
  readonly id: string
  readonly url: string
  /** The target suspends when idle: no session is left open. */
  readonly letSleep: boolean
}

export interface PlanWatchesOptions {
  readonly store: Store
  readonly targets: readonly PlannedTarget[]
  readonly enabled: boolean
  /** Of one core of each target. */
  readonly share: number
  readonly onFailure?: (targetId: string, error: unknown) => void
}

/** Planning that takes longer is not worth it; a lock that is not free at once is not waited for. */
const STATEMENT_TIMEOUT_MS: Milliseconds = 1_000
const LOCK_TIMEOUT_MS: Milliseconds = 50

interface Watched {
  readonly events: TargetEventWatch
  readonly plans: PlanWatch
  doing: Promise<void>
  hasFailed: boolean
}

export class PlanWatches {
  readonly #options: PlanWatchesOptions
  readonly #watched: ReadonlyMap<string, Watched>
  #isStopped = false

  constructor(options: PlanWatchesOptions) {
    this.#options = options
    this.#watched = new Map(options.targets.map((target) => [target.id, this.#watch(target)]))
  }

  /** Behind a reading, which it does not delay. What fails is tried again with the next one. */
  notice(snapshot: Snapshot): void {
    const watched = this.#watched.get(snapshot.targetId)
    if (watched === undefined) return
    watched.doing = watched.doing.then(() => this.#after(watched, snapshot))
  }

  /** Null where planning is switched off. */
  state(targetId: string): PlanningState | null {
    return this.#options.enabled ? (this.#watched.get(targetId)?.plans.state ?? null) : null
  }

  /** Why the target gave no plan of a statement when it was last asked. */
  reasonOf(targetId: string, queryId: string): string | null {
    return this.#watched.get(targetId)?.plans.reasonOf(queryId) ?? null
  }

  statementsSent(targetId: string): number {
    return this.#watched.get(targetId)?.plans.statementsSent ?? 0
  }

  /** For tests: what was noticed is done. */
  async settled(): Promise<void> {
    await Promise.all([...this.#watched.values()].map(({ doing }) => doing))
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.settled()
    await Promise.all([...this.#watched.values()].map(({ plans }) => plans.close()))
  }

  async #after(watched: Watched, snapshot: Snapshot): Promise<void> {
    if (this.#isStopped) return
    const { events, plans } = watched
    try {
      const happened = await events.notice(snapshot)
      if (this.#options.enabled && !this.#isStopped) await plans.notice(snapshot, happened)
      watched.hasFailed = false
    } catch (error) {
      await plans.close().catch(() => undefined)
      // once, not with every reading
      if (!watched.hasFailed) this.#options.onFailure?.(snapshot.targetId, error)
      watched.hasFailed = true
    }
  }

  #watch({ id, url, letSleep }: PlannedTarget): Watched {
    const { store, share } = this.#options
    return {
      events: new TargetEventWatch(store, id),
      plans: new PlanWatch({
        targetId: id,
        store,
        budget: { ...PLAN_BUDGET, share },
        closesAfter: letSleep,
        open: () =>
          openSession(url, {
            purpose: 'plans',
            statementTimeoutMs: STATEMENT_TIMEOUT_MS,
            lockTimeoutMs: LOCK_TIMEOUT_MS,
          }),
      }),
      doing: Promise.resolve(),
      hasFailed: false,
    }
  }
}
