// Thresholds, checks and kinds of failure of a run, as short lists.

import type { ShownRunWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { formatCount } from '../format.ts'
import { Icon } from '../icon.tsx'
import { thresholdValue } from './load-words.ts'

export function Thresholds(props: { readonly run: ShownRunWire }): ReactNode {
  const { thresholds } = props.run
  if (thresholds.length === 0)
    return <p className="muted">The scenario has none: nothing says what would be too slow.</p>
  return (
    <ul className="outcomes">
      {thresholds.map(({ text, value, isMet, unit }) => (
        <li key={text}>
          <span className={`badge is-${isMet ? 'resolved' : 'critical'}`}>
            <Icon name={isMet ? 'resolved' : 'critical'} /> {isMet ? 'Met' : 'Crossed'}
          </span>
          <span className="outcome-text">{text}</span>
          <span className="is-number">{value === null ? 'not measured' : thresholdValue(value, unit)}</span>
        </li>
      ))}
    </ul>
  )
}

export function Checks(props: { readonly run: ShownRunWire }): ReactNode {
  const { checks } = props.run
  if (checks.length === 0) return <p className="muted">The scenario has none beyond the expected statuses.</p>
  return (
    <ul className="outcomes">
      {checks
        .toSorted((a, b) => b.failed - a.failed)
        .map(({ name, passed, failed }) => (
          <li key={name}>
            <span className={`badge is-${failed === 0 ? 'resolved' : 'critical'}`}>
              <Icon name={failed === 0 ? 'resolved' : 'critical'} /> {failed === 0 ? 'Passed' : 'Failed'}
            </span>
            <span className="outcome-text">{name}</span>
            <span className="is-number">
              {failed === 0
                ? formatCount(passed)
                : `${formatCount(failed)} of ${formatCount(passed + failed)}`}
            </span>
          </li>
        ))}
    </ul>
  )
}

/** Statuses and kinds of failure, the most frequent first. */
export function ErrorKinds(props: { readonly run: ShownRunWire }): ReactNode {
  const kinds = Object.entries(props.run.requests.errorKinds).toSorted(([, a], [, b]) => b - a)
  if (kinds.length === 0) return null
  return (
    <p className="error-kinds">
      Failed by{' '}
      {kinds.slice(0, 12).map(([kind, count]) => (
        <span key={kind}>
          <b>{kind}</b> {formatCount(count)}
        </span>
      ))}
    </p>
  )
}
