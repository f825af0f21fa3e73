// What a number of repetitions can see, and how many it takes: normal theory with Student's quantiles, for pairs of runs whose log
// ratios scatter by `scale`.

import { tCritical } from './student-t.ts'

/** Seen in four of five cases. */
const POWER_TAIL = 0.2

/** The least true log ratio that is shown to lie above `margin` in four of five cases. */
export function detectableShift(
  standardError: number,
  degreesOfFreedom: number,
  alpha: number,
  margin: number,
): number {
  return (
    margin + (tCritical(alpha, degreesOfFreedom) + tCritical(POWER_TAIL, degreesOfFreedom)) * standardError
  )
}

/** The least repetitions (from 2 on) after which the bound at `alpha` is nearer than `distance`; null: more than `most`. */
export function repetitionsNeeded(
  scale: number,
  distance: number,
  alphaOf: (repetitions: number) => number,
  most = 200,
): number | null {
  const decides = (count: number) =>
    (tCritical(alphaOf(count), count - 1) * scale) / Math.sqrt(count) <= distance
  if (!(distance > 0) || !decides(most)) return null
  // more repetitions never decide less, so halving finds the first
  let [low, high] = [2, most]
  while (low < high) {
    const middle = (low + high) >> 1
    if (decides(middle)) high = middle
    else low = middle + 1
  }
  return low
}
