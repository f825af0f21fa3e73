// The marks over one picture: signs in a lane above it, a dashed line down from each, a band where something lasted, and what is near the
// cursor in words.

import { type ReactNode, useSyncExternalStore } from 'react'
import { formatDateTime } from '../format.ts'
import { hrefOf } from '../route.ts'
import type { Span } from '../time-range.ts'
import { navigate } from '../use-address.ts'
import { useChartTime } from './chart-time.tsx'
import { type Cluster, clusterAt, clusters, gravest } from './clusters.ts'
import { cursorSource, onCursor, presentCursor } from './cursor.ts'
import { MarkGlyph } from './mark-glyph.tsx'
import { type ChartMark, KIND_WORDS } from './marks.ts'

/** Where the values are drawn within the picture, in pixels. */
export interface PlotPlace {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** More in a note hide the chart; the list below has all. */
const TOLD = 6

export function MarkLane(props: {
  readonly span: Span
  readonly place: PlotPlace
  /** Of the chart, as the cursor knows it. */
  readonly source: string
}): ReactNode {
  const { span, place, source } = props
  const { marks, pick } = useChartTime()
  const found = clusters(marks, span, place.width)
  const near = useNear(found, span, place.width, source)
  const { left, top, width, height } = place
  return (
    <div className="mark-lane" style={{ left, top, width, height }}>
      {marks.map((mark) => (
        <Band key={mark.id} mark={mark} span={span} widthPx={width} />
      ))}
      {found.map((cluster) => (
        <Sign key={cluster.marks[0]?.id} cluster={cluster} onOpen={() => open(cluster.marks, pick)} />
      ))}
      {near === null ? null : <Note cluster={near} />}
    </div>
  )
}

/** One leads to where more is told; several, or one that leads nowhere, to the list below the charts. */
function open(marks: readonly ChartMark[], pick: (ids: readonly string[]) => void): void {
  const to = marks.length === 1 ? marks[0]?.to : null
  if (to === null || to === undefined) pick(marks.map(({ id }) => id))
  else navigate(hrefOf(to, new URLSearchParams(window.location.search)))
}

/** The cluster at the cursor, where this chart moves it. Drawn anew only when another one comes near. */
function useNear(found: readonly Cluster[], span: Span, widthPx: number, source: string): Cluster | null {
  const near = useSyncExternalStore(onCursor, () => {
    const cursor = presentCursor()
    if (cursor === null || cursorSource() !== source) return -1
    const cluster = clusterAt(found, span, widthPx, cursor.at)
    return cluster === null ? -1 : found.indexOf(cluster)
  })
  return found[near] ?? null
}

/** What lasted for less is told by its sign: a month of short alerts is no shade. */
const LEAST_BAND_PX = 2

function Band(props: { readonly mark: ChartMark; readonly span: Span; readonly widthPx: number }): ReactNode {
  const { mark, span } = props
  if (mark.until === null) return null
  const length = span.to - span.from
  const begin = Math.max(0, (mark.at - span.from) / length)
  // what goes on has not come into the future
  const until = Math.min(mark.until, span.to, Date.now() / 1000)
  const end = (until - span.from) / length
  if ((end - begin) * props.widthPx < LEAST_BAND_PX) return null
  return (
    <i
      className={`mark-band is-${mark.severity ?? 'plain'}`}
      style={{ left: `${begin * 100}%`, width: `${(end - begin) * 100}%` }}
    />
  )
}

function Sign(props: { readonly cluster: Cluster; readonly onOpen: () => void }): ReactNode {
  const { place, marks } = props.cluster
  const [first] = marks
  const severity = gravest(marks)
  if (first === undefined) return null
  // the gravest gives its sign to the cluster
  const shown = marks.find((mark) => mark.severity === severity) ?? first
  return (
    <span className={`chart-mark is-${severity ?? 'plain'}`} style={{ left: `${place * 100}%` }}>
      <i className="mark-line" />
      {/* out of the order of Tab: the list below the charts has each mark as a link */}
      <button type="button" tabIndex={-1} aria-label={labelOf(marks)} onClick={props.onOpen}>
        <MarkGlyph kind={shown.kind} severity={severity} />
        {marks.length === 1 ? null : <b>{marks.length}</b>}
      </button>
    </span>
  )
}

/** Begins with what is seen, so that it can be called by it. */
function labelOf(marks: readonly ChartMark[]): string {
  const words = marks.map(told).join('; ')
  return marks.length === 1 ? words : `${marks.length}: ${words}`
}

const told = ({ kind, text }: ChartMark) => `${KIND_WORDS[kind]}: ${text}`

function Note(props: { readonly cluster: Cluster }): ReactNode {
  const { place, marks } = props.cluster
  const more = marks.length - TOLD
  const side = place > 0.5 ? { right: `${(1 - place) * 100}%` } : { left: `${place * 100}%` }
  return (
    <ul className="mark-note" style={side} aria-hidden="true">
      {marks.slice(0, TOLD).map((mark) => (
        <li key={mark.id}>
          <MarkGlyph kind={mark.kind} severity={mark.severity} />
          <span>
            <span className="muted">{formatDateTime(new Date(mark.at * 1000))}</span> {mark.text}
          </span>
        </li>
      ))}
      {more > 0 ? <li className="muted">and {more} more</li> : null}
    </ul>
  )
}
