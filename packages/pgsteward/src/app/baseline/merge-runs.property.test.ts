// Percentiles survive merging: whatever way requests are spread over parts, the merged run has those of all requests together.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runRow, seriesRow } from '../../../test/gate/runs.ts'
import { mergeRuns } from '../../load/import/merge-runs.ts'
import type { LoadRun } from '../../model/load-run.ts'
import { encodeLatencies, latencyHistogram, percentileMs, recordMs } from '../../stats/latency-histogram.ts'
import { baselineSeries } from './baseline-series.ts'

const QUANTILES = [0.5, 0.9, 0.95, 0.99]

function runOf(latenciesMs: readonly number[]): LoadRun {
  const histogram = latencyHistogram()
  for (const ms of latenciesMs) recordMs(histogram, ms)
  const series = {
    ...seriesRow({ count: 1 }),
    count: latenciesMs.length,
    sumMs: latenciesMs.reduce((sum, ms) => sum + ms, 0),
    minMs: Math.min(...latenciesMs),
    maxMs: Math.max(...latenciesMs),
    histogram: encodeLatencies(histogram),
  }
  return runRow({ series: [series] })
}

/** Exact: the least value that `ratio` of all do not exceed. */
function exactMs(latenciesMs: readonly number[], ratio: number): number {
  const sorted = [...latenciesMs].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * ratio) - 1)]!
}

const latency = fc.double({ min: 0.05, max: 60_000, noNaN: true })
const parts = fc.array(fc.array(latency, { minLength: 1, maxLength: 200 }), { minLength: 1, maxLength: 6 })

test('V6: percentiles of merged parts are those of all requests, to three digits', () => {
  fc.assert(
    fc.property(parts, (latencies) => {
      const all = latencies.flat()
      const [merged] = mergeRuns(latencies.map(runOf)).series
      const [united] = baselineSeries(latencies.map(runOf))
      expect(merged!.count).toBe(all.length)
      for (const [ratio, name] of QUANTILES.map((each) => [each, `p${each * 100}Ms`] as const)) {
        const exact = exactMs(all, ratio)
        const found = merged!.percentiles[name as 'p50Ms']!
        // three digits, and whole microseconds
        expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact * 0.001 + 0.001)
        expect(united![name as 'p50Ms']).toBe(found)
      }
    }),
    { numRuns: 60 },
  )
})

test('V6: neither the order nor the grouping of parts matters', () => {
  fc.assert(
    fc.property(parts, fc.integer(), (latencies, seed) => {
      const runs = latencies.map(runOf)
      const shuffled = [...runs].sort(
        (a, b) => Math.sin(seed + Number(a.id.slice(4))) - Math.sin(seed + Number(b.id.slice(4))),
      )
      const half = Math.ceil(runs.length / 2)
      const [head, tail] = [shuffled.slice(0, half), shuffled.slice(half)]
      const nested = mergeRuns(tail.length === 0 ? head : [mergeRuns(head), mergeRuns(tail)])
      expect(nested.series[0]!.histogram).toBe(mergeRuns(runs).series[0]!.histogram)
    }),
    { numRuns: 40 },
  )
})

test('averages of percentiles would not do: one slow part of four', () => {
  const latencies = [20, 20, 20, 200].map((ms) => Array.from({ length: 1_000 }, () => ms))
  const [merged] = mergeRuns(latencies.map(runOf)).series
  expect(merged!.percentiles.p95Ms).toBeCloseTo(200, 0)
  const averaged = latencies.map((each) => exactMs(each, 0.95)).reduce((sum, ms) => sum + ms / 4, 0)
  expect(averaged).toBe(65)
  expect(percentileMs(latencyHistogram(), 0.5)).toBeNull()
})
