// Outages of the last ninety days, those that last first.

import type { OutageWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { useNow } from '../data/use-now.ts'
import { formatDateTime, formatMs, plural } from '../format.ts'
import { Icon } from '../icon.tsx'

const SHOWN = 15

export function OutageList(props: { readonly outages: readonly OutageWire[] }): ReactNode {
  const now = useNow()
  const [isAll, setAll] = useState(false)
  const sorted = props.outages.toSorted((a, b) => Number(a.endedAt !== null) - Number(b.endedAt !== null))
  const shown = isAll ? sorted : sorted.slice(0, SHOWN)
  return (
    <>
      <ul className="outage-list">
        {shown.map(({ kind, name, startedAt, endedAt, failures, error, isPlanned }) => {
          const lastedMs = (endedAt === null ? now.getTime() : Date.parse(endedAt)) - Date.parse(startedAt)
          return (
            <li key={`${kind} ${name} ${startedAt}`}>
              <span>
                <time dateTime={startedAt}>{formatDateTime(new Date(startedAt))}</time>
              </span>
              <span>
                {endedAt === null ? (
                  <span className="badge is-critical">
                    <Icon name="critical" /> {formatMs(Math.max(0, lastedMs))} so far
                  </span>
                ) : (
                  formatMs(lastedMs)
                )}
              </span>
              <span className="outage-what">
                <b>{name}</b> {error}
                <span className="muted">
                  , {plural(failures, 'try', 'tries')} failed{isPlanned ? ', in a planned window' : ''}
                </span>
              </span>
            </li>
          )
        })}
      </ul>
      {sorted.length > SHOWN && !isAll ? (
        <button type="button" onClick={() => setAll(true)}>
          All {sorted.length}
        </button>
      ) : null}
    </>
  )
}
