// Requests of any tool, one by one, folded into what a run keeps: histograms and windows per endpoint, and the course over time. Memory
// depends on the number of endpoints and seconds, never on the number of requests.

import { ALL_REQUESTS, type LoadRun, type RunMoment, type RunSeries } from '../../model/load-run.ts'
import { SeriesFold } from './series-fold.ts'
import { type ClosedWindow, WindowFold } from './window-fold.ts'

export interface FoldedRequest {
  readonly name: string
  readonly feature: string | null
  /** When it ended, since the epoch. */
  readonly atMs: number
  readonly ms: number
  /** Status or kind of failure; null: it succeeded. */
  readonly error: string | null
}

export interface FoldOptions {
  readonly warmUpMs?: number
  /** Of the series' windows. */
  readonly everyMs?: number
  /** How far behind the youngest a request may come and still count in its window's percentiles. */
  readonly keepMs?: number
  /** Each second as soon as it is over. */
  readonly onMoment?: (moment: RunMoment) => void
}

export interface FoldedRun {
  readonly startedAtMs: number
  /** Without the warm-up. */
  readonly durationMs: number
  readonly series: readonly RunSeries[]
  readonly requests: Pick<LoadRun['requests'], 'count' | 'errors' | 'errorKinds'>
  readonly checks: LoadRun['checks']
  readonly timeline: readonly RunMoment[]
}

/** A script without names makes an endpoint of every URL; beyond this many they are one. */
const MAX_SERIES = 500
export const OTHER_REQUESTS = 'other requests'
const SECOND_MS = 1000
const LONGEST_MS = 3 * 86_400_000

export class RunFold {
  readonly #warmUpMs: number
  readonly #everyMs: number
  readonly #keepMs: number
  readonly #series = new Map<string, SeriesFold>()
  readonly #all: SeriesFold
  readonly #seconds: WindowFold
  readonly #errorKinds = new Map<string, number>()
  readonly #checks = new Map<string, { passed: number; failed: number }>()
  readonly #users = new Map<number, number>()
  readonly #offered = new Map<number, number>()
  #startMs: number | null = null
  #endMs = Number.NEGATIVE_INFINITY

  constructor({ warmUpMs = 0, everyMs = SECOND_MS, keepMs = 30_000, onMoment }: FoldOptions = {}) {
    this.#warmUpMs = warmUpMs
    this.#everyMs = everyMs
    this.#keepMs = keepMs
    this.#all = new SeriesFold(ALL_REQUESTS, null, everyMs, keepMs)
    this.#seconds = new WindowFold(
      SECOND_MS,
      keepMs,
      onMoment === undefined ? null : (window) => onMoment(this.#momentOf(window, SECOND_MS)),
    )
  }

  get count(): number {
    return this.#all.count
  }

  get errors(): number {
    return this.#all.errors
  }

  /** False: so far from the rest that it is a damaged time, which would make a course of years. */
  accepts(atMs: number): boolean {
    return this.#startMs === null || Math.abs(atMs - this.#startMs) <= LONGEST_MS
  }

  /** Something happened then. The first such moment is the run's begin, the last its end. */
  touch(atMs: number): void {
    this.#startMs ??= atMs
    if (atMs > this.#endMs) this.#endMs = atMs
  }

  request({ name, feature, atMs, ms, error }: FoldedRequest): void {
    this.touch(atMs - ms)
    this.touch(atMs)
    const sinceMs = this.#since(atMs)
    this.#seconds.add(sinceMs, error === null ? ms : null)
    const measuredMs = sinceMs - this.#warmUpMs
    if (measuredMs < 0) return
    this.#all.add(measuredMs, ms, error !== null)
    this.#seriesOf(name, feature).add(measuredMs, ms, error !== null)
    if (error !== null) this.#errorKinds.set(error, (this.#errorKinds.get(error) ?? 0) + 1)
  }

  /** A measure that is no request, such as a trend of a script's own: a series, but no part of `all`. */
  measure(name: string, feature: string | null, atMs: number, ms: number): void {
    this.touch(atMs)
    const measuredMs = this.#since(atMs) - this.#warmUpMs
    if (measuredMs >= 0) this.#seriesOf(name, feature).add(measuredMs, ms, false)
  }

  check(name: string, isPassed: boolean, atMs: number): void {
    this.touch(atMs)
    if (this.#since(atMs) < this.#warmUpMs) return
    let check = this.#checks.get(name)
    if (check === undefined) {
      check = { passed: 0, failed: 0 }
      this.#checks.set(name, check)
    }
    if (isPassed) check.passed += 1
    else check.failed += 1
  }

  users(atMs: number, users: number): void {
    this.touch(atMs)
    this.#users.set(this.#secondOf(atMs), users)
  }

  /** Iterations that began, or should have begun. */
  offered(atMs: number, count: number): void {
    this.touch(atMs)
    const second = this.#secondOf(atMs)
    this.#offered.set(second, (this.#offered.get(second) ?? 0) + count)
  }

  /** Ends seconds that are over, though no request came since. */
  passed(atMs: number): void {
    if (this.#startMs !== null) this.#seconds.passed(this.#since(atMs))
  }

  finish(): FoldedRun {
    const lastsMs = this.#startMs === null ? 0 : this.#endMs - this.#startMs
    const measuredMs = Math.max(0, lastsMs - this.#warmUpMs)
    return {
      startedAtMs: this.#startMs ?? 0,
      durationMs: measuredMs,
      series: [this.#all, ...this.#series.values()].map((each) => each.finish(measuredMs)),
      requests: {
        count: this.#all.count,
        errors: this.#all.errors,
        errorKinds: Object.fromEntries([...this.#errorKinds].sort(([a], [b]) => (a < b ? -1 : 1))),
      },
      checks: [...this.#checks].map(([name, { passed, failed }]) => ({ name, passed, failed })),
      timeline: this.#timeline(lastsMs),
    }
  }

  #timeline(lastsMs: number): readonly RunMoment[] {
    const seconds = this.#seconds.all()
    const length = Math.max(1, Math.ceil(lastsMs / SECOND_MS))
    return Array.from({ length }, (_, index) => {
      const window = seconds.get(index) ?? NOTHING
      // the last is seldom a whole second
      const ms = Math.max(SECOND_MS / 4, Math.min(SECOND_MS, lastsMs - index * SECOND_MS))
      return this.#momentOf({ ...window, index }, ms)
    })
  }

  #since(atMs: number): number {
    return atMs - (this.#startMs ?? atMs)
  }

  #secondOf(atMs: number): number {
    return Math.max(0, Math.floor(this.#since(atMs) / SECOND_MS))
  }

  #seriesOf(name: string, feature: string | null): SeriesFold {
    let series = this.#series.get(name)
    if (series === undefined) {
      if (this.#series.size >= MAX_SERIES && name !== OTHER_REQUESTS)
        return this.#seriesOf(OTHER_REQUESTS, null)
      series = new SeriesFold(name, feature, this.#everyMs, this.#keepMs)
      this.#series.set(name, series)
    }
    return series
  }

  #momentOf(window: ClosedWindow, ms: number): RunMoment {
    return {
      atMs: window.index * SECOND_MS,
      offeredPerSecond: this.#offered.get(window.index) ?? null,
      users: this.#users.get(window.index) ?? this.#users.get(window.index - 1) ?? null,
      requestsPerSecond: (window.count * SECOND_MS) / ms,
      errors: window.errors,
      p50Ms: window.p50Ms,
      p95Ms: window.p95Ms,
      p99Ms: window.p99Ms,
    }
  }
}

const NOTHING: ClosedWindow = { index: 0, count: 0, errors: 0, p50Ms: null, p95Ms: null, p99Ms: null }
