// What happened to a finding, the newest first, with who decided and why.

import type { FindingDetailWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { Moment } from '../moment.tsx'

const WORDS: Readonly<Record<string, string>> = {
  pending: 'Seen for the first time',
  opened: 'Opened',
  worsened: 'Got worse',
  eased: 'Got better',
  persisted: 'Still there',
  muted: 'Muted',
  waive: 'Muted',
  unmute: 'Unmuted',
  unmuted: 'Unmuted',
  resolved: 'Resolved',
  forgotten: 'Forgotten',
  proposed: 'Remedy proposed',
  approve: 'Remedy approved',
  apply: 'Remedy applied',
}

export function FindingHistory(props: { readonly history: FindingDetailWire['history'] }): ReactNode {
  if (props.history.length === 0)
    return <p className="empty">Nothing has happened yet but that it was found.</p>
  const newest = props.history.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
  return (
    <ol className="timeline">
      {newest.map((event, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two events may share moment and kind, and none ever moves
        <li key={`${event.at} ${event.transition} ${place}`} className={`is-${dotOf(event)}`}>
          <span>
            {Object.hasOwn(WORDS, event.transition) ? WORDS[event.transition] : event.transition}
            {event.transition === 'worsened' || event.transition === 'eased' ? ` to ${event.severity}` : ''}
            {event.actor === null ? '' : ` by ${event.actor}`}
          </span>{' '}
          <span className="muted">
            <Moment at={event.at} />
          </span>
          {event.reason === null ? null : <p>{event.reason}</p>}
        </li>
      ))}
    </ol>
  )
}

function dotOf(event: FindingDetailWire['history'][number]): string {
  if (event.transition === 'resolved') return 'resolved'
  return event.transition === 'opened' || event.transition === 'worsened' ? event.severity : 'quiet'
}
