// A slowdown with its bounds as a bar: the middle is no change, right of it slower.

import type { ReactNode } from 'react'
import { placeInterval } from './interval.ts'
import { type Compared, changeText } from './load-words.ts'

export function IntervalBar(props: { readonly of: Compared }): ReactNode {
  const { ratio, lower, upper, band, verdict } = props.of
  const placed = placeInterval(ratio, lower, upper)
  if (placed === null) return null
  const kind =
    band === 'critical' || band === 'high'
      ? 'is-critical'
      : band === 'medium'
        ? 'is-warning'
        : band === 'improvement'
          ? 'is-resolved'
          : band === 'low'
            ? 'is-info'
            : verdict === 'inconclusive'
              ? 'is-undecided'
              : 'is-quiet'
  const words = `${changeText(ratio)}, between ${lower === null ? 'any' : changeText(lower)} and ${upper === null ? 'any' : changeText(upper)}`
  return (
    <span className={`interval ${kind}`} role="img" aria-label={words} title={words}>
      <i className="interval-none" style={{ left: `${placed.none}%` }} />
      <i
        className={`interval-range${placed.isCutLeft ? ' is-cut-left' : ''}${placed.isCutRight ? ' is-cut-right' : ''}`}
        style={{ left: `${placed.from}%`, width: `${Math.max(1, placed.to - placed.from)}%` }}
      />
      <i className="interval-at" style={{ left: `${placed.at}%` }} />
    </span>
  )
}
