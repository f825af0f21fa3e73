// One target's sampling: every second under the target's lease, at its own pace and on its own connection, so that no target waits
// for another; what it sees lives here for the live view, and in the store for the rest.

import { setTimeout as sleep } from 'node:timers/promises'
import { ActivityRollup } from '../../collect/activity/activity-rollup.ts'
import type { BlockingTree } from '../../collect/activity/blocking-tree.ts'
import { IncidentTracker } from '../../collect/activity/incident-tracker.ts'
import { type ActivitySample, ActivitySampler } from '../../collect/activity/sampler.ts'
import { SeenStatements } from '../../collect/activity/seen-statements.ts'
import type { ServerReadings } from '../../collect/server-readings.ts'
import type { BlockingIncident } from '../../model/activity.ts'
import { StewardError } from '../../model/error.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { Session } from '../../postgres/connect.ts'
import type { Store } from '../../store/store.ts'
import { ActivityKeeper } from './activity-keeper.ts'

export interface ActivityState {
  readonly status: 'off' | 'waiting' | 'sampling' | 'resting' | 'down'
  /** Why it does not sample, or does so more rarely than configured; null: all is as it should be. */
  readonly because: string | null
  readonly everyMs: Milliseconds
  readonly sampledAt: Date | null
  readonly samples: number
  /** What an answer takes the server, on average of late. */
  readonly answerMs: Milliseconds | null
  readonly statementsSent: number
  readonly bytesReceived: number
}

export interface LiveActivity {
  readonly sample: ActivitySample
  readonly trees: readonly BlockingTree[]
  readonly incidents: readonly BlockingIncident[]
}

export interface ActivityWatchOptions {
  readonly targetId: string
  readonly open: () => Promise<Session>
  readonly store: Store
  readonly enabled: boolean
  readonly everyMs: Milliseconds
  /** The lease: false while another process watches the target, or nobody has told yet. */
  readonly isOurs: () => boolean
  /** While a serverless target is left to sleep. */
  readonly restUntil: (now: Date) => Date | null
  /** Targets on one server are sampled together. */
  readonly serverReadings?: ServerReadings
}

/** A statement of a second is slow to whoever waits for it; sampling sees no shorter ones for sure (S3). */
const SLOW_MS = 1_000
/** As long for a wait behind one root. */
const BLOCKED_MS = 1_000
const SAVE_EVERY_MS = 10_000
/** The live view asks every two seconds; when it stops asking, texts of all sessions are not read any more. */
const LOOKED_AT_MS = 15_000
const RETRY_FROM_MS = 2_000
const RETRY_UP_TO_MS = 60_000
const IDLE_MS = 1_000

export class ActivityWatch {
  readonly #options: ActivityWatchOptions
  readonly #stop = new AbortController()
  readonly #sampler: ActivitySampler
  readonly #rollup: ActivityRollup
  readonly #incidents = new IncidentTracker({ fromMs: BLOCKED_MS })
  readonly #statements = new SeenStatements(SLOW_MS)
  readonly #keeper: ActivityKeeper
  #status: ActivityState['status']
  #because: string | null = null
  #sample: ActivitySample | null = null
  #samples = 0
  #lookedAt = 0
  #savedAt = 0
  #running: Promise<void> | null = null

  constructor(options: ActivityWatchOptions) {
    this.#options = options
    this.#status = options.enabled ? 'waiting' : 'off'
    const { open, everyMs, serverReadings } = options
    this.#sampler = new ActivitySampler({
      open,
      everyMs,
      slowMs: SLOW_MS,
      ...(serverReadings === undefined ? {} : { serverReadings }),
    })
    this.#rollup = new ActivityRollup(options.everyMs)
    this.#keeper = new ActivityKeeper(options.store, options.targetId)
  }

  get state(): ActivityState {
    const { pace } = this.#sampler
    return {
      status: this.#status,
      because:
        this.#because ??
        (this.#status === 'off'
          ? 'it is switched off in the configuration (activity.enabled)'
          : pace.because),
      everyMs: pace.everyMs,
      sampledAt: this.#sample?.at ?? null,
      samples: this.#samples,
      answerMs: pace.answerMs,
      statementsSent: this.#sampler.statementsSent,
      bytesReceived: this.#sampler.bytesReceived,
    }
  }

  get latest(): ActivitySample | null {
    return this.#sample
  }

  /** The latest sample; null while there is none to show. From now on texts of all sessions are read, for as long as it is asked. */
  live(now: Date): LiveActivity | null {
    this.#lookedAt = now.getTime()
    if (this.#sample === null || this.#status !== 'sampling') return null
    return { sample: this.#sample, trees: this.#incidents.trees, incidents: this.#incidents.live() }
  }

  /** `afterMs`: as of the target's watcher. */
  start(afterMs: Milliseconds = 0): void {
    if (this.#options.enabled) this.#running ??= this.#sleep(afterMs).then(() => this.#run())
  }

  /** Keeps what was seen so far. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
    await this.#pause(new Date())
    await this.#keeper.finish(new Date())
  }

  async #run(): Promise<void> {
    let failures = 0
    let isFirst = true
    while (!this.#stop.signal.aborted) {
      const now = new Date()
      const hindrance = this.#hindrance(now)
      if (hindrance !== null) {
        if (this.#sampler.isOpen) await this.#pause(now)
        ;[this.#status, this.#because] = hindrance
        await this.#sleep(IDLE_MS)
        continue
      }
      try {
        if (isFirst) await this.#options.store.endLostIncidents(this.#options.targetId, now)
        isFirst = false
        await this.#sampleOnce(now)
        failures = 0
        const { everyMs } = this.#sampler.pace
        // a clock that was set back meanwhile
        await this.#sleep(Math.min(everyMs, everyMs - (Date.now() - now.getTime())))
      } catch (error) {
        if (this.#stop.signal.aborted) return
        failures += 1
        this.#status = 'down'
        this.#because =
          error instanceof StewardError ? error.message : `a bug in pgsteward: ${(error as Error).message}`
        await this.#pause(now)
        await this.#sleep(Math.min(RETRY_UP_TO_MS, RETRY_FROM_MS * 2 ** (failures - 1)))
      }
    }
  }

  #hindrance(now: Date): readonly [ActivityState['status'], string] | null {
    if (!this.#options.isOurs()) return ['waiting', 'the target is not watched by this process, or not yet']
    const restUntil = this.#options.restUntil(now)
    if (restUntil === null) return null
    return ['resting', `nobody uses the database, so it may sleep until ${restUntil.toISOString()}`]
  }

  async #sampleOnce(now: Date): Promise<void> {
    const isLookedAt = isWithin(LOOKED_AT_MS, this.#lookedAt, now)
    const sample = await this.#sampler.sample(now, isLookedAt)
    this.#sample = sample
    this.#samples += 1
    this.#status = 'sampling'
    this.#because = null
    this.#keeper.minute(this.#rollup.add(sample, this.#sampler.pace.everyMs))
    this.#keeper.texts(sample.newTexts)
    this.#keeper.ended(this.#statements.note(sample), now)
    const changed = this.#incidents.note(sample)
    this.#keeper.incidents(changed)
    if (changed.length === 0 && isWithin(SAVE_EVERY_MS, this.#savedAt, now)) return
    this.#savedAt = now.getTime()
    this.#keeper.incidents(this.#incidents.live())
    this.#keeper.minute(this.#rollup.current())
    // behind the sample, which it must not delay; what the store does not take is kept for the next time
    void this.#keeper.save(now)
  }

  async #pause(now: Date): Promise<void> {
    await this.#sampler.close()
    this.#sample = null
    this.#keeper.minute(this.#rollup.current())
    this.#keeper.incidents(this.#incidents.endAll())
    this.#keeper.ended(this.#statements.takeAll(), now)
    void this.#keeper.save(now)
  }

  async #sleep(ms: Milliseconds): Promise<void> {
    await sleep(Math.max(50, ms), undefined, { signal: this.#stop.signal }).catch(() => undefined)
  }
}

/** A moment that lies ahead was told by a clock that has been set back: it is as good as long ago. */
function isWithin(ms: Milliseconds, at: number, now: Date): boolean {
  const ageMs = now.getTime() - at
  return ageMs >= 0 && ageMs < ms
}
