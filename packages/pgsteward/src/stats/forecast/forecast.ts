// A forecast with an interval that was earned: models compete in a back-test, the best few are put together, and the interval is as wide
// as they were wrong.

import { quantile } from '../order-statistics.ts'
import { backTest, meanError, type Origins, originsOf, type Trial } from './back-test.ts'
import { continued, type Model, TRENDS } from './models.ts'
import { DAY_MS, type RegularSeries, regularSeries, type TimedValue } from './regular-series.ts'

export interface ForecastPoint extends TimedValue {
  readonly lower: number
  readonly upper: number
}

export interface BackTested {
  /** Moments of the past at which it was tried. */
  readonly origins: number
  /** As far ahead as it could be tried; the interval beyond is an extrapolation. */
  readonly aheadMs: number
  /** Mean absolute error, in the series' unit. */
  readonly error: number
  /** Of a straight line by least squares, tried alike. */
  readonly straightLineError: number
  /** Share of the truth that lay within the interval, each origin judged by the errors of the others; null: there was one. */
  readonly coverage: number | null
}

export interface Forecast {
  readonly series: RegularSeries
  /** The best first; the forecast is their mean. Empty: too short to try any, and it stays as it is. */
  readonly models: readonly Model[]
  /** Null: too short for it. */
  readonly backTest: BackTested | null
  readonly confidence: number
  readonly points: readonly ForecastPoint[]
}

export interface ForecastOptions {
  readonly horizonMs: number
  /** Share of the truth that the interval is meant to hold. */
  readonly confidence: number
}

/** Models within this of the best are as good as it; their mean is better than each (Bates and Granger, 1969). */
const AS_GOOD = 1.1
const MOST_TOGETHER = 3
const MOST_POINTS = 2_000

/** Null: fewer than two different times. */
export function forecast(
  points: readonly TimedValue[],
  { horizonMs, confidence }: ForecastOptions,
): Forecast | null {
  const series = regularSeries(points)
  if (series === null) return null
  const { values, stepMs } = series
  const steps = Math.max(1, Math.min(MOST_POINTS, Math.ceil(horizonMs / stepMs)))
  const origins = originsOf(values.length, steps)
  const tried =
    origins === null ? [] : competitors(series).flatMap((model) => trialOf(values, model, origins))
  const best = tried.toSorted((a, b) => a.error - b.error)
  const chosen = best.filter(({ error }) => error <= best[0]!.error * AS_GOOD).slice(0, MOST_TOGETHER)
  const models = chosen.map(({ model }) => model)
  const together = combined(chosen.map(({ trials }) => trials))
  const forecasts = (models.length === 0 ? [STAYS] : models).map((model) => continued(values, model, steps))
  // growth in proportion is wrong in proportion
  const isRatio = models.length > 0 && models.every(({ isLogarithmic }) => isLogarithmic)
  const judged = isRatio ? together.map(asRatios) : together
  const widths = widthsOf(judged, steps, confidence, values)
  const floor = values.every((value) => value >= 0) ? 0 : Number.NEGATIVE_INFINITY
  const endMs = series.fromMs + (values.length - 1) * stepMs
  return {
    series,
    models,
    confidence,
    backTest:
      origins === null || together.length === 0
        ? null
        : {
            origins: origins.known.length,
            aheadMs: origins.ahead * stepMs,
            error: meanError(together),
            straightLineError: meanError(straightLine(values, origins)),
            coverage: coverageOf(judged, confidence, values),
          },
    points: Array.from({ length: steps }, (_, ahead) => {
      const value = mean(forecasts.map((each) => each[ahead]!))
      return {
        atMs: endMs + (ahead + 1) * stepMs,
        value: Math.max(floor, value),
        lower: Math.max(floor, isRatio ? value / Math.exp(widths[ahead]!) : value - widths[ahead]!),
        upper: Math.max(floor, isRatio ? value * Math.exp(widths[ahead]!) : value + widths[ahead]!),
      }
    }),
  }
}

const STAYS: Model = { trend: 'last', season: null, isLogarithmic: false }

function competitors({ values, stepMs }: RegularSeries): readonly Model[] {
  const seasons = [DAY_MS, 7 * DAY_MS]
    .map((ms) => ms / stepMs)
    .filter((season) => Number.isInteger(season) && season >= 4 && values.length >= 3 * season)
  const scales = values.every((value) => value > 0) ? [false, true] : [false]
  return scales.flatMap((isLogarithmic) =>
    [null, ...seasons].flatMap((season) => TRENDS.map((trend) => ({ trend, season, isLogarithmic }))),
  )
}

function trialOf(values: readonly number[], model: Model, origins: Origins) {
  const trials = backTest(values, model, origins)
  const error = trials === null ? Number.NaN : meanError(trials)
  return trials === null || !Number.isFinite(error) ? [] : [{ model, trials, error }]
}

/** Errors of the mean of several forecasts are the means of their errors. */
function combined(all: readonly (readonly Trial[])[]): readonly Trial[] {
  const [first = []] = all
  return first.map(({ known, errors }, origin) => ({
    known,
    errors: errors.map((_, ahead) => mean(all.map((trials) => trials[origin]!.errors[ahead]!))),
    forecast: errors.map((_, ahead) => mean(all.map((trials) => trials[origin]!.forecast[ahead]!))),
  }))
}

/** Errors as logarithms of forecast by truth. */
function asRatios({ errors, forecast: predicted, ...rest }: Trial): Trial {
  return {
    ...rest,
    forecast: predicted,
    errors: predicted.map((value, ahead) => Math.log(value / (value - errors[ahead]!))),
  }
}

/** Errors at about the same distance ahead are of one kind: from two thirds of it to one and a half times it. */
const NEAR = 1.5
/** What is not known of the distance grows at least as a random walk does, and at most as a wrong slope does. */
const LEAST_GROWTH = 0.5
const MOST_GROWTH = 1

/** Half of the interval's width, by steps ahead; never narrower further out. */
function widthsOf(
  trials: readonly Trial[],
  steps: number,
  confidence: number,
  values: readonly number[],
): readonly number[] {
  const tried = Math.max(0, ...trials.map(({ errors }) => errors.length))
  if (tried === 0) return Array.from({ length: steps }, (_, ahead) => spanOf(values) * Math.sqrt(ahead + 1))
  // few origins have seen little: as conformal prediction does it, one worse than all that was seen is allowed for
  const ratio = Math.min(1, (confidence * (trials.length + 1)) / trials.length)
  const widthAt = (ahead: number) => {
    const near = trials.flatMap(({ errors }) =>
      errors.filter((_, at) => at + 1 >= ahead / NEAR && at + 1 <= ahead * NEAR).map(Math.abs),
    )
    return near.length === 0 ? 0 : quantile(near, ratio)
  }
  const known: number[] = []
  for (let ahead = 1; ahead <= Math.min(tried, steps); ahead += 1)
    known.push(Math.max(known.at(-1) ?? 0, widthAt(ahead)))
  const [quarter, end] = [known[Math.max(0, Math.floor(tried / 4) - 1)] ?? 0, known.at(-1)!]
  const growth =
    quarter > 0
      ? Math.min(MOST_GROWTH, Math.max(LEAST_GROWTH, Math.log(end / quarter) / Math.log(4)))
      : LEAST_GROWTH
  return Array.from({ length: steps }, (_, at) => known[at] ?? end * ((at + 1) / tried) ** growth)
}

function spanOf(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values)
}

function coverageOf(trials: readonly Trial[], confidence: number, values: readonly number[]): number | null {
  if (trials.length < 2) return null
  let held = 0
  let all = 0
  for (const [at, { errors }] of trials.entries()) {
    const others = trials.filter((_, other) => other !== at)
    const widths = widthsOf(others, errors.length, confidence, values)
    held += errors.filter((error, ahead) => Math.abs(error) <= widths[ahead]!).length
    all += errors.length
  }
  return held / all
}

function straightLine(values: readonly number[], { known, ahead }: Origins): readonly Trial[] {
  return known.map((origin) => {
    const line = leastSquares(values.slice(0, origin))
    const truth = values.slice(origin, origin + ahead)
    const predicted = truth.map((_, at) => line(origin + at))
    return {
      known: origin,
      forecast: predicted,
      errors: predicted.map((value, at) => value - truth[at]!),
    }
  })
}

function leastSquares(values: readonly number[]): (at: number) => number {
  const centre = (values.length - 1) / 2
  const level = mean(values)
  let product = 0
  let square = 0
  for (const [at, value] of values.entries()) {
    product += (at - centre) * (value - level)
    square += (at - centre) ** 2
  }
  const slope = square === 0 ? 0 : product / square
  return (at) => level + slope * (at - centre)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
