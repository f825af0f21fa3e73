// Messages over time, stacked by how bad they are: a bar a bucket. A click on one sets the range to it; by keyboard they are gone along as
// any chart.

import type { LogsWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { useCursor } from '../chart/cursor-bar.tsx'
import { TimePicture } from '../chart/time-picture.tsx'
import { formatClock, formatCount, formatDateTime } from '../format.ts'
import { zoomTo } from '../page-zoom.ts'
import type { Span } from '../time-range.ts'

const HEIGHT = 96
/** Least first, as the wire has them; drawn from the ground up. */
const SEVERITIES = ['info', 'warning', 'critical'] as const
/** A thousand connections must not hide one deadlock: anything is at least so high. */
const LEAST = 3

/** Closer than this there is nothing to see. */
const CLOSEST_SECONDS = 120

export function LogHistogram(props: { readonly history: LogsWire['history'] }): ReactNode {
  const { points, stepSeconds } = props.history
  const most = Math.max(1, ...points.map(([, ...counts]) => sum(counts)))
  const mayNarrow = stepSeconds * points.length > CLOSEST_SECONDS
  const first = points[0]?.[0]
  const last = points.at(-1)?.[0]
  const span: Span = { from: first ?? 0, to: (last ?? 0) + stepSeconds }
  return (
    <figure className="log-histogram">
      <figcaption>
        <span>Messages</span> <span className="muted">a bar each {stepWords(stepSeconds)}</span>
        <span className="log-legend">
          {SEVERITIES.toReversed().map((severity) => (
            <span key={severity}>
              <i className={`is-${severity}`} aria-hidden="true" /> {LEGEND[severity]}
            </span>
          ))}
          <span className="muted">most {formatCount(most)}</span>
        </span>
        <AtCursor history={props.history} />
      </figcaption>
      <TimePicture
        span={span}
        title="Messages"
        times={points.map(([at]) => at)}
        tell={(at) => momentWords(props.history, at)}
      >
        <div className="log-bars" style={{ height: HEIGHT }}>
          {points.map(([at, ...counts]) => {
            const words = barWords(at, counts, stepSeconds * points.length)
            const bars = SEVERITIES.map((severity, place) => [severity, counts[place] ?? 0] as const)
            return (
              <button
                key={at}
                type="button"
                className="log-bar"
                tabIndex={-1}
                title={words}
                aria-label={words}
                disabled={!mayNarrow || sum(counts) === 0}
                onClick={() => zoomTo({ from: at, to: at + Math.max(60, stepSeconds) })}
              >
                {bars
                  .toReversed()
                  .map(([severity, count]) =>
                    count === 0 ? null : (
                      <i
                        key={severity}
                        className={`is-${severity}`}
                        style={{ height: Math.max(LEAST, (count / most) * (HEIGHT - 2 * LEAST)) }}
                      />
                    ),
                  )}
              </button>
            )
          })}
        </div>
      </TimePicture>
      {first === undefined || last === undefined ? null : (
        <p className="log-times muted" aria-hidden="true">
          <span>{timeWords(first, stepSeconds * points.length)}</span>
          <span>{timeWords(last + stepSeconds, stepSeconds * points.length)}</span>
        </p>
      )}
    </figure>
  )
}

/** Of the bar at the page's cursor. */
function AtCursor(props: { readonly history: LogsWire['history'] }): ReactNode {
  const cursor = useCursor()
  return (
    <span className="chart-moment muted" data-moment>
      {cursor === null ? '' : momentWords(props.history, cursor.at)}
    </span>
  )
}

function momentWords({ points, stepSeconds }: LogsWire['history'], moment: number): string {
  const point = points.findLast(([at]) => at <= moment)
  if (point === undefined || moment > point[0] + stepSeconds) return ''
  const [at, ...counts] = point
  return barWords(at, counts, stepSeconds * points.length)
}

const LEGEND = { info: 'Information', warning: 'Warnings', critical: 'Critical' } as const

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}

function stepWords(seconds: number): string {
  if (seconds < 3600) return `${Math.round(seconds / 60)}\u00a0min`
  if (seconds < 86_400) return `${Number((seconds / 3600).toFixed(1))}\u00a0h`
  return `${Number((seconds / 86_400).toFixed(1))}\u00a0d`
}

function timeWords(at: number, spanSeconds: number): string {
  const date = new Date(at * 1000)
  return spanSeconds > 86_400 ? formatDateTime(date) : formatClock(date)
}

function barWords(at: number, counts: readonly number[], spanSeconds: number): string {
  const parts = SEVERITIES.flatMap((severity, place) => {
    const count = counts[place] ?? 0
    return count === 0 ? [] : [`${formatCount(count)} ${LEGEND[severity].toLowerCase()}`]
  }).reverse()
  return `${timeWords(at, spanSeconds)}: ${parts.length === 0 ? 'nothing' : parts.join(', ')}`
}
