// All comparisons of an experiment at once: their p-values are adjusted together before each gets its verdict.

import type { NoiseFloor } from '../model/baseline.ts'
import type { Design } from '../model/comparison.ts'
import { adjustedPValues } from '../stats/benjamini-hochberg.ts'
import { pAbove, pBelow, type ShiftSample } from '../stats/shift.ts'
import { LEAST_RATIO } from './bands.ts'
import { type Judgement, judgeSeries } from './judge-series.ts'

export interface SampledSeries {
  /** Null: not judged, and not counted among the comparisons. */
  readonly sample: ShiftSample | null
  readonly baseMs: number
  readonly floor: NoiseFloor | null
}

export interface Look {
  readonly design: Design
  readonly repetitions: number
  /** One of several looks at a growing experiment. */
  readonly isSequential: boolean
}

export function judgeSamples(series: readonly SampledSeries[], look: Look): readonly (Judgement | null)[] {
  const pValues = (test: (sample: ShiftSample, margin: number) => number, margin: number) =>
    adjustedPValues(series.map(({ sample }) => (sample === null ? null : test(sample, margin))))
  const slower = pValues(pAbove, Math.log(LEAST_RATIO))
  const faster = pValues(pBelow, 0)
  return series.map(({ sample, baseMs, floor }, index) =>
    sample === null
      ? null
      : judgeSeries({ ...look, sample, baseMs, floor, slowerP: slower[index]!, fasterP: faster[index]! }),
  )
}
