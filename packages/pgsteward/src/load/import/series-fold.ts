// One endpoint's requests, folded into a histogram and windows as they come.

import type { RunSeries } from '../../model/load-run.ts'
import {
  encodeLatencies,
  type LatencyHistogram,
  latencyHistogram,
  percentileMs,
  recordMs,
} from '../../stats/latency-histogram.ts'
import { WindowFold } from './window-fold.ts'

/** Of a histogram, as runs keep them. */
export function percentilesOf(histogram: LatencyHistogram): RunSeries['percentiles'] {
  return {
    p50Ms: percentileMs(histogram, 0.5),
    p90Ms: percentileMs(histogram, 0.9),
    p95Ms: percentileMs(histogram, 0.95),
    p99Ms: percentileMs(histogram, 0.99),
  }
}

export const NO_PERCENTILES: RunSeries['percentiles'] = {
  p50Ms: null,
  p90Ms: null,
  p95Ms: null,
  p99Ms: null,
}

/** Four hours of seconds: more would make the windows the largest part of a run. */
const MOST_WINDOWS = 14_400

export class SeriesFold {
  readonly name: string
  readonly histogram = latencyHistogram()
  feature: string | null
  count = 0
  errors = 0
  sumMs = 0
  minMs: number | null = null
  maxMs: number | null = null
  readonly #windows: WindowFold
  readonly #everyMs: number

  constructor(name: string, feature: string | null, everyMs: number, keepMs: number) {
    this.name = name
    this.feature = feature
    this.#everyMs = everyMs
    this.#windows = new WindowFold(everyMs, keepMs)
  }

  /** `atMs` since the measured time began. */
  add(atMs: number, ms: number, isError: boolean): void {
    this.count += 1
    this.#windows.add(atMs, isError ? null : ms)
    if (isError) {
      this.errors += 1
      return
    }
    this.sumMs += ms
    if (this.minMs === null || ms < this.minMs) this.minMs = ms
    if (this.maxMs === null || ms > this.maxMs) this.maxMs = ms
    recordMs(this.histogram, ms)
  }

  /** `lastsMs`: of the measured time, which its windows fill. */
  finish(lastsMs: number): RunSeries {
    const windows = this.#windows.all()
    const length = Math.max(1, Math.ceil(lastsMs / this.#everyMs), lastOf(windows) + 1)
    const each = length > MOST_WINDOWS ? null : Array.from({ length }, (_, index) => windows.get(index))
    return {
      name: this.name,
      feature: this.feature,
      count: this.count,
      errors: this.errors,
      sumMs: this.sumMs,
      minMs: this.minMs,
      maxMs: this.maxMs,
      histogram: encodeLatencies(this.histogram),
      serviceHistogram: null,
      percentiles: percentilesOf(this.histogram),
      windows: each && {
        everyMs: this.#everyMs,
        count: each.map((window) => window?.count ?? 0),
        p50Ms: each.map((window) => window?.p50Ms ?? null),
        p95Ms: each.map((window) => window?.p95Ms ?? null),
      },
    }
  }
}

function lastOf(windows: ReadonlyMap<number, unknown>): number {
  let last = -1
  for (const index of windows.keys()) if (index > last) last = index
  return last
}
