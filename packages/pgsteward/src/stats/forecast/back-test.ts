// How far a model would have been off: it is asked at moments of the past what came after them, knowing only what was before.

import { continued, type Model } from './models.ts'

export interface Trial {
  /** Steps known to it. */
  readonly known: number
  /** Forecast less truth, by steps ahead. */
  readonly errors: readonly number[]
  readonly forecast: readonly number[]
}

export interface Origins {
  readonly known: readonly number[]
  /** Steps ahead that are tried at most. */
  readonly ahead: number
}

const MOST_ORIGINS = 12
const LEAST_KNOWN = 8

/**
 * Moments in the latter part of the series, each at least a quarter of the horizon before its end. A horizon longer than a third of the
 * series is tried for that long: what is beyond nobody can try. Null: the series is too short for any.
 */
export function originsOf(count: number, horizon: number): Origins | null {
  const ahead = Math.max(1, Math.min(horizon, Math.floor(count / 3)))
  const first = Math.max(LEAST_KNOWN, Math.floor(count * 0.4))
  const last = count - Math.max(1, Math.ceil(ahead / 4))
  if (last < first) return null
  const origins = Math.min(MOST_ORIGINS, last - first + 1)
  const known = Array.from({ length: origins }, (_, at) =>
    origins === 1 ? last : Math.round(first + ((last - first) * at) / (origins - 1)),
  )
  return { known: [...new Set(known)], ahead }
}

/** Null where the model cannot be built of what was known (a season of which too little had been seen). */
export function backTest(
  values: readonly number[],
  model: Model,
  { known, ahead }: Origins,
): readonly Trial[] | null {
  const trials: Trial[] = []
  for (const origin of known) {
    if (model.season !== null && origin < 2 * model.season + 1) return null
    const truth = values.slice(origin, origin + ahead)
    const forecast = continued(values.slice(0, origin), model, truth.length)
    trials.push({ known: origin, forecast, errors: forecast.map((value, at) => value - truth[at]!) })
  }
  return trials
}

/** Mean of the origins' mean absolute errors. */
export function meanError(trials: readonly Trial[]): number {
  const means = trials.map(
    ({ errors }) => errors.reduce((sum, error) => sum + Math.abs(error), 0) / errors.length,
  )
  return means.reduce((sum, each) => sum + each, 0) / means.length
}
