// Where the points of a history lie in a small picture: runs evenly, values from zero.

import type { LoadHistoryWire } from 'pgsteward/wire'
import { formatDateTime, formatMs } from '../format.ts'

export interface PlacedPoint {
  readonly id: string
  readonly x: number
  readonly y: number
  readonly isInvalid: boolean
  readonly isComparable: boolean
  readonly isLast: boolean
  readonly text: string
}

/** Room for the marks and for half a dot. */
const EDGE = 4

export function placePoints(
  history: LoadHistoryWire,
  width: number,
  height: number,
): {
  readonly points: readonly PlacedPoint[]
  readonly line: string
  readonly changes: readonly { readonly x: number; readonly ratio: number; readonly runId: string }[]
} {
  const known = history.points.flatMap((point, index) =>
    point.valueMs === null ? [] : [{ ...point, valueMs: point.valueMs, index }],
  )
  const valid = known.filter(({ isInvalid }) => !isInvalid)
  // one run that went wrong must not flatten all others
  const most = Math.max(
    Number.MIN_VALUE,
    ...(valid.length === 0 ? known : valid).map(({ valueMs }) => valueMs),
  )
  const steps = Math.max(1, history.points.length - 1)
  const xOf = (index: number) =>
    history.points.length === 1 ? width - EDGE : round(EDGE + (index / steps) * (width - 2 * EDGE))
  const yOf = (valueMs: number) => round(height - EDGE - Math.min(1, valueMs / most) * (height - 3 * EDGE))
  const points = known.map(({ id, index, valueMs, isInvalid, isComparable, at }, place) => ({
    id,
    x: xOf(index),
    y: yOf(valueMs),
    isInvalid,
    isComparable,
    isLast: place === known.length - 1,
    text: `${formatDateTime(new Date(at))}: ${formatMs(valueMs)}${isInvalid ? ', invalid' : isComparable ? '' : ', of another definition, scale or host'}`,
  }))
  const line = points
    .filter(({ isInvalid, isComparable }) => !isInvalid && isComparable)
    .map(({ x, y }, place) => `${place === 0 ? 'M' : 'L'}${x} ${y}`)
    .join('')
  // a change lies before the first run that has it
  const changes = history.changes.map(({ index, ratio, runId }) => ({
    x: round((xOf(Math.max(0, index - 1)) + xOf(index)) / 2),
    ratio,
    runId,
  }))
  return { points, line, changes }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
