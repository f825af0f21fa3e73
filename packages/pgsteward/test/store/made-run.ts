// A load run as an engine would have written it, for tests of what becomes of runs: histograms are real, figures follow from them.

import type { LoadRun, RunSeries } from '../../src/model/load-run.ts'
import {
  encodeLatencies,
  type LatencyHistogram,
  latencyHistogram,
  mergeLatencies,
  percentileMs,
  recordMs,
} from '../../src/stats/latency-histogram.ts'

export interface MadeRun {
  readonly id: string
  readonly startedAt?: Date
  readonly scenario?: string
  /** Of every endpoint; spread by a fifth to either side and by their names. */
  readonly meanMs?: number
  readonly endpoints?: readonly string[]
  readonly requests?: number
  readonly over?: Partial<LoadRun>
}

const ENDPOINTS = ['GET /api/conversations', 'POST /api/messages', 'GET /api/members/:id']

export function madeRun(made: MadeRun): LoadRun {
  const {
    id,
    startedAt = new Date('2026-11-22T12:00:00Z'),
    scenario = 'smoke',
    meanMs = 40,
    over = {},
  } = made
  const { endpoints = ENDPOINTS, requests = 600 } = made
  const durationMs = 60_000
  const per = Math.floor(requests / endpoints.length)
  const histograms = endpoints.map((_, place) => latencies(per, meanMs * (1 + place / 2)))
  const all = mergeLatencies(histograms)
  return {
    format: 'pgsteward-run/1',
    id,
    startedAt: startedAt.toISOString(),
    durationMs,
    warmUpMs: 0,
    scenario: {
      id: scenario,
      title: scenario,
      hash: `hash-${scenario}`,
      model: 'open',
      timeScale: 1,
      loadScale: 1,
    },
    engine: { name: 'node', version: '0.1.0' },
    target: 'http://127.0.0.1:3000',
    git: { sha: '0123456789abcdef', branch: 'main', isClean: true },
    experiment: null,
    ended: 'completed',
    invalid: [],
    requests: {
      count: per * endpoints.length,
      errors: 0,
      errorKinds: {},
      bytesReceived: 1_000_000,
      offered: per * endpoints.length,
      dropped: 0,
    },
    checks: [{ name: 'status 200', passed: per * endpoints.length, failed: 0 }],
    generator: { threads: 1, cpuSeconds: 2, cpuRatio: 0.04, lagP99Ms: 0.4, lagMaxMs: 3 },
    series: [
      seriesOf('all', null, all),
      ...endpoints.map((name, place) => seriesOf(name, 'office', histograms[place]!)),
    ],
    timeline: Array.from({ length: durationMs / 1000 }, (_, second) => ({
      atMs: (second + 1) * 1000,
      offeredPerSecond: requests / 60,
      users: null,
      requestsPerSecond: requests / 60,
      errors: 0,
      p50Ms: percentileMs(all, 0.5),
      p95Ms: percentileMs(all, 0.95),
      p99Ms: percentileMs(all, 0.99),
    })),
    thresholds: [{ text: 'p95 below 500 ms', value: percentileMs(all, 0.95), isMet: true }],
    environment: {
      hostClass: 'host-a',
      cpu: 'a processor',
      cores: 2,
      memoryBytes: 8 * 2 ** 30,
      platform: 'linux',
      kernel: '6.1',
      node: '24.0.0',
      runner: null,
      hostBusyRatio: 0.4,
      postgres: null,
      application: { name: 'messaging', version: '1.0.0' },
    },
    database: null,
    tags: {},
    ...over,
  }
}

/** Evenly from four fifths of the mean to six, so that percentiles are known. */
function latencies(count: number, meanMs: number): LatencyHistogram {
  const histogram = latencyHistogram()
  for (let place = 0; place < count; place += 1)
    recordMs(histogram, meanMs * (0.8 + (0.4 * place) / Math.max(1, count - 1)))
  return histogram
}

function seriesOf(name: string, feature: string | null, histogram: LatencyHistogram): RunSeries {
  const count = histogram.totalCount
  return {
    name,
    feature,
    count,
    errors: 0,
    sumMs: (histogram.mean / 1000) * count,
    minMs: count === 0 ? null : histogram.minNonZeroValue / 1000,
    maxMs: count === 0 ? null : histogram.maxValue / 1000,
    histogram: encodeLatencies(histogram),
    serviceHistogram: null,
    percentiles: {
      p50Ms: percentileMs(histogram, 0.5),
      p90Ms: percentileMs(histogram, 0.9),
      p95Ms: percentileMs(histogram, 0.95),
      p99Ms: percentileMs(histogram, 0.99),
    },
    windows: {
      everyMs: 10_000,
      count: Array(6).fill(Math.floor(count / 6)),
      p50Ms: Array(6).fill(percentileMs(histogram, 0.5)),
      p95Ms: Array(6).fill(percentileMs(histogram, 0.95)),
    },
  }
}
