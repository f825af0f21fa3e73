// How far a quantile strays by itself on a class of host: learnt from runs of the same code.

import type { NoiseFloor } from '../model/baseline.ts'
import { QUANTILES, type Quantile } from '../model/comparison.ts'
import type { LoadRun } from '../model/load-run.ts'
import { quantile as quantileAt } from '../stats/order-statistics.ts'
import { runLogs, seriesOf } from './run-values.ts'

/** Fewer runs than this say nothing about how far they stray. */
export const LEAST_RUNS = 3

/** Every pair of runs counts once. Empty for fewer than three runs; the runs are taken to be identical and comparable. */
export function noiseFloors(
  runs: readonly LoadRun[],
  quantiles: readonly Quantile[] = QUANTILES,
): readonly NoiseFloor[] {
  if (runs.length < LEAST_RUNS) return []
  return runs[0]!.series.flatMap(({ name }) =>
    quantiles.flatMap((quantile) => floorOf(runs, name, quantile) ?? []),
  )
}

export function floorOf(runs: readonly LoadRun[], name: string, quantile: Quantile): NoiseFloor | null {
  const series = runs.flatMap((run) => seriesOf(run, name) ?? [])
  if (series.length < LEAST_RUNS) return null
  const logs = runLogs(series, [], quantile)
  if (logs === null) return null
  const gaps = logs.base.flatMap((value, index) =>
    logs.base.slice(index + 1).map((other) => Math.abs(value - other)),
  )
  return { series: name, quantile, logRatio: quantileAt(gaps, 0.95), pairs: gaps.length }
}
