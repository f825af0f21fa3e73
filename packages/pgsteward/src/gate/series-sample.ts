// What the repetitions say of one quantile of one endpoint, in the form that the design of the experiment allows.

import type { NoiseFloor } from '../model/baseline.ts'
import type { Quantile } from '../model/comparison.ts'
import type { LoadRun, RunSeries } from '../model/load-run.ts'
import type { ShiftSample } from '../stats/shift.ts'
import type { Pairing } from './pair-runs.ts'
import { duetLogRatios, runLogs, seriesOf } from './run-values.ts'

/** A noise floor is the 95th percentile of |ln ratio|: 1.96 standard deviations of a difference. */
const FLOOR_IN_DEVIATIONS = 1.96

/** Fewer runs of earlier cannot tell their spread better than a learnt floor. */
const LEAST_HISTORY = 3

/** Null: a run has no such series, or no value. */
export function seriesSample(
  name: string,
  quantile: Quantile,
  base: readonly LoadRun[],
  head: readonly LoadRun[],
  { design, pairs }: Pairing,
  floor: NoiseFloor | null,
): ShiftSample | null {
  if (pairs !== null) {
    const both = pairs.flatMap((pair) => {
      const [before, after] = [seriesOf(pair.base, name), seriesOf(pair.head, name)]
      return before === null || after === null ? [] : [{ base: before, head: after }]
    })
    if (both.length < pairs.length) return null
    const differences = design === 'duet' ? duetLogRatios(both, quantile) : pairedLogs(both, quantile)
    if (differences === null) return null
    if (differences.length === 1) return single(differences[0]!, floor)
    return { kind: 'paired', differences }
  }
  const [before, after] = [base, head].map((runs) => runs.flatMap((run) => seriesOf(run, name) ?? []))
  const logs = runLogs(before!, after!, quantile)
  if (logs === null || logs.base.length < base.length || logs.head.length < head.length) return null
  if (design === 'interleaved') return { kind: 'unpaired', ...logs }
  const isKnown = Math.max(logs.base.length, logs.head.length) >= LEAST_HISTORY
  return isKnown ? { kind: 'predicted', ...logs } : single(middle(logs.head) - middle(logs.base), floor)
}

function pairedLogs(
  pairs: readonly { readonly base: RunSeries; readonly head: RunSeries }[],
  quantile: Quantile,
): readonly number[] | null {
  const logs = runLogs(
    pairs.map(({ base }) => base),
    pairs.map(({ head }) => head),
    quantile,
  )
  return logs === null ? null : logs.head.map((value, index) => value - logs.base[index]!)
}

function single(difference: number, floor: NoiseFloor | null): ShiftSample {
  if (floor === null) return { kind: 'paired', differences: [difference] }
  return {
    kind: 'single',
    difference,
    scale: floor.logRatio / FLOOR_IN_DEVIATIONS,
    degreesOfFreedom: degreesOf(floor.pairs),
  }
}

/** n runs make n (n - 1) / 2 pairs, which know no more than n - 1 values do. */
function degreesOf(pairs: number): number {
  return Math.max(1, Math.floor((Math.sqrt(8 * pairs + 1) - 1) / 2))
}

function middle(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length
}
