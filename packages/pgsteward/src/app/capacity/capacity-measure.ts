// One measure of a plan: how it goes on, what more users do to it, and how far its history lets it be told.

import type {
  CapacityInterval,
  CapacityMeasureWire,
  CapacityProjectionWire,
  SCALES,
} from '../../model/capacity.ts'
import { type ForecastPoint, forecast } from '../../stats/forecast/forecast.ts'
import { DAY_MS, type TimedValue } from '../../stats/forecast/regular-series.ts'
import { spanOf } from './capacity-history.ts'

export type Scales = (typeof SCALES)[number]

/** A week holds its days; with less any working day looks like growth. */
export const LEAST_DAYS = 7
/**
 * A judgement: a forecast is tried on a third of its history at most, and its interval grows beyond as a random walk's does. Four times the
 * history is twelve times what was tried.
 */
export const TIMES_HISTORY = 4

export interface Horizon {
  readonly id: string
  readonly label: string
  readonly at: Date
}

export interface PlanFrame {
  readonly now: Date
  readonly users: number
  readonly confidence: number
  /** The nearest first. */
  readonly horizons: readonly Horizon[]
}

export interface MeasureGiven {
  readonly id: string
  readonly label: string
  readonly unit: CapacityMeasureWire['unit']
  readonly scales: Scales
  readonly now: number
  /** By what its history is multiplied: how far a peak stands above the mean. */
  readonly times?: number
  readonly history: readonly TimedValue[]
}

export interface Measure {
  readonly wire: CapacityMeasureWire
  /** All of what is projected; `wire` has few of them. */
  readonly points: readonly ForecastPoint[]
}

export function measureOf(given: MeasureGiven, frame: PlanFrame): Measure {
  const { id, label, unit, scales, now, history, times = 1 } = given
  const values = history.map(({ atMs, value }) => ({ atMs, value: value * times }))
  const historyMs = spanOf(values)
  const lastMs = values.at(-1)?.atMs ?? frame.now.getTime()
  const wantedMs = frame.horizons.at(-1)!.at.getTime() - lastMs
  const horizonMs = Math.min(wantedMs, TIMES_HISTORY * historyMs)
  const isLong = historyMs >= LEAST_DAYS * DAY_MS
  const made = isLong ? forecast(values, { horizonMs, confidence: frame.confidence }) : null
  const points = scales === 'growth' ? anchored(made?.points ?? [], now) : (made?.points ?? [])
  const untilMs = points.at(-1)?.atMs ?? null
  return {
    points,
    wire: {
      id,
      label,
      unit,
      scales,
      now,
      nowWithUsers: scales === 'users' ? now * frame.users : now,
      growthPerDay: growthPerDay(values),
      historyDays: historyMs / DAY_MS,
      projectedUntil: untilMs === null ? null : new Date(untilMs).toISOString(),
      because: becauseOf(historyMs, untilMs, horizonMs < wantedMs),
      models: (made?.models ?? []).map((model) => ({ ...model })),
      backTest: made?.backTest ?? null,
      projections: frame.horizons.map((horizon) =>
        projectionOf(horizon, points, (point) => withUsers(scales, point, now, frame.users)),
      ),
      past: thinned(values, 120).map(({ atMs, value }) => ({ at: new Date(atMs).toISOString(), value })),
      future: thinned(points, 60).map(({ atMs, value, lower, upper }) => ({
        at: new Date(atMs).toISOString(),
        value,
        lower,
        upper,
      })),
    },
  }
}

/** `null`s where nothing is projected so far. */
export function projectionOf(
  { id, at }: Horizon,
  points: readonly ForecastPoint[],
  ofUsers: (point: CapacityInterval) => CapacityInterval,
  asIs: (point: CapacityInterval) => CapacityInterval = ({ value, lower, upper }) => ({
    value,
    lower,
    upper,
  }),
): CapacityProjectionWire {
  // a history of a quarter of the horizon may fall short of it by hours
  const point = points.find(({ atMs }) => atMs >= at.getTime()) ?? points.at(-1)
  if (point === undefined || point.atMs < at.getTime() - DAY_MS)
    return { horizon: id, at: at.toISOString(), now: null, withUsers: null }
  return {
    horizon: id,
    at: at.toISOString(),
    now: asIs(point),
    withUsers: ofUsers(point),
  }
}

/** What users cause is there at once; what grows because of them grows from now on. */
export function withUsers(
  scales: Scales,
  { value, lower, upper }: CapacityInterval,
  now: number,
  users: number,
): CapacityInterval {
  const of = (each: number) =>
    scales === 'users' ? each * users : scales === 'growth' ? Math.max(0, now + users * (each - now)) : each
  return { value: of(value), lower: of(lower), upper: of(upper) }
}

/**
 * What is stored is known, so a forecast of it begins there: a line through all of the history may pass beside its end, and that distance
 * is no growth that more users would multiply.
 */
function anchored(points: readonly ForecastPoint[], now: number): readonly ForecastPoint[] {
  const shift = now - (points[0]?.value ?? now)
  return points.map(({ atMs, value, lower, upper }) => ({
    atMs,
    value: Math.max(0, value + shift),
    lower: Math.max(0, lower + shift),
    upper: Math.max(0, upper + shift),
  }))
}

const LATELY_MS = 30 * DAY_MS

export function growthPerDay(values: readonly TimedValue[]): number | null {
  const last = values.at(-1)
  const first = values.find(({ atMs }) => last !== undefined && atMs >= last.atMs - LATELY_MS)
  if (first === undefined || last === undefined || last.atMs - first.atMs < DAY_MS) return null
  return ((last.value - first.value) / (last.atMs - first.atMs)) * DAY_MS
}

function becauseOf(historyMs: number, untilMs: number | null, isCut: boolean): string | null {
  const days = Math.floor(historyMs / DAY_MS)
  const history = `${days === 0 ? 'less than a day' : days === 1 ? '1 day' : `${days} days`} of history`
  if (untilMs === null) return `${history}: no projection before there are ${LEAST_DAYS} days`
  return isCut ? `${history}: no projection beyond ${new Date(untilMs).toISOString().slice(0, 10)}` : null
}

/** Every so many, the last one in any case. */
function thinned<T>(values: readonly T[], most: number): readonly T[] {
  const step = Math.ceil(values.length / most)
  return values.filter((_, at) => (values.length - 1 - at) % step === 0)
}
