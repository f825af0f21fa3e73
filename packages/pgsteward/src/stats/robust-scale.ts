// Spread that outliers do not carry away, scaled to the standard deviation of normal values.

import { median } from './order-statistics.ts'

/** Median absolute deviation from the median (Hampel 1974): half of the values may be anything. */
export function medianAbsoluteDeviation(values: readonly number[]): number {
  const middle = median(values)
  return 1.482602218505602 * median(values.map((value) => Math.abs(value - middle)))
}

/** Of the steps between neighbours, so that changes of level and slow trends do not count as noise. */
export function scaleOfSteps(values: readonly number[]): number {
  const steps = values.slice(1).map((value, index) => value - values[index]!)
  return medianAbsoluteDeviation(steps) / Math.SQRT2
}
