// How one measure was and how it goes on: a line, then its middle within the band that is meant to hold it, and the limit where there is one.

import type { CapacityMeasureWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { useCursor } from '../chart/cursor-bar.tsx'
import { TimePicture } from '../chart/time-picture.tsx'
import { dayOf, formatCapacity } from './capacity-words.ts'

const WIDTH = 600
const HEIGHT = 140

interface Place {
  readonly x: (at: string) => number
  readonly y: (value: number) => number
}

export function ForecastChart(props: {
  readonly measure: CapacityMeasureWire
  /** Null: none is known, or it is too far away to be drawn. */
  readonly limit: number | null
}): ReactNode {
  const { measure, limit } = props
  const { past, future, label } = measure
  const first = past[0] ?? future[0]
  const last = future.at(-1) ?? past.at(-1)
  if (first === undefined || last === undefined || first.at === last.at)
    return <p className="chart-empty muted">One day more, and its course is drawn here.</p>
  const most = Math.max(...past.map(({ value }) => value), ...future.map(({ upper }) => upper))
  // a limit far above would press the line flat
  const shownLimit = limit !== null && limit <= most * 2 ? limit : null
  const top = (Math.max(most, shownLimit ?? 0) || 1) * 1.05
  const [from, to] = [Date.parse(first.at), Date.parse(last.at)]
  const place: Place = {
    x: (at) => Math.round(((Date.parse(at) - from) / (to - from)) * WIDTH * 10) / 10,
    y: (value) => Math.round((1 - value / top) * HEIGHT * 10) / 10,
  }
  const end = past.at(-1)
  const middle = [...(end === undefined ? [] : [end]), ...future]
  return (
    <figure className="forecast">
      <TimePicture
        span={{ from: from / 1000, to: to / 1000 }}
        title={label}
        times={[...past, ...future].map(({ at }) => Date.parse(at) / 1000)}
        tell={(at) => momentWords(measure, at)}
        isFixed
      >
        <svg
          className="forecast-picture"
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={words(measure)}
        >
          {future.length === 0 ? null : <path className="forecast-band" d={bandPath(measure, place)} />}
          {shownLimit === null ? null : (
            <line
              className="forecast-limit"
              x1="0"
              x2={WIDTH}
              y1={place.y(shownLimit)}
              y2={place.y(shownLimit)}
            />
          )}
          <path className="forecast-past" d={linePath(past, place)} />
          <path className="forecast-middle" d={linePath(middle, place)} />
        </svg>
      </TimePicture>
      <figcaption className="muted">
        <span>{dayOf(first.at)}</span>
        <Middle measure={measure} top={top} limit={shownLimit} />
        <span>{dayOf(last.at)}</span>
        <span className="hidden">{label}</span>
      </figcaption>
    </figure>
  )
}

/** The scale, or what was or will be at the cursor of the page. */
function Middle(props: {
  readonly measure: CapacityMeasureWire
  readonly top: number
  readonly limit: number | null
}): ReactNode {
  const { measure, top, limit } = props
  const cursor = useCursor()
  const told = cursor === null ? '' : momentWords(measure, cursor.at)
  if (told !== '') return <span data-moment>{told}</span>
  return (
    <span>
      from 0 to {formatCapacity(top, measure.unit)}
      {limit === null ? null : `, limit ${formatCapacity(limit, measure.unit)}`}
    </span>
  )
}

/** Of what was there is a value a day. */
const STEP_MS = 86_400_000

/** Of the nearest day; empty where that is far from the moment, in seconds. */
function momentWords({ past, future, unit }: CapacityMeasureWire, at: number): string {
  const far = (each: { readonly at: string }) => Math.abs(Date.parse(each.at) - at * 1000)
  const was = past.toSorted((a, b) => far(a) - far(b))[0]
  const next = future.toSorted((a, b) => far(a) - far(b))[0]
  if (was !== undefined && (next === undefined || far(was) <= far(next)))
    return far(was) > STEP_MS ? '' : `${dayOf(was.at)}: ${formatCapacity(was.value, unit)}`
  if (next === undefined) return ''
  return `${dayOf(next.at)}: ${formatCapacity(next.value, unit)}, between ${formatCapacity(next.lower, unit)} and ${formatCapacity(next.upper, unit)}`
}

function words({ label, past, future, unit }: CapacityMeasureWire): string {
  const [was, last] = [past.at(-1), future.at(-1)]
  const now = was === undefined ? '' : ` ${formatCapacity(was.value, unit)} on ${dayOf(was.at)}`
  return last === undefined
    ? `${label}:${now}, no forecast`
    : `${label}:${now}, likely ${formatCapacity(last.value, unit)} on ${dayOf(last.at)}, between ${formatCapacity(last.lower, unit)} and ${formatCapacity(last.upper, unit)}`
}

type Points = readonly { readonly at: string; readonly value: number }[]

function linePath(points: Points, { x, y }: Place): string {
  return points.map(({ at, value }, number) => `${number === 0 ? 'M' : 'L'}${x(at)} ${y(value)}`).join('')
}

function bandPath({ future }: CapacityMeasureWire, { x, y }: Place): string {
  const upper = future.map(({ at, upper: value }) => `${x(at)} ${y(value)}`)
  const lower = future.map(({ at, lower: value }) => `${x(at)} ${y(value)}`).reverse()
  return `M${[...upper, ...lower].join('L')}Z`
}
