// The figures of a baseline: all its runs together, from merged histograms, with how far the runs stray by themselves.

import { ALL_REQUESTS, type LoadRun, type RunSeries } from '../../model/load-run.ts'
import { decodeLatencies, mergeLatencies, percentileMs } from '../../stats/latency-histogram.ts'

export interface BaselineSeries {
  readonly name: string
  readonly feature: string | null
  readonly runs: number
  readonly count: number
  readonly errors: number
  readonly p50Ms: number | null
  readonly p90Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
  readonly maxMs: number | null
  /** Of the runs' p95: its standard deviation by its mean; null of fewer than two. */
  readonly strayRatio: number | null
}

/** `all` first, then by name: the same runs give the same order. */
export function baselineSeries(runs: readonly LoadRun[]): readonly BaselineSeries[] {
  const byName = Map.groupBy(
    runs.flatMap(({ series }) => series),
    ({ name }) => name,
  )
  return [...byName]
    .sort(([a], [b]) => (a === ALL_REQUESTS ? -1 : b === ALL_REQUESTS ? 1 : a < b ? -1 : 1))
    .map(([name, parts]) => {
      const whole = mergeLatencies(
        parts.flatMap(({ histogram }) => (histogram === null ? [] : [decodeLatencies(histogram)])),
      )
      const largest = parts.flatMap(({ maxMs }) => maxMs ?? [])
      return {
        name,
        feature: parts.find(({ feature }) => feature !== null)?.feature ?? null,
        runs: parts.length,
        count: sum(parts, ({ count }) => count),
        errors: sum(parts, ({ errors }) => errors),
        p50Ms: percentileMs(whole, 0.5),
        p90Ms: percentileMs(whole, 0.9),
        p95Ms: percentileMs(whole, 0.95),
        p99Ms: percentileMs(whole, 0.99),
        maxMs: largest.length === 0 ? null : Math.max(...largest),
        strayRatio: strayOf(parts.flatMap(({ percentiles }) => percentiles.p95Ms ?? [])),
      }
    })
}

function sum(parts: readonly RunSeries[], of: (part: RunSeries) => number): number {
  return parts.reduce((total, part) => total + of(part), 0)
}

function strayOf(values: readonly number[]): number | null {
  if (values.length < 2) return null
  const mean = values.reduce((total, value) => total + value, 0) / values.length
  if (mean === 0) return null
  const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / (values.length - 1)
  return Math.sqrt(variance) / mean
}
