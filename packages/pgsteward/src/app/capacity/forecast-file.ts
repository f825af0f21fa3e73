// How a series in a file goes on, for the command `forecast`.

import { StewardError } from '../../model/error.ts'
import type { Milliseconds } from '../../model/units.ts'
import { type Forecast, forecast } from '../../stats/forecast/forecast.ts'
import type { TimedValue } from '../../stats/forecast/regular-series.ts'
import { type Reached, whenReached } from '../../stats/forecast/when-reached.ts'
import { readSeries } from '../gate/read-series.ts'

export interface ForecastRequest {
  readonly path: string
  readonly horizonMs: Milliseconds
  readonly confidence: number
  readonly limit: number | null
}

export interface FileForecast extends Forecast {
  /** Null: no limit was given. */
  readonly reached: Reached | null
}

/** Throws 'series-file'. */
export async function forecastFile({
  path,
  horizonMs,
  confidence,
  limit,
}: ForecastRequest): Promise<FileForecast> {
  const points = await timedValues(path)
  const made = forecast(points, { horizonMs, confidence })
  if (made === null)
    throw new StewardError('series-file', `${path} cannot be forecast`, {
      detail: 'It has values of one moment only.',
      hint: 'Two are the least; ten and more can be tried on their own past.',
    })
  const now = made.series.values.at(-1)!
  return { ...made, reached: limit === null ? null : whenReached(made.points, now, limit) }
}

/** Of CSV with times. Throws 'series-file'. */
export async function timedValues(path: string): Promise<readonly TimedValue[]> {
  const { dimensions, times } = await readSeries(path)
  if (times === null || dimensions.length !== 1)
    throw new StewardError('series-file', `${path} cannot be forecast`, {
      detail: 'Its values have no times.',
      hint: 'CSV with a line time,value each: 2026-11-20T10:00:00Z,123.',
    })
  return dimensions[0]!.flatMap((value, at) => {
    const atMs = timeOf(times[at]!)
    if (atMs === null)
      throw new StewardError('series-file', `${path} cannot be forecast`, {
        detail: `The time of value ${at + 1} is ${JSON.stringify(times[at]!.slice(0, 40))}.`,
        hint: 'Times are ISO 8601 (without a zone: UTC), or seconds or milliseconds since 1970.',
      })
    return value === null ? [] : [{ atMs, value }]
  })
}

/** Seconds since 1970 have ten digits from 2001 to 2286, milliseconds thirteen. */
const MILLISECONDS_FROM = 1e11

function timeOf(text: string): Milliseconds | null {
  if (/^\d+(\.\d+)?$/.test(text) && text.length > 4) {
    const number = Number(text)
    return number >= MILLISECONDS_FROM ? number : number * 1_000
  }
  const hasZone = /(Z|[+-]\d{2}:?\d{2})$/i.test(text)
  const isDay = /^\d{4}-\d{2}(-\d{2})?$/.test(text)
  const ms = Date.parse(hasZone || isDay ? text : `${text.replace(' ', 'T')}Z`)
  return Number.isNaN(ms) ? null : ms
}
