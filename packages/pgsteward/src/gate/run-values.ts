// One number a run (or pair of runs) for a quantile of an endpoint: the unit on which everything else rests. Where the windows hold
// enough requests it is the median of the windows' quantiles, which a pause of the host does not move; for a duet the median of the
// windows' log ratios, because both sides met the same pause.

import type { Quantile } from '../model/comparison.ts'
import { LEAST_IN_WINDOW, LEAST_WINDOWS, type LoadRun, type RunSeries } from '../model/load-run.ts'
import { decodeLatencies, mergeLatencies, percentileMs } from '../stats/latency-histogram.ts'
import { median } from '../stats/order-statistics.ts'

export const RATIO_OF: Readonly<Record<Quantile, number>> = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 }
const FIELD = { p50: 'p50Ms', p90: 'p90Ms', p95: 'p95Ms', p99: 'p99Ms' } as const

export function seriesOf(run: LoadRun, name: string): RunSeries | null {
  return run.series.find((series) => series.name === name) ?? null
}

/** Requests that were answered: those in the histogram. */
export function answered(series: RunSeries): number {
  return Math.max(0, series.count - series.errors)
}

/** Of all runs together, from their merged histograms; null: no requests, or no histogram. */
export function mergedMs(series: readonly RunSeries[], quantile: Quantile): number | null {
  const histograms = series.flatMap(({ histogram }) =>
    histogram === null ? [] : [decodeLatencies(histogram)],
  )
  return histograms.length === 0 ? null : percentileMs(mergeLatencies(histograms), RATIO_OF[quantile])
}

/** Logarithms of one number a run, of both sides in the same way; null: a run has none. */
export function runLogs(
  base: readonly RunSeries[],
  head: readonly RunSeries[],
  quantile: Quantile,
): { readonly base: readonly number[]; readonly head: readonly number[] } | null {
  const all = [...base, ...head]
  const byWindow = all.map((series) => fullWindows(series, quantile))
  const values = byWindow.every((windows) => windows !== null && windows.length >= LEAST_WINDOWS)
    ? byWindow.map((windows) => median(windows!))
    : all.map((series) => wholeMs(series, quantile))
  if (values.some((value) => value === null || !(value > 0))) return null
  const logs = values.map((value) => Math.log(value!))
  return { base: logs.slice(0, base.length), head: logs.slice(base.length) }
}

/** Of duets: a log ratio a pair, head by base, all found in the same way; null: a pair has none. */
export function duetLogRatios(
  pairs: readonly { readonly base: RunSeries; readonly head: RunSeries }[],
  quantile: Quantile,
): readonly number[] | null {
  const byWindow = pairs.map(({ base, head }) => windowLogRatios(base, head, quantile))
  if (byWindow.every((ratios) => ratios.length >= LEAST_WINDOWS))
    return byWindow.map((ratios) => median(ratios))
  const ratios = pairs.flatMap(({ base, head }) => {
    const [before, after] = [wholeMs(base, quantile), wholeMs(head, quantile)]
    return before !== null && after !== null && before > 0 && after > 0 ? [Math.log(after / before)] : []
  })
  return ratios.length === pairs.length ? ratios : null
}

function windowLogRatios(base: RunSeries, head: RunSeries, quantile: Quantile): readonly number[] {
  if ((quantile !== 'p50' && quantile !== 'p95') || base.windows?.everyMs !== head.windows?.everyMs) return []
  const [before, after] = [valuesByWindow(base, quantile), valuesByWindow(head, quantile)]
  return before.flatMap((value, index) => {
    const other = after[index] ?? null
    return value === null || other === null ? [] : [Math.log(other / value)]
  })
}

/** Null: not kept for this quantile. */
function fullWindows(series: RunSeries, quantile: Quantile): readonly number[] | null {
  if (series.windows === null || (quantile !== 'p50' && quantile !== 'p95')) return null
  return valuesByWindow(series, quantile).filter((value) => value !== null)
}

function valuesByWindow({ windows }: RunSeries, quantile: 'p50' | 'p95'): readonly (number | null)[] {
  if (windows === null) return []
  return windows[FIELD[quantile]].map((value, index) =>
    value !== null && value > 0 && (windows.count[index] ?? 0) >= LEAST_IN_WINDOW ? value : null,
  )
}

function wholeMs(series: RunSeries, quantile: Quantile): number | null {
  const kept = series.percentiles[FIELD[quantile]]
  if (kept !== null || series.histogram === null) return kept
  return percentileMs(decodeLatencies(series.histogram), RATIO_OF[quantile])
}
