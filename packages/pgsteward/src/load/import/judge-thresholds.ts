// A scenario's thresholds judged on a whole run, from its histograms: what k6 judges in each runner by itself, judged once on all.

import { ALL_REQUESTS, type LoadRun, type RunSeries } from '../../model/load-run.ts'
import type { Threshold } from '../../model/scenario.ts'
import { decodeLatencies, mergeLatencies, percentileMs } from '../../stats/latency-histogram.ts'
import { thresholdText } from '../engine/thresholds.ts'
import { OWN_MEASURES } from './k6-fold.ts'

const RATIO = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const

type Judged = Pick<LoadRun, 'checks' | 'series' | 'durationMs'>

export function judgeThresholds(thresholds: readonly Threshold[], run: Judged): LoadRun['thresholds'] {
  return thresholds.map((threshold) => {
    const value = measuredValue(threshold, run)
    const { below, above } = threshold
    return {
      text: thresholdText(threshold),
      value,
      // what was not measured was not kept either
      isMet:
        value !== null && (below === undefined || value < below) && (above === undefined || value > above),
    }
  })
}

function measuredValue({ metric, of }: Threshold, run: Judged): number | null {
  if (metric === 'checkRatio') return checkRatio(of, run.checks)
  const parts = seriesOf(of, run)
  const count = parts.reduce((sum, part) => sum + part.count, 0)
  const errors = parts.reduce((sum, part) => sum + part.errors, 0)
  if (count === 0) return null
  if (metric === 'errorRatio') return errors / count
  if (metric === 'requestsPerSecond') return run.durationMs === 0 ? null : (count / run.durationMs) * 1000
  if (count === errors) return null
  if (metric === 'mean') return parts.reduce((sum, part) => sum + part.sumMs, 0) / (count - errors)
  if (metric === 'max') return Math.max(...parts.map(({ maxMs }) => maxMs ?? 0))
  const [only] = parts
  if (parts.length === 1 && only?.histogram === null) return only.percentiles[`${metric}Ms`]
  // percentiles of parts are never averaged
  if (parts.some(({ histogram }) => histogram === null)) return null
  return percentileMs(
    mergeLatencies(parts.map(({ histogram }) => decodeLatencies(histogram!))),
    RATIO[metric],
  )
}

/** Endpoints of the name or of the feature. */
function seriesOf(of: string | undefined, { series }: Judged): readonly RunSeries[] {
  if (of === undefined) return series.filter(({ name }) => name === ALL_REQUESTS)
  return series.filter(
    ({ name, feature }) =>
      name !== ALL_REQUESTS && feature !== OWN_MEASURES && (name === of || feature === of),
  )
}

/** Of all checks, of one by its name, or of an endpoint's. */
function checkRatio(of: string | undefined, checks: LoadRun['checks']): number | null {
  const concerned = checks.filter(({ name }) => of === undefined || name === of || name.startsWith(`${of}: `))
  const passed = concerned.reduce((sum, check) => sum + check.passed, 0)
  const all = concerned.reduce((sum, check) => sum + check.passed + check.failed, 0)
  return all === 0 ? null : passed / all
}
