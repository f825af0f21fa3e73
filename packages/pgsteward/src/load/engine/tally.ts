// What all threads counted, put together: totals by endpoint, each second as soon as every thread has told about it.

import type { LoadRun, RunMoment, RunSeries } from '../../model/load-run.ts'
import { ALL_REQUESTS } from '../../model/load-run.ts'
import type { Milliseconds } from '../../model/units.ts'
import {
  encodeLatencies,
  type LatencyHistogram,
  latencyHistogram,
  percentileMs,
} from '../../stats/latency-histogram.ts'
import { LatencyCounts } from './latency-counts.ts'
import { SECOND_MS, startOfSecond, warmUpSeconds } from './seconds.ts'
import type { SeriesSecond, ThreadSecond } from './worker-words.ts'

/** Of a second: then nothing is left for what comes unexpectedly. */
const STARVED_ABOVE = 0.95

interface Windows {
  readonly count: number[]
  readonly p50Ms: (number | null)[]
  readonly p95Ms: (number | null)[]
}

export class SeriesTotal {
  count = 0
  errors = 0
  sumMs = 0
  minMs = Number.POSITIVE_INFINITY
  maxMs = 0
  readonly latency = new LatencyCounts()
  readonly service = new LatencyCounts()
  readonly windows: Windows = { count: [], p50Ms: [], p95Ms: [] }

  add(second: SeriesSecond): void {
    this.count += second.count
    this.errors += second.errors
    this.sumMs += second.sumMs
    if (second.minMs < this.minMs) this.minMs = second.minMs
    if (second.maxMs > this.maxMs) this.maxMs = second.maxMs
    this.latency.add(second.latency)
    this.service.add(second.service)
  }
}

export interface TallyOptions {
  readonly series: readonly { readonly name: string; readonly feature: string }[]
  readonly checks: readonly string[]
  readonly warmUpMs: Milliseconds
  /** Warm-up included; absent: the run has no end of its own. */
  readonly totalMs?: Milliseconds
  readonly threads: number
  readonly offeredPerSecond: (ms: Milliseconds) => number | null
  readonly users: (ms: Milliseconds) => number | null
  readonly onMoment: (moment: RunMoment) => void
}

export class Tally {
  readonly #options: TallyOptions
  readonly #pending = new Map<number, ThreadSecond[]>()
  readonly #scratch = new LatencyCounts()
  readonly #whole = new LatencyCounts()
  readonly #checks: number[]
  readonly all = new SeriesTotal()
  readonly series: readonly SeriesTotal[]
  readonly errorKinds: Record<string, number> = {}
  readonly timeline: RunMoment[] = []
  readonly lag = new LatencyCounts()
  lagMaxMs = 0
  bytesReceived = 0
  begun = 0
  dropped = 0
  answeredLate = 0
  /** By thread. */
  readonly cpuMs: number[]
  readonly tookMs: number[]
  /** Measured seconds in which a thread had no processor to spare, of how many. */
  starvedSeconds = 0
  measuredSeconds = 0
  /** Seconds in a row in which nothing was answered and connections were refused. */
  unreachableSeconds = 0
  #living: number

  constructor(options: TallyOptions) {
    this.#options = options
    this.#living = options.threads
    this.#checks = options.checks.flatMap(() => [0, 0])
    this.series = options.series.map(() => new SeriesTotal())
    this.cpuMs = Array.from({ length: options.threads }, () => 0)
    this.tookMs = Array.from({ length: options.threads }, () => 0)
  }

  take(thread: number, second: ThreadSecond): void {
    const reports = this.#pending.get(second.n) ?? []
    this.#pending.set(second.n, reports)
    reports.push(second)
    if (second.n >= warmUpSeconds(this.#options.warmUpMs)) {
      this.cpuMs[thread]! += second.cpuMs
      this.tookMs[thread]! += second.tookMs
    }
    this.#foldComplete()
  }

  /** No more seconds will come from one of the threads. */
  threadEnded(): void {
    this.#living--
    this.#foldComplete()
  }

  #foldComplete(): void {
    for (const [n, reports] of [...this.#pending].sort(([a], [b]) => a - b)) {
      if (reports.length < this.#living) return
      this.#pending.delete(n)
      this.#fold(n, reports)
    }
  }

  #fold(n: number, reports: readonly ThreadSecond[]): void {
    const { warmUpMs, totalMs = Number.POSITIVE_INFINITY, offeredPerSecond, users, onMoment } = this.#options
    const isMeasured = n >= warmUpSeconds(warmUpMs)
    let count = 0
    let errors = 0
    let unreachable = 0
    for (const report of reports) {
      unreachable += report.unreachable
      for (const second of report.series) {
        count += second.count
        errors += second.errors
        this.#whole.add(second.latency)
      }
      if (isMeasured) this.#measure(report)
    }
    this.unreachableSeconds = unreachable > 0 && unreachable === count ? this.unreachableSeconds + 1 : 0
    if (isMeasured) {
      this.measuredSeconds++
      if (reports.some(({ cpuMs, tookMs }) => tookMs > SECOND_MS / 2 && cpuMs / tookMs > STARVED_ABOVE))
        this.starvedSeconds++
      for (const [index, total] of this.series.entries()) {
        for (const { series } of reports)
          for (const second of series) if (second.series === index) this.#scratch.add(second.latency)
        pushWindow(total.windows, this.#scratch)
        this.#scratch.drain()
      }
      pushWindow(this.all.windows, this.#whole)
    }
    const startMs = startOfSecond(n, warmUpMs)
    // answers that come after the end belong to the last second, whose length they do not change
    const tookMs = Math.min(
      Math.max(1, totalMs - startMs),
      Math.max(1, ...reports.map((report) => report.tookMs)),
    )
    const moment: RunMoment = {
      atMs: startMs,
      offeredPerSecond: offeredPerSecond(startMs + tookMs / 2),
      users: users(startMs + tookMs / 2),
      requestsPerSecond: (count * SECOND_MS) / tookMs,
      errors,
      p50Ms: this.#whole.percentileMs(0.5),
      p95Ms: this.#whole.percentileMs(0.95),
      p99Ms: this.#whole.percentileMs(0.99),
    }
    this.#whole.drain()
    this.timeline.push(moment)
    onMoment(moment)
  }

  #measure(report: ThreadSecond): void {
    for (const second of report.series) {
      this.series[second.series]!.add(second)
      this.all.add(second)
    }
    for (const [kind, times] of Object.entries(report.errorKinds))
      this.errorKinds[kind] = (this.errorKinds[kind] ?? 0) + times
    for (const [at, times] of report.checks.entries()) this.#checks[at]! += times
    this.bytesReceived += report.bytesReceived
    this.begun += report.begun
    this.dropped += report.dropped
    this.answeredLate += report.answeredLate
    this.lag.add(report.lag)
    this.lagMaxMs = Math.max(this.lagMaxMs, report.lagMaxMs)
  }

  checks(): LoadRun['checks'] {
    return this.#options.checks.map((name, at) => ({
      name,
      passed: this.#checks[at * 2]!,
      failed: this.#checks[at * 2 + 1]!,
    }))
  }

  /** Every request together first; endpoints that were never asked are left out. */
  runSeries(): RunSeries[] {
    const named = this.#options.series.flatMap(({ name, feature }, index) => {
      const total = this.series[index]!
      return total.count === 0 ? [] : [asRunSeries(name, feature, total)]
    })
    return [asRunSeries(ALL_REQUESTS, null, this.all), ...named]
  }
}

export function histogramOf(counts: readonly LatencyCounts[]): LatencyHistogram {
  const histogram = latencyHistogram()
  for (const each of counts) each.addTo(histogram)
  return histogram
}

function asRunSeries(name: string, feature: string | null, total: SeriesTotal): RunSeries {
  const histogram = histogramOf([total.latency])
  const hasAny = total.latency.total > 0
  return {
    name,
    feature,
    count: total.count,
    errors: total.errors,
    sumMs: total.sumMs,
    minMs: hasAny ? total.minMs : null,
    maxMs: hasAny ? total.maxMs : null,
    histogram: encodeLatencies(histogram),
    serviceHistogram: encodeLatencies(histogramOf([total.service])),
    percentiles: {
      p50Ms: percentileMs(histogram, 0.5),
      p90Ms: percentileMs(histogram, 0.9),
      p95Ms: percentileMs(histogram, 0.95),
      p99Ms: percentileMs(histogram, 0.99),
    },
    windows: { everyMs: SECOND_MS, ...total.windows },
  }
}

function pushWindow({ count, p50Ms, p95Ms }: Windows, latency: LatencyCounts): void {
  count.push(latency.total)
  p50Ms.push(latency.percentileMs(0.5))
  p95Ms.push(latency.percentileMs(0.95))
}
