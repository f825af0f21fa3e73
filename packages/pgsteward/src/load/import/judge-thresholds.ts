// A scenario's thresholds judged on a whole run, from its histograms: what k6 judges in each runner by itself, judged once on all.

import { ALL_REQUESTS, type LoadRun, type RunSeries } from '../../model/load-run.ts'
import type { Threshold } from '../../model/scenario.ts'
import { decodeLatencies, mergeLatencies, percentileMs } from '../../stats/latency-histogram.ts'

const RATIO = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const

export function judgeThresholds(thresholds: readonly Threshold[], run: LoadRun): LoadRun['thresholds'] {
  return thresholds.map((threshold) => {
    const value = measuredValue(threshold, run)
    return {
      text: thresholdWords(threshold),
      value,
      // what was not measured was not kept either
      isMet:
        value !== null &&
        (threshold.below === undefined || value < threshold.below) &&
        (threshold.above === undefined || value > threshold.above),
    }
  })
}

/** `p95 of GET /api/members below 250` */
export function thresholdWords({ metric, of, below, above }: Threshold): string {
  const limits = [
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(below === undefined ? [] : [`below ${below}`]),
  ]
  return `${metric}${of === undefined ? '' : ` of ${of}`} ${limits.join(' and ')}`.trim()
}

function measuredValue({ metric, of }: Threshold, run: LoadRun): number | null {
  if (metric === 'checkRatio') {
    const passed = run.checks.reduce((sum, check) => sum + check.passed, 0)
    const all = passed + run.checks.reduce((sum, check) => sum + check.failed, 0)
    return all === 0 ? null : passed / all
  }
  const parts = seriesOf(of, run)
  const count = parts.reduce((sum, part) => sum + part.count, 0)
  const errors = parts.reduce((sum, part) => sum + part.errors, 0)
  if (metric === 'errorRatio') return count === 0 ? null : errors / count
  if (metric === 'requestsPerSecond') return run.durationMs === 0 ? null : (count / run.durationMs) * 1000
  if (count === errors) return null
  if (metric === 'mean') return parts.reduce((sum, part) => sum + part.sumMs, 0) / (count - errors)
  if (metric === 'max') return Math.max(...parts.map(({ maxMs }) => maxMs ?? 0))
  const [only] = parts
  if (parts.length === 1 && only?.histogram === null) return only.percentiles[`${metric}Ms`]
  if (parts.some(({ histogram }) => histogram === null)) return null
  return percentileMs(
    mergeLatencies(parts.map(({ histogram }) => decodeLatencies(histogram!))),
    RATIO[metric],
  )
}

/** An endpoint of the name, or all of the feature. */
function seriesOf(of: string | undefined, { series }: LoadRun): readonly RunSeries[] {
  const name = of ?? ALL_REQUESTS
  const named = series.filter((each) => each.name === name)
  return named.length > 0 ? named : series.filter((each) => each.feature === name)
}
