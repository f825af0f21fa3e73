// A season that repeats (a week of nightly runs, a year of months), found and taken out, so that it is no change.

import { median } from './order-statistics.ts'
import { medianAbsoluteDeviation } from './robust-scale.ts'

/** Steps that lie further out than this many deviations must not make or hide a season. */
const WILD = 3
const LEAST_PERIOD = 3
const MOST_PERIOD = 59
/** Autocorrelation of the steps at the period; below it is chance or a wave that fades. */
const LEAST_CORRELATION = 0.5
/** A multiple of the period correlates as well: longer ones have to be clearly better. */
const CLEARLY = 0.05

/** In points, by the autocorrelation of the steps; null: none. At least four periods have to be there. */
export function seasonOf(values: readonly number[]): number | null {
  const raw = values.slice(1).map((value, index) => value - values[index]!)
  const [centre, scale] = [median(raw), medianAbsoluteDeviation(raw)]
  if (!(scale > 0)) return null
  const steps = raw.map((step) => Math.max(-WILD * scale, Math.min(WILD * scale, step - centre)))
  const power = steps.reduce((sum, step) => sum + step * step, 0)
  let best: { readonly period: number; readonly correlation: number } | null = null
  for (let period = LEAST_PERIOD; period <= Math.min(MOST_PERIOD, values.length / 4 - 1); period += 1) {
    let product = 0
    for (let at = period; at < steps.length; at += 1) product += steps[at]! * steps[at - period]!
    const correlation = product / power
    if (correlation > LEAST_CORRELATION && correlation > (best?.correlation ?? 0) + CLEARLY)
      best = { period, correlation }
  }
  return best?.period ?? null
}

/** Less the median of each place in the period, measured from a moving average. */
export function withoutSeason(values: readonly number[], period: number): readonly number[] {
  const trend = movingAverage(values, period)
  const half = Math.floor(period / 2)
  const places = Array.from({ length: period }, (_, place) => {
    const rests: number[] = []
    for (let at = half; at < values.length - half; at += 1)
      if (at % period === place) rests.push(values[at]! - trend[at]!)
    return median(rests)
  })
  const mean = places.reduce((sum, each) => sum + each, 0) / period
  return values.map((value, at) => value - (places[at % period]! - mean))
}

/** Centred, over one period; the ends stay at the nearest value. */
function movingAverage(values: readonly number[], period: number): readonly number[] {
  const half = Math.floor(period / 2)
  const isEven = period % 2 === 0
  const sums = [0]
  for (const value of values) sums.push(sums.at(-1)! + value)
  const at = (index: number) => {
    const centre = Math.min(Math.max(index, half), values.length - 1 - half)
    const total = sums[centre + half + 1]! - sums[centre - half]!
    return (isEven ? total - (values[centre - half]! + values[centre + half]!) / 2 : total) / period
  }
  return values.map((_, index) => at(index))
}
