// One target's loop: ticks at its cadence under the target's lease, alone; a failure of one target touches no other.

import { setTimeout as sleep } from 'node:timers/promises'
import { StewardError } from '../model/error.ts'
import type { CollectionCost, Snapshot } from '../model/fact.ts'
import type { Target } from '../model/target.ts'
import type { Milliseconds } from '../model/units.ts'
import type { Loop, Ticked } from './loop.ts'
import { tick } from './tick.ts'

export interface TargetState {
  readonly status: 'starting' | 'up' | 'down'
  readonly because: string | null
  readonly snapshot: Snapshot | null
  readonly lastReadAt: Date | null
  readonly rounds: number
  readonly totalCost: CollectionCost
}

export interface WatcherOptions {
  readonly target: Target
  readonly loop: Loop
  readonly everyMs: Milliseconds
  /** Names this process among those that share the store. */
  readonly holder: string
  readonly onTick?: (ticked: Ticked) => void
  readonly onFailure?: (error: unknown) => void
}

/** After a failure the next try waits this long, doubling up to the cap: a server that restarts is back within seconds. */
const RETRY_FROM_MS = 2_000
const RETRY_UP_TO_MS = 60_000
const FIRST_EVERY_MS = 10_000

export class Watcher {
  readonly #options: WatcherOptions
  readonly #stop = new AbortController()
  #state: TargetState = {
    status: 'starting',
    because: null,
    snapshot: null,
    lastReadAt: null,
    rounds: 0,
    totalCost: { statements: 0, rows: 0, bytes: 0, tookMs: 0 },
  }
  #running: Promise<void> | null = null
  #isOurs = false

  constructor(options: WatcherOptions) {
    this.#options = options
  }

  get target(): Target {
    return this.#options.target
  }

  get state(): TargetState {
    return this.#state
  }

  /** Whether this process has the target's lease, as far as it knows. */
  get isOurs(): boolean {
    return this.#isOurs
  }

  start(): void {
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
    await this.#options.loop.collector.close()
  }

  async #run(): Promise<void> {
    let failures = 0
    while (!this.#stop.signal.aborted) {
      const startedAt = new Date()
      failures = (await this.#tickOnce(startedAt)) ? 0 : failures + 1
      const waitMs = failures === 0 ? this.#untilNext(startedAt) : retryAfter(failures)
      await sleep(Math.max(100, waitMs), undefined, { signal: this.#stop.signal }).catch(() => undefined)
    }
  }

  #untilNext(startedAt: Date): Milliseconds {
    const now = new Date()
    const restUntil = this.#options.loop.collector.restUntil(now)
    if (restUntil !== null) return restUntil.getTime() - now.getTime()
    // increases need two readings: a new user should not look at an empty page for a minute
    const everyMs =
      this.#state.rounds === 1 ? Math.min(FIRST_EVERY_MS, this.#options.everyMs) : this.#options.everyMs
    return everyMs - (now.getTime() - startedAt.getTime())
  }

  async #tickOnce(now: Date): Promise<boolean> {
    const { target, loop, holder, everyMs, onTick, onFailure } = this.#options
    try {
      // three missed rounds, and another process may take the target over
      const isOurs = await loop.store.lease(target.id, holder, Math.max(30_000, everyMs * 3), now)
      this.#isOurs = isOurs
      if (!isOurs) {
        this.#state = {
          ...this.#state,
          status: 'up',
          because: 'another pgsteward process watches this target',
        }
        return true
      }
      // the second round reads everything again, so that even slow counters have an interval soon
      const ticked = await tick(loop, now, { everything: this.#state.rounds === 1 })
      this.#state = {
        status: 'up',
        because: null,
        snapshot: ticked.snapshot,
        lastReadAt: now,
        rounds: this.#state.rounds + 1,
        totalCost: addCosts(this.#state.totalCost, ticked.snapshot.cost),
      }
      onTick?.(ticked)
      return true
    } catch (error) {
      if (this.#stop.signal.aborted) return true
      const because =
        error instanceof StewardError ? error.message : `a bug in pgsteward: ${(error as Error).message}`
      this.#state = { ...this.#state, status: 'down', because }
      onFailure?.(error)
      return false
    }
  }
}

function retryAfter(failures: number): Milliseconds {
  return Math.min(RETRY_UP_TO_MS, RETRY_FROM_MS * 2 ** (failures - 1))
}

function addCosts(a: CollectionCost, b: CollectionCost): CollectionCost {
  return {
    statements: a.statements + b.statements,
    rows: a.rows + b.rows,
    bytes: a.bytes + b.bytes,
    tookMs: a.tookMs + b.tookMs,
  }
}
