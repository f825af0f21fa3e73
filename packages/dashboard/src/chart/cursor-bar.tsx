// The keyboard of one chart: arrows move the shared cursor, with Shift they mark a time, Enter looks closer, Escape leaves.

import { type KeyboardEvent, type ReactNode, useState, useSyncExternalStore } from 'react'
import { formatDateTime } from '../format.ts'
import { zoomTo } from '../page-zoom.ts'
import type { Span } from '../time-range.ts'
import { type ChartCursor, cursorSource, moveCursor, onCursor, presentCursor } from './cursor.ts'
import type { PlotPlace } from './mark-lane.tsx'
import { markedSpan } from './zoom.ts'

/** Where nothing tells when there are values. */
const STEPS = 60

export function CursorBar(props: {
  readonly span: Span
  readonly place: PlotPlace
  /** Of the chart, as the cursor knows it. */
  readonly source: string
  /** Of the chart, for whoever hears it. */
  readonly title: string
  /** When there are values, in order; without any the cursor goes in equal steps. */
  readonly times?: readonly number[]
  /** What the chart says at a moment. */
  readonly tell: (at: number) => string
  /** Draws the cursor and what is marked: for pictures that don't themselves. */
  readonly isDrawn?: boolean
  /** It marks no time: closer there is nothing to see. */
  readonly isFixed?: boolean
}): ReactNode {
  const { span, place, source, title, times = [], tell, isDrawn = false, isFixed = false } = props
  const [words, setWords] = useState('')
  const within = times.filter((at) => at >= span.from && at <= span.to)
  const stops =
    within.length > 1
      ? within
      : Array.from({ length: STEPS + 1 }, (_, step) => span.from + ((span.to - span.from) / STEPS) * step)

  const go = (at: number, isMarking: boolean) => {
    const cursor = presentCursor()
    const from = isMarking && !isFixed ? (cursor?.from ?? cursor?.at ?? at) : null
    moveCursor({ at, from }, source)
    setWords(
      `${formatDateTime(new Date(at * 1000))}: ${tell(at)}${from === null ? '' : `, marked from ${formatDateTime(new Date(from * 1000))}`}`,
    )
  }
  const leave = () => {
    moveCursor(null, null)
    setWords('')
  }
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const cursor = presentCursor()
    const next = stopFor(event.key, stops, cursor?.at ?? null)
    if (next !== null) go(next, event.shiftKey)
    else if (event.key === 'Enter' && cursor !== null && cursor.from !== null) {
      const marked = markedSpan(cursor.from, cursor.at)
      leave()
      if (marked !== null) zoomTo(marked)
    } else if (event.key === 'Escape' && cursor !== null) leave()
    else return
    event.preventDefault()
  }
  const { left, top, width, height } = place
  return (
    <div
      className="cursor-bar"
      style={{ left, top, width, height }}
      role="slider"
      tabIndex={0}
      aria-label={`${title}, moment`}
      aria-valuemin={Math.round(span.from)}
      aria-valuemax={Math.round(span.to)}
      aria-valuenow={Math.round(cursorAt(source) ?? span.to)}
      aria-valuetext={words === '' ? 'none chosen' : words}
      onKeyDown={onKeyDown}
      onBlur={() => {
        if (cursorSource() === source) leave()
      }}
    >
      {isDrawn ? <DrawnCursor span={span} /> : null}
    </div>
  )
}

function cursorAt(source: string): number | null {
  return cursorSource() === source ? (presentCursor()?.at ?? null) : null
}

/** Null: the key moves nothing. */
function stopFor(key: string, stops: readonly number[], at: number | null): number | null {
  const last = stops.length - 1
  switch (key) {
    case 'Home':
      return stops[0] ?? null
    case 'End':
      return stops[last] ?? null
    case 'ArrowLeft':
      return (at === null ? stops[last] : (stops.findLast((stop) => stop < at) ?? stops[0])) ?? null
    case 'ArrowRight':
      return (at === null ? stops[last] : (stops.find((stop) => stop > at) ?? stops[last])) ?? null
    default:
      return null
  }
}

/** The cursor of the page, for those that draw with React. */
export function useCursor(): ChartCursor | null {
  return useSyncExternalStore(onCursor, presentCursor)
}

function DrawnCursor(props: { readonly span: Span }): ReactNode {
  const { from, to } = props.span
  const cursor = useCursor()
  const share = (at: number) => Math.min(1, Math.max(0, (at - from) / (to - from)))
  if (cursor === null || cursor.at < from || cursor.at > to) return null
  const [begin, end] = [share(cursor.at), share(cursor.from ?? cursor.at)].sort((a, b) => a - b)
  return (
    <>
      {cursor.from === null ? null : (
        <i
          className="cursor-marked"
          style={{ left: `${(begin ?? 0) * 100}%`, width: `${((end ?? 0) - (begin ?? 0)) * 100}%` }}
        />
      )}
      <i className="cursor-line" style={{ left: `${share(cursor.at) * 100}%` }} />
    </>
  )
}
