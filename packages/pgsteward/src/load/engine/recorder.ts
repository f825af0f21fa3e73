// What one thread counts, second by second: the request path only adds to numbers, and each second leaves for the main thread as it ends.

import type { Milliseconds } from '../../model/units.ts'
import { LatencyCounts } from './latency-counts.ts'
import { endOfSecond } from './seconds.ts'
import type { SeriesSecond, ThreadSecond } from './worker-words.ts'

class SeriesCounts {
  count = 0
  errors = 0
  sumMs = 0
  minMs = Number.POSITIVE_INFINITY
  maxMs = 0
  readonly latency = new LatencyCounts()
  readonly service = new LatencyCounts()
}

export interface RecorderOptions {
  readonly series: number
  readonly checks: number
  readonly warmUpMs: Milliseconds
  readonly totalMs: Milliseconds
  readonly cpuMs: () => Milliseconds
  readonly onSecond: (second: ThreadSecond) => void
}

export class Recorder {
  readonly #options: RecorderOptions
  readonly #series: readonly SeriesCounts[]
  readonly #lag = new LatencyCounts()
  #checks: Uint32Array
  #errorKinds: Record<string, number> = {}
  #unreachable = 0
  #bytes = 0
  #begun = 0
  #dropped = 0
  #answeredLate = 0
  #lagMaxMs = 0
  #n = 0
  #endMs: Milliseconds
  #startMs: Milliseconds = 0
  #cpuMs = 0
  /** While virtual users start before the schedule, nothing is counted. */
  isOn = false

  constructor(options: RecorderOptions) {
    this.#options = options
    this.#series = Array.from({ length: options.series }, () => new SeriesCounts())
    this.#checks = new Uint32Array(options.checks * 2)
    this.#endMs = endOfSecond(0, options.warmUpMs, options.totalMs)
  }

  start(): void {
    this.isOn = true
    this.#cpuMs = this.#options.cpuMs()
  }

  succeeded(series: number, nowMs: Milliseconds, latencyMs: Milliseconds, serviceMs: Milliseconds): void {
    if (!this.isOn) return
    if (nowMs >= this.#endMs) this.roll(nowMs)
    const counts = this.#series[series]!
    counts.count++
    if (nowMs >= this.#options.totalMs) this.#answeredLate++
    counts.sumMs += latencyMs
    if (latencyMs < counts.minMs) counts.minMs = latencyMs
    if (latencyMs > counts.maxMs) counts.maxMs = latencyMs
    counts.latency.countMs(latencyMs)
    counts.service.countMs(serviceMs)
  }

  failed(series: number, nowMs: Milliseconds, kind: string, isUnreachable: boolean): void {
    if (!this.isOn) return
    if (nowMs >= this.#endMs) this.roll(nowMs)
    const counts = this.#series[series]!
    counts.count++
    counts.errors++
    this.#errorKinds[kind] = (this.#errorKinds[kind] ?? 0) + 1
    if (isUnreachable) this.#unreachable++
  }

  checked(check: number, hasPassed: boolean): void {
    if (this.isOn) this.#checks[check * 2 + (hasPassed ? 0 : 1)]! += 1
  }

  received(bytes: number): void {
    this.#bytes += bytes
  }

  /** An arrival or the end of a think time, and how late it was taken up. */
  begun(nowMs: Milliseconds, lagMs: Milliseconds): void {
    if (!this.isOn) return
    if (nowMs >= this.#endMs) this.roll(nowMs)
    this.#lag.countMs(lagMs)
    if (lagMs > this.#lagMaxMs) this.#lagMaxMs = lagMs
  }

  arrived(): void {
    this.#begun++
  }

  dropped(): void {
    this.#dropped++
  }

  /** Sends off every second that is over. */
  roll(nowMs: Milliseconds): void {
    while (nowMs >= this.#endMs) this.#sendOff(this.#endMs)
  }

  /** The second under way, when the run ends. */
  finish(nowMs: Milliseconds): void {
    this.roll(nowMs)
    this.#sendOff(nowMs)
    this.isOn = false
  }

  #sendOff(endMs: Milliseconds): void {
    const cpuMs = this.#options.cpuMs()
    const series: SeriesSecond[] = []
    for (const [index, counts] of this.#series.entries()) {
      if (counts.count === 0) continue
      const { count, errors, sumMs, minMs, maxMs } = counts
      series.push({
        series: index,
        count,
        errors,
        sumMs,
        minMs,
        maxMs,
        latency: counts.latency.drain(),
        service: counts.service.drain(),
      })
      counts.count = 0
      counts.errors = 0
      counts.sumMs = 0
      counts.minMs = Number.POSITIVE_INFINITY
      counts.maxMs = 0
    }
    this.#options.onSecond({
      n: this.#n,
      series,
      errorKinds: this.#errorKinds,
      unreachable: this.#unreachable,
      bytesReceived: this.#bytes,
      checks: this.#checks,
      begun: this.#begun,
      dropped: this.#dropped,
      answeredLate: this.#answeredLate,
      lag: this.#lag.drain(),
      lagMaxMs: this.#lagMaxMs,
      cpuMs: cpuMs - this.#cpuMs,
      tookMs: endMs - this.#startMs,
    })
    this.#checks = new Uint32Array(this.#checks.length)
    this.#errorKinds = {}
    this.#unreachable = 0
    this.#bytes = 0
    this.#begun = 0
    this.#dropped = 0
    this.#answeredLate = 0
    this.#lagMaxMs = 0
    this.#cpuMs = cpuMs
    this.#startMs = endMs
    this.#n++
    this.#endMs = endOfSecond(this.#n, this.#options.warmUpMs, this.#options.totalMs)
  }
}
