// The rights to collect, of all targets together: one statement renews what this process has and takes what nobody has, so that two hundred
// targets cost the store no more than one, and none is without a watcher for long after its process was killed.

import type { Store } from '../store/store.ts'

/** A process that was killed is missed after as long; one that hangs for less keeps what it has. */
const LEASE_MS = 15_000
/** Three tries within a lease. A target is taken over within the two together, and then read at once. */
const RENEW_EVERY_MS = 4_000

export interface LeaseKeeperOptions {
  readonly store: Pick<Store, 'lease'>
  /** Names this process among those that share the store. */
  readonly holder: string
  readonly targetIds: readonly string[]
  /** Other processes had these, or nobody, and this one has them now. */
  readonly onGained?: (targetIds: readonly string[]) => void
}

export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions
  #held: ReadonlySet<string> = new Set()
  /** By the clock that nobody sets. */
  #renewedAt = Number.NEGATIVE_INFINITY
  #renewing: Promise<void> | null = null
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(options: LeaseKeeperOptions) {
    this.#options = options
  }

  /** As far as this process knows. False once its lease has run out: another may have it by now. */
  isOurs(targetId: string): boolean {
    return performance.now() - this.#renewedAt < LEASE_MS && this.#held.has(targetId)
  }

  /** Asks the store where the last answer is not of late; all targets together. Throws what the store throws. */
  async claim(targetId: string): Promise<boolean> {
    if (performance.now() - this.#renewedAt >= RENEW_EVERY_MS) await this.#renew()
    return this.isOurs(targetId)
  }

  start(): void {
    // whoever needs a lease asks by himself, and tells what the store says
    const renew = () => void this.#renew().catch(() => undefined)
    this.#timer ??= setInterval(renew, RENEW_EVERY_MS)
    renew()
  }

  /** Takes no more. What it has is to be given back by `releaseLeases`, once nothing is read any more. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#renewing?.catch(() => undefined)
  }

  #renew(): Promise<void> {
    this.#renewing ??= this.#ask().finally(() => {
      this.#renewing = null
    })
    return this.#renewing
  }

  async #ask(): Promise<void> {
    const { store, holder, targetIds, onGained } = this.#options
    // a lease that is long on its way has begun when it was asked for
    const askedAt = performance.now()
    const held = await store.lease(targetIds, holder, LEASE_MS)
    const had = askedAt - this.#renewedAt < LEASE_MS ? this.#held : new Set<string>()
    this.#held = held
    this.#renewedAt = askedAt
    const gained = [...held].filter((id) => !had.has(id))
    if (gained.length > 0) onGained?.(gained)
  }
}
