// When advice is sought: once a day for each target, and when someone asks; one run at a time, each in a process of its own. A run
// that fails says why and is tried again; it never troubles the watching.

import type { AdviceRun, AdviceWorkload } from '../../model/advice-run.ts'
import type { Milliseconds } from '../../model/units.ts'
import { formatDuration } from '../../report/format.ts'
import type { Store } from '../../store/store.ts'
import type { Config } from '../config/config-schema.ts'
import { type AdviceOrder, adviceInProcess, type RunningAdvice } from './advice-process.ts'
import { historyWorkload, workloadWindow } from './advice-workload.ts'

export interface AdvisedTarget {
  readonly id: string
  readonly url: string
  /** Null: not known yet, or another process watches it. */
  readonly database: () => string | null
}

export interface AdviceRunsOptions {
  readonly store: Store
  readonly config: Config['advise']
  readonly targets: readonly AdvisedTarget[]
  readonly cacheDir: string
  readonly now: () => Date
  /** In place of a process, for tests. */
  readonly run?: (order: AdviceOrder, running: RunningAdvice) => Promise<NonNullable<AdviceRun['report']>>
}

export interface AdviceState {
  readonly isRunning: boolean
  readonly progress: string | null
  readonly startedAt: Date | null
  /** Null: none is planned, or it is not known when. */
  readonly nextAt: Date | null
  /** Why there is none yet. */
  readonly because: string | null
}

const LOOK_EVERY_MS: Milliseconds = 10_000
/** What failed by a passing cause shall not wait for a day. */
const RETRY_MS: Milliseconds = 3_600_000
/** A run of another process that is older has been lost: its own time limit is shorter. */
const LOST_AFTER_MS: Milliseconds = 3_600_000

/** Times firstAfter: where statements are evicted all the time the history never covers much, and pg_stat_statements has to do. */
const LONGEST_WAIT = 2

interface Job {
  readonly askedAt: Date
  startedAt: Date | null
  progress: string
}

export class AdviceRuns {
  readonly #options: AdviceRunsOptions
  readonly #jobs = new Map<string, Job>()
  readonly #stop = new AbortController()
  #timer: NodeJS.Timeout | null = null
  #startedAt: Date | null = null
  #working: Promise<void> = Promise.resolve()
  #isLooking = false

  constructor(options: AdviceRunsOptions) {
    this.#options = options
  }

  start(): void {
    const { store, now, config } = this.#options
    this.#startedAt = now()
    // an embedded store is ours alone: whatever runs in it ended with the process before
    const before = new Date(now().getTime() - (store.kind === 'embedded' ? 0 : LOST_AFTER_MS))
    this.#working = store
      .endLostAdvice(before, 'pgsteward was stopped while it ran', now())
      .catch(() => undefined)
    if (!config.enabled) return
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS)
    this.#timer.unref()
  }

  /** Ends the run under way, and waits for it. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#stop.abort()
    await this.#working
  }

  /** Runs now, or after the one of another target; nothing is added to one that runs or waits already. */
  request(targetId: string): void {
    const target = this.#options.targets.find(({ id }) => id === targetId)
    if (target === undefined || this.#jobs.has(targetId) || this.#stop.signal.aborted) return
    const isAlone = this.#jobs.size === 0
    const job: Job = {
      askedAt: this.#options.now(),
      startedAt: null,
      progress: isAlone ? 'starting' : 'waiting for the advice of another target',
    }
    this.#jobs.set(targetId, job)
    this.#working = this.#working
      .then(() => this.#work(target, job))
      .catch(() => undefined)
      .finally(() => this.#jobs.delete(targetId))
  }

  /** Resolves when nothing runs or waits any more. */
  async settled(): Promise<void> {
    await this.#working
  }

  async state(targetId: string): Promise<AdviceState> {
    const job = this.#jobs.get(targetId)
    if (job !== undefined)
      return {
        isRunning: true,
        progress: job.progress,
        startedAt: job.startedAt ?? job.askedAt,
        nextAt: null,
        because: null,
      }
    const { nextAt, because } = await this.#next(targetId)
    return { isRunning: false, progress: null, startedAt: null, nextAt, because }
  }

  async #look(): Promise<void> {
    // a store that answers slowly is not asked again meanwhile
    if (this.#isLooking) return
    this.#isLooking = true
    try {
      for (const target of this.#options.targets) {
        if (target.database() === null || this.#jobs.has(target.id)) continue
        const { nextAt } = await this.#next(target.id)
        if (nextAt !== null && nextAt <= this.#options.now()) this.request(target.id)
      }
    } catch {
      // the store fails: health says so, and the next look is in seconds
    } finally {
      this.#isLooking = false
    }
  }

  async #next(targetId: string): Promise<Pick<AdviceState, 'nextAt' | 'because'>> {
    const { store, config, now } = this.#options
    if (!config.enabled)
      return { nextAt: null, because: 'it is switched off (advise.enabled): it runs when asked for' }
    const latest = await store.latestAdviceRun(targetId)
    if (latest !== null) {
      const waitMs =
        latest.status === 'failed'
          ? Math.min(RETRY_MS, config.every)
          : latest.status === 'running'
            ? LOST_AFTER_MS
            : config.every
      const since = latest.finishedAt ?? latest.startedAt
      return { nextAt: new Date(since.getTime() + waitMs), because: null }
    }
    const { seconds } = await store.statementSums(targetId, workloadWindow(now()))
    const lacksMs = config.firstAfter - seconds * 1000
    if (lacksMs <= 0) return { nextAt: now(), because: null }
    const longestAt = (this.#startedAt?.getTime() ?? now().getTime()) + LONGEST_WAIT * config.firstAfter
    const nextAt = new Date(Math.min(now().getTime() + lacksMs, longestAt))
    if (seconds === 0) return { nextAt, because: 'no statements have been read yet' }
    return {
      nextAt,
      because: `the first one waits until the history covers ${formatDuration(config.firstAfter)}; it covers ${formatDuration(seconds * 1000)}`,
    }
  }

  async #work(target: AdvisedTarget, job: Job): Promise<void> {
    if (this.#stop.signal.aborted) return
    const { store, config, cacheDir, now, run = adviceInProcess } = this.#options
    job.startedAt = now()
    job.progress = 'reading the workload'
    const id = await store.startAdvice(target.id, job.startedAt)
    try {
      const found = await this.#workload(target)
      const report = await run(
        {
          url: target.url,
          workload: found?.workload ?? null,
          budget: config.budget,
          atMost: config.atMost,
          searchMs: config.searchFor,
          cacheDir,
        },
        {
          signal: this.#stop.signal,
          onProgress: (text) => {
            job.progress = text
          },
        },
      )
      const workload: AdviceWorkload = found?.about ?? {
        source: 'pg_stat_statements',
        statements: report.statements.length,
        from: null,
        to: job.startedAt,
        execMsPerMinute: {},
      }
      await store.finishAdvice(id, { status: 'done', because: null, workload, report }, now())
    } catch (error) {
      const because = this.#stop.signal.aborted
        ? 'pgsteward was stopped while it ran'
        : (error as Error).message
      await store.finishAdvice(id, { status: 'failed', because, workload: null, report: null }, now())
    }
  }

  /** The history once there is enough of it; before, pg_stat_statements knows more. */
  async #workload({ id, database }: AdvisedTarget) {
    const { store, config, now } = this.#options
    const name = database()
    if (name === null) return null
    const { seconds } = await store.statementSums(id, workloadWindow(now()))
    if (seconds * 1000 < config.firstAfter) return null
    return await historyWorkload(store, id, name, now())
  }
}
