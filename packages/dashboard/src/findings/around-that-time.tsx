// What happened around the time at which a finding began, each with how long before it.

import type { AroundEventWire, FindingWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { formatClock, formatMs } from '../format.ts'
import { Link } from '../link.tsx'

const KINDS: Readonly<Record<string, string>> = {
  deployment: 'Deployment',
  schema: 'Schema',
  settings: 'Settings',
  statistics: 'Statistics',
  restart: 'Restart',
  plan: 'Plan changed',
  blocking: 'Sessions waited',
  finding: 'Also found',
}

export function AroundThatTime(props: {
  readonly finding: FindingWire
  readonly events: readonly AroundEventWire[]
}): ReactNode {
  const { finding, events } = props
  if (events.length === 0) return null
  const began = Date.parse(finding.firstSeenAt)
  return (
    <section className="around">
      <h2>
        Around that time <span className="muted">it was first seen at {formatClock(new Date(began))}</span>
      </h2>
      <ol>
        {events.map((event) => (
          <li key={`${event.at} ${event.kind} ${event.subject} ${event.detail}`}>
            <time dateTime={event.at}>{formatClock(new Date(event.at))}</time>
            <span className="muted around-distance">{distanceWords(Date.parse(event.at) - began)}</span>
            <span className="around-what">
              <b>{Object.hasOwn(KINDS, event.kind) ? KINDS[event.kind] : event.kind}</b>{' '}
              <What event={event} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}

function What(props: { readonly event: AroundEventWire }): ReactNode {
  const { kind, subject, detail, findingKey, queryId } = props.event
  if (findingKey !== null) return <Link to={{ page: 'finding', key: findingKey }}>{detail}</Link>
  if (kind === 'plan' && queryId !== null)
    return (
      <>
        <Link to={{ page: 'statement', queryId }}>{subject}</Link>: {detail}
      </>
    )
  return subject === '' ? detail : `${subject}: ${detail}`
}

function distanceWords(laterMs: number): string {
  const words = formatMs(Math.round(Math.abs(laterMs) / 1000) * 1000)
  if (Math.abs(laterMs) < 1000) return 'at once'
  return laterMs < 0 ? `${words} before` : `${words} after`
}
