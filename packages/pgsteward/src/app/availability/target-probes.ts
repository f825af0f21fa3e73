// The probes of one target: each at its own pace, under the target's lease, so that of several processes one asks. What the store does
// not take is kept for a while and saved later.

import { setTimeout as sleep } from 'node:timers/promises'
import type { ProbeAttempt } from '../../model/availability.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { AvailabilityStore } from '../../store/availability/availability-store.ts'
import type { PlannedProbe } from './planned-probes.ts'

export interface TargetProbesOptions {
  readonly targetId: string
  readonly probes: readonly PlannedProbe[]
  readonly store: Pick<AvailabilityStore, 'declareProbes' | 'saveProbeAttempt'>
  /** The lease: false while another process watches the target, or nobody has told yet. */
  readonly isOurs: () => boolean
  readonly now: () => Date
  /** After a probe began to fail, failed again, or is back. */
  readonly onNews: () => void
  readonly onFailure: (error: unknown) => void
}

/** A second failure makes it certain, and people wait for it; so do they for the end of a restart. */
const AGAIN_AFTER_MS: Milliseconds = 5_000
/** A minute of those; what is down for longer is asked at its own pace. */
const AGAIN_TIMES = 12
const IDLE_MS: Milliseconds = 1_000
/** An hour at twice a minute. */
const MOST_UNSAVED = 120

export class TargetProbes {
  readonly #options: TargetProbesOptions
  readonly #stop = new AbortController()
  #running: Promise<unknown> | null = null
  #isDeclared = false

  constructor(options: TargetProbesOptions) {
    this.#options = options
  }

  start(): void {
    this.#running ??= Promise.all([
      this.#declare(),
      ...this.#options.probes.map((planned) =>
        planned.ask === null ? null : this.#run(planned, planned.ask),
      ),
    ])
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  /** Each time that the target becomes ours: another process may have been configured otherwise. */
  async #declare(): Promise<void> {
    const { targetId, probes, store, isOurs, now, onFailure } = this.#options
    while (!this.#stop.signal.aborted) {
      try {
        if (isOurs() && !this.#isDeclared)
          await store.declareProbes(
            targetId,
            probes.map(({ probe }) => probe),
            now(),
          )
        this.#isDeclared = isOurs()
      } catch (error) {
        onFailure(error)
      }
      await this.#sleep(IDLE_MS)
    }
  }

  async #run(planned: PlannedProbe, ask: NonNullable<PlannedProbe['ask']>): Promise<void> {
    const { now } = this.#options
    const unsaved: ProbeAttempt[] = []
    let failures = 0
    while (!this.#stop.signal.aborted) {
      if (!this.#isDeclared) {
        await this.#sleep(IDLE_MS)
        continue
      }
      const at = now()
      const attempt = { at, ...(await ask(this.#stop.signal)) }
      // broken off by us: it says nothing
      if (this.#stop.signal.aborted) return
      unsaved.push(attempt)
      unsaved.splice(0, Math.max(0, unsaved.length - MOST_UNSAVED))
      await this.#save(planned, unsaved)
      const before = failures
      failures = attempt.isUp ? 0 : failures + 1
      if (failures === 1 || failures === 2 || (failures === 0 && before > 0)) this.#options.onNews()
      const againMs = failures > 0 && failures <= AGAIN_TIMES ? AGAIN_AFTER_MS : planned.probe.everyMs
      const waitMs = Math.min(againMs, planned.probe.everyMs)
      // a clock that was set back while it was asked
      await this.#sleep(Math.min(waitMs, at.getTime() + waitMs - now().getTime()))
    }
  }

  async #save({ probe, isExcluded }: PlannedProbe, unsaved: ProbeAttempt[]): Promise<void> {
    const { targetId, store, onFailure } = this.#options
    try {
      for (const attempt of [...unsaved]) {
        await store.saveProbeAttempt(targetId, probe, attempt, isExcluded(attempt.at))
        unsaved.shift()
      }
    } catch (error) {
      onFailure(error)
    }
  }

  async #sleep(ms: Milliseconds): Promise<void> {
    await sleep(Math.max(0, ms), undefined, { signal: this.#stop.signal }).catch(() => undefined)
  }
}
