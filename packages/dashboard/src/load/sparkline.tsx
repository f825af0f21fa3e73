// A scenario's p95 from run to run: a line over the runs that can be compared, others as faint dots, and marks where the level changed.

import type { LoadHistoryWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { formatMs } from '../format.ts'
import { changeText } from './load-words.ts'
import { placePoints } from './place-points.ts'

export function Sparkline(props: {
  readonly history: LoadHistoryWire
  readonly width?: number
  readonly height?: number
}): ReactNode {
  const { history, width = 240, height = 36 } = props
  const { points, line, changes } = placePoints(history, width, height)
  if (points.length === 0) return null
  const last = history.points.findLast(({ valueMs }) => valueMs !== null)
  const words = `${history.quantile} of ${points.length} runs, the last ${last?.valueMs === null || last === undefined ? 'not known' : formatMs(last.valueMs)}${changes
    .map(({ ratio }) => `; changed by ${changeText(ratio)}`)
    .join('')}`
  return (
    <svg className="sparkline" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={words}>
      {changes.map(({ x, ratio, runId }) => (
        <g key={runId} className={ratio > 1 ? 'is-warning' : 'is-resolved'}>
          <title>{`From here on ${changeText(ratio)}`}</title>
          <path d={`M${x} 0V${height}`} />
          <path className="mark" d={ratio > 1 ? `M${x - 4} 6h8l-4-6z` : `M${x - 4} 0h8l-4 6z`} />
        </g>
      ))}
      <path className="line" d={line} />
      {points.map(({ id, x, y, isInvalid, isComparable, isLast, text }) => (
        <circle
          key={id}
          className={isInvalid ? 'is-invalid' : isComparable ? (isLast ? 'is-last' : 'is-plain') : 'is-other'}
          cx={x}
          cy={y}
          r={isLast || isInvalid ? 3 : 1.5}
        >
          <title>{text}</title>
        </circle>
      ))}
    </svg>
  )
}
