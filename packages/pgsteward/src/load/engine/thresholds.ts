// Thresholds judged on what was measured: at the end, and every second for those that stop a run.

import type { LoadRun } from '../../model/load-run.ts'
import type { Threshold } from '../../model/scenario.ts'
import type { Milliseconds } from '../../model/units.ts'
import { percentileMs } from '../../stats/latency-histogram.ts'
import { histogramOf, type SeriesTotal } from './tally.ts'

/** Fewer requests, or less time, say nothing about a percentile yet. */
const STOP_AFTER_REQUESTS = 100
const STOP_AFTER_MS: Milliseconds = 10_000

const RATIOS = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const

export interface Measured {
  readonly names: readonly { readonly name: string; readonly feature: string }[]
  readonly series: readonly SeriesTotal[]
  readonly checks: LoadRun['checks']
  /** Without the warm-up, as far as the run has come. */
  readonly measuredMs: Milliseconds
}

export function judge(thresholds: readonly Threshold[], measured: Measured): LoadRun['thresholds'] {
  return thresholds.map((threshold) => {
    const value = measuredValue(threshold, measured)
    return {
      text: thresholdText(threshold),
      value,
      isMet: isMet(threshold, value),
      unit: unitOf(threshold),
    }
  })
}

/** The first threshold that stops the run now, or null. */
export function stoppedBy(thresholds: readonly Threshold[], measured: Measured): Threshold | null {
  if (measured.measuredMs < STOP_AFTER_MS) return null
  const crossed = thresholds.find((threshold) => {
    if (!threshold.stop) return false
    const value = measuredValue(threshold, measured)
    return value !== null && countOf(threshold, measured) >= STOP_AFTER_REQUESTS && !isMet(threshold, value)
  })
  return crossed ?? null
}

function unitOf({ metric }: Threshold): 'ms' | 'ratio' | 'perSecond' {
  return metric === 'requestsPerSecond' ? 'perSecond' : metric.endsWith('Ratio') ? 'ratio' : 'ms'
}

const SUFFIXES = { ms: ' ms', ratio: '', perSecond: '/s' } as const

export function thresholdText(threshold: Threshold): string {
  const { of, below, above, metric } = threshold
  const limit = (value: number) => `${value}${SUFFIXES[unitOf(threshold)]}`
  const bounds = [
    below === undefined ? null : `< ${limit(below)}`,
    above === undefined ? null : `> ${limit(above)}`,
  ]
  return `${metric} ${bounds.filter((bound) => bound !== null).join(' and ')}${of === undefined ? '' : ` of ${of}`}`
}

/** What was not measured is not met: a threshold on nothing would pass for ever. */
function isMet({ below, above }: Threshold, value: number | null): boolean {
  if (value === null) return false
  return (below === undefined || value < below) && (above === undefined || value > above)
}

function concerned({ of }: Threshold, { names, series }: Measured): readonly SeriesTotal[] {
  if (of === undefined) return series
  return series.filter((_, at) => names[at]!.name === of || names[at]!.feature === of)
}

function countOf(threshold: Threshold, measured: Measured): number {
  return concerned(threshold, measured).reduce((sum, { count }) => sum + count, 0)
}

function measuredValue(threshold: Threshold, measured: Measured): number | null {
  const { metric, of } = threshold
  if (metric === 'checkRatio') return checkRatio(of, measured.checks)
  const series = concerned(threshold, measured)
  const count = countOf(threshold, measured)
  if (count === 0) return null
  const errors = series.reduce((sum, each) => sum + each.errors, 0)
  if (metric === 'errorRatio') return errors / count
  if (metric === 'requestsPerSecond')
    return measured.measuredMs > 0 ? (count * 1000) / measured.measuredMs : null
  if (count === errors) return null
  if (metric === 'max') return Math.max(...series.map(({ maxMs }) => maxMs))
  if (metric === 'mean') return series.reduce((sum, { sumMs }) => sum + sumMs, 0) / (count - errors)
  return percentileMs(histogramOf(series.map(({ latency }) => latency)), RATIOS[metric])
}

/** Of all checks, of one by its name, or of an endpoint's. */
function checkRatio(of: string | undefined, checks: LoadRun['checks']): number | null {
  const concerned = checks.filter(({ name }) => of === undefined || name === of || name.startsWith(`${of}: `))
  const passed = concerned.reduce((sum, check) => sum + check.passed, 0)
  const all = concerned.reduce((sum, check) => sum + check.passed + check.failed, 0)
  return all === 0 ? null : passed / all
}
