// One target's loop: ticks at its cadence under the target's lease, and beside it what the store alone tells, which no target may hold
// up; a failure of one target touches no other.

import { setTimeout as sleep } from 'node:timers/promises'
import { StoredReadings } from '../evaluate/stored-readings.ts'
import { ALL_FACTS } from '../facts/all.ts'
import type { AnyCheck } from '../model/check.ts'
import { StewardError } from '../model/error.ts'
import type { CollectionCost, Fact, Snapshot } from '../model/fact.ts'
import type { Target } from '../model/target.ts'
import type { Milliseconds } from '../model/units.ts'
import type { LeaseKeeper } from './lease-keeper.ts'
import type { Loop, Ticked } from './loop.ts'
import { snapshotKeeper } from './snapshot-keeper.ts'
import { judgeStored, tick } from './tick.ts'

export interface TargetState {
  readonly status: 'starting' | 'up' | 'down'
  readonly because: string | null
  /** Why the store did not take the latest reading, or gave no lease; null: it did. Says nothing about the target. */
  readonly storeFails: string | null
  readonly snapshot: Snapshot | null
  readonly lastReadAt: Date | null
  readonly rounds: number
  readonly totalCost: CollectionCost
}

export interface WatcherOptions {
  readonly target: Target
  readonly loop: Loop
  readonly everyMs: Milliseconds
  readonly leases: Pick<LeaseKeeper, 'claim' | 'isOurs'>
  /** After each whole round; not after those that read what is urgent alone. */
  readonly onTick?: (ticked: Ticked) => void
  readonly onFailure?: (error: unknown) => void
}

/** After a failure the next try waits this long, doubling up to the cap: a server that restarts is back within seconds. */
const RETRY_FROM_MS = 2_000
const RETRY_UP_TO_MS = 60_000
const FIRST_EVERY_MS = 10_000
/**
 * What is urgent, and what the store alone tells, is judged at least this often: with the quarter of a minute in which applications
 * report, and half a minute that a check may hold something back, people hear of it within a minute.
 */
const JUDGE_EVERY_MS = 15_000
/** A timer may fire a little early. */
const EARLY_MS = 500

export class Watcher {
  readonly #options: WatcherOptions
  readonly #stop = new AbortController()
  readonly #judgeEveryMs: Milliseconds
  /** Each check is judged in one of the two, so that they never say different things of one moment. */
  readonly #ofTarget: Loop
  readonly #ofStore: Loop
  #state: TargetState = {
    status: 'starting',
    because: null,
    storeFails: null,
    snapshot: null,
    lastReadAt: null,
    rounds: 0,
    totalCost: { statements: 0, rows: 0, bytes: 0, tookMs: 0 },
  }
  #running: Promise<unknown> | null = null
  #waiting = new AbortController()
  #resting = new AbortController()
  #wholeAt: Date | null = null
  #isOutdated = false
  #isOthers = false

  constructor(options: WatcherOptions) {
    const { loop, everyMs } = options
    this.#options = options
    this.#judgeEveryMs = Math.min(JUDGE_EVERY_MS, everyMs)
    // kept apart: what one way read a moment before the other is not as fresh as that one's own reading
    const part = (isPart: (check: AnyCheck) => boolean): Loop => ({
      ...loop,
      checks: loop.checks.filter(isPart),
      kept: new StoredReadings(everyMs),
    })
    this.#ofTarget = {
      ...part((check) => !isOfStore(check)),
      keeper: snapshotKeeper(loop.store, ALL_FACTS),
    }
    this.#ofStore = part(isOfStore)
  }

  get target(): Target {
    return this.#options.target
  }

  get state(): TargetState {
    return this.#state
  }

  /** Whether this process has the target's lease, as far as it knows. */
  get isOurs(): boolean {
    return this.#options.leases.isOurs(this.target.id)
  }

  /** What the store alone tells is judged at once: something was seen that people wait for. */
  judgeSoon(): void {
    this.#waiting.abort()
  }

  /** Another process had the lease, and this one has it since now: a target that nobody watched for a while is read at once. */
  takeOver(): void {
    if (!this.#isOthers) return
    this.#waiting.abort()
    this.#resting.abort()
  }

  /** Every fact is read at once, whatever its pace: the target was changed, and people wait for what checks say now. */
  readAgain(): void {
    this.#isOutdated = true
    this.#resting.abort()
  }

  /** `afterMs`: many that begin at once would all be waiting for the same processors, now and at each round. */
  start(afterMs: Milliseconds = 0): void {
    this.#running ??= this.#begin(afterMs)
  }

  async #begin(afterMs: Milliseconds): Promise<void> {
    await sleep(afterMs, undefined, { signal: this.#stop.signal }).catch(() => undefined)
    await Promise.all([this.#run(), this.#runStored()])
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
      this.#resting = new AbortController()
      failures = (await this.#tickOnce(startedAt, failures === 0)) ? 0 : failures + 1
      await this.#sleep(
        failures === 0 ? this.#untilNext(startedAt) : retryAfter(failures),
        this.#resting.signal,
      )
    }
  }

  /** Never waits for the target: what applications, logs and probes told is judged while it is slow or down. */
  async #runStored(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const now = new Date()
      this.#waiting = new AbortController()
      try {
        if (await this.#lease()) await judgeStored(this.#ofStore, this.#state.snapshot?.server ?? null, now)
      } catch (error) {
        if (!this.#stop.signal.aborted) this.#options.onFailure?.(error)
      }
      await this.#sleep(this.#atMostUntil(now.getTime() + this.#judgeEveryMs), this.#waiting.signal)
    }
  }

  async #sleep(ms: Milliseconds, orUntil?: AbortSignal): Promise<void> {
    const signal = orUntil === undefined ? this.#stop.signal : AbortSignal.any([this.#stop.signal, orUntil])
    await sleep(Math.max(100, ms), undefined, { signal }).catch(() => undefined)
  }

  async #lease(): Promise<boolean> {
    const isOurs = await this.#options.leases.claim(this.target.id)
    this.#isOthers = !isOurs
    return isOurs
  }

  #untilNext(startedAt: Date): Milliseconds {
    const now = new Date()
    const restUntil = this.#options.loop.collector.restUntil(now)
    if (restUntil !== null) return restUntil.getTime() - now.getTime()
    const urgentAt = startedAt.getTime() + this.#judgeEveryMs
    const wholeAt = this.#wholeDueAt(startedAt)
    return this.#atMostUntil(wholeAt > startedAt.getTime() ? Math.min(urgentAt, wholeAt) : urgentAt)
  }

  /** A clock that was set back meanwhile makes nobody wait until it is where it was. */
  #atMostUntil(at: number): Milliseconds {
    return Math.min(this.#judgeEveryMs, at - Date.now())
  }

  #wholeDueAt(now: Date): number {
    // a clock set back: at once
    if (this.#wholeAt === null || this.#wholeAt > now) return 0
    // increases need two readings: a new user should not look at an empty page for a minute
    const { everyMs } = this.#options
    return this.#wholeAt.getTime() + (this.#state.rounds === 1 ? Math.min(FIRST_EVERY_MS, everyMs) : everyMs)
  }

  async #tickOnce(now: Date, hasAnswered: boolean): Promise<boolean> {
    const { onTick, onFailure } = this.#options
    const isOutdated = this.#isOutdated
    this.#isOutdated = false
    const isWhole = isOutdated || !hasAnswered || now.getTime() >= this.#wholeDueAt(now) - EARLY_MS
    try {
      if (!(await this.#lease())) {
        this.#state = {
          ...this.#state,
          status: 'up',
          storeFails: null,
          because: 'another pgsteward process watches this target',
        }
        return true
      }
      // a store that is slow must not date what is read before it was
      const readAt = new Date()
      // the second round reads everything again, so that even slow counters have an interval soon
      const ticked = await tick(this.#ofTarget, readAt, {
        everything: isOutdated || this.#state.rounds === 1,
        anew: isOutdated,
        onlyUrgent: !isWhole,
      })
      this.#state = {
        status: 'up',
        because: null,
        storeFails: null,
        snapshot: ticked.snapshot,
        lastReadAt: ticked.snapshot.takenAt,
        rounds: this.#state.rounds + 1,
        totalCost: addCosts(this.#state.totalCost, ticked.snapshot.cost),
      }
      if (!isWhole) return true
      this.#wholeAt = now
      onTick?.(ticked)
      return true
    } catch (error) {
      if (this.#stop.signal.aborted) return true
      const because =
        error instanceof StewardError ? error.message : `a bug in pgsteward: ${(error as Error).message}`
      this.#state = isOfTheStore(error)
        ? { ...this.#state, storeFails: because }
        : { ...this.#state, status: 'down', because }
      onFailure?.(error)
      return false
    }
  }
}

function isOfStore({ needs }: AnyCheck): boolean {
  return Object.values<Fact>(needs).every(({ from }) => from === 'store')
}

function isOfTheStore(error: unknown): boolean {
  return error instanceof StewardError && error.code.startsWith('store-')
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
