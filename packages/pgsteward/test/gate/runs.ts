// Load runs as data, for tests of the gate: evenly spaced quantiles of a lognormal, so the same call gives the same run.

import { ALL_REQUESTS, type LoadRun, RUN_FORMAT, type RunSeries } from '../../src/model/load-run.ts'
import {
  encodeLatencies,
  latencyHistogram,
  percentileMs,
  recordMs,
} from '../../src/stats/latency-histogram.ts'
import { normalQuantile } from '../../src/stats/normal.ts'

export interface SeriesShape {
  readonly name?: string
  /** Median latency. */
  readonly medianMs?: number
  /** Of the logarithm, between requests. */
  readonly spread?: number
  readonly count?: number
  readonly errors?: number
  readonly windows?: number
  /** Factor on the latencies of every window whose number is a multiple of `every`. */
  readonly slowWindows?: { readonly every: number; readonly factor: number }
  readonly hasHistogram?: boolean
}

/** Spreads any run of neighbours evenly over the windows. */
const GOLDEN = 0.618033988749895

/** No chance between runs but what the test puts there. */
export function seriesRow({
  name = ALL_REQUESTS,
  medianMs = 20,
  spread = 0.3,
  count = 2_000,
  errors = 0,
  windows = 10,
  slowWindows,
  hasHistogram = true,
}: SeriesShape = {}): RunSeries {
  const answered = count - errors
  const latencies = Array.from({ length: answered }, (_, index) => ({
    ms: medianMs * Math.exp(spread * normalQuantile((index + 0.5) / answered)),
    at: (index * GOLDEN) % 1,
  }))
    .sort((a, b) => a.at - b.at)
    .map(({ ms }, index) => {
      const window = Math.floor((index * windows) / answered)
      return {
        window,
        ms: slowWindows !== undefined && window % slowWindows.every === 0 ? ms * slowWindows.factor : ms,
      }
    })
  const histogramOf = (values: readonly { readonly ms: number }[]) => {
    const histogram = latencyHistogram()
    for (const { ms } of values) recordMs(histogram, ms)
    return histogram
  }
  const all = histogramOf(latencies)
  const perWindow = Array.from({ length: windows }, (_, at) =>
    histogramOf(latencies.filter(({ window }) => window === at)),
  )
  return {
    name,
    feature: null,
    count,
    errors,
    sumMs: latencies.reduce((sum, { ms }) => sum + ms, 0),
    minMs: answered === 0 ? null : Math.min(...latencies.map(({ ms }) => ms)),
    maxMs: answered === 0 ? null : Math.max(...latencies.map(({ ms }) => ms)),
    histogram: hasHistogram ? encodeLatencies(all) : null,
    serviceHistogram: null,
    percentiles: {
      p50Ms: percentileMs(all, 0.5),
      p90Ms: percentileMs(all, 0.9),
      p95Ms: percentileMs(all, 0.95),
      p99Ms: percentileMs(all, 0.99),
    },
    windows: {
      everyMs: 1_000,
      count: perWindow.map(({ totalCount }) => totalCount),
      p50Ms: perWindow.map((histogram) => percentileMs(histogram, 0.5)),
      p95Ms: perWindow.map((histogram) => percentileMs(histogram, 0.95)),
    },
  }
}

let made = 0

export function runRow(over: Partial<LoadRun> = {}): LoadRun {
  made += 1
  const series = over.series ?? [seriesRow()]
  const all = series[0]!
  return {
    format: RUN_FORMAT,
    id: `run-${made}`,
    startedAt: '2026-11-01T10:00:00.000Z',
    durationMs: 10_000,
    warmUpMs: 0,
    scenario: { id: 'smoke', title: 'Smoke', hash: 'abc', model: 'open', timeScale: 1, loadScale: 1 },
    engine: { name: 'node', version: '0.1.0' },
    target: 'http://127.0.0.1:3000',
    git: null,
    experiment: null,
    ended: 'completed',
    invalid: [],
    requests: {
      count: all.count,
      errors: all.errors,
      errorKinds: {},
      bytesReceived: 0,
      offered: null,
      dropped: 0,
    },
    checks: [],
    generator: null,
    series,
    timeline: [],
    thresholds: [],
    environment: {
      hostClass: 'host-1',
      cpu: 'Test CPU',
      cores: 2,
      memoryBytes: 8e9,
      platform: 'linux-x64',
      kernel: '6.1',
      node: '24.0.0',
      runner: null,
      hostBusyRatio: null,
      postgres: null,
      application: null,
    },
    database: null,
    tags: {},
    ...over,
  }
}

export type Side = 'base' | 'head'

/** Runs of one experiment, one for each factor on the median latency. */
export function experiment(
  design: 'interleaved' | 'duet',
  factors: Readonly<Record<Side, readonly number[]>>,
  shape: SeriesShape = {},
): Readonly<Record<Side, readonly LoadRun[]>> {
  const sideOf = (side: Side) =>
    factors[side].map((factor, repetition) =>
      runRow({
        experiment: { id: 'e1', design, side, repetition },
        series: [seriesRow({ ...shape, medianMs: (shape.medianMs ?? 20) * factor })],
      }),
    )
  return { base: sideOf('base'), head: sideOf('head') }
}
