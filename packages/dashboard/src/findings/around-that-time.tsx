// What happened around the time at which a finding began, each with how long before it.

import type { AroundEventWire, FindingWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { formatMs, plural } from '../format.ts'
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
  const happened = events.filter(({ kind }) => kind !== 'finding')
  const together = events.filter(({ kind }) => kind === 'finding')
  return (
    <section className="around">
      <h2>
        Around that time <span className="muted">it was first seen at {clock(began)}</span>
      </h2>
      <Events events={happened.length === 0 ? together : happened} began={began} />
      {happened.length === 0 || together.length === 0 ? null : (
        <details>
          <summary>{plural(together.length, 'other finding')} came with it</summary>
          <Events events={together} began={began} />
        </details>
      )}
    </section>
  )
}

function Events(props: { readonly events: readonly AroundEventWire[]; readonly began: number }): ReactNode {
  return (
    <ol>
      {props.events.map((event) => (
        <li key={`${event.at} ${event.kind} ${event.subject} ${event.findingKey ?? event.detail}`}>
          <time dateTime={event.at}>{clock(Date.parse(event.at))}</time>
          <span className="muted">{distanceWords(Date.parse(event.at) - props.began)}</span>
          <span className="around-what">
            <b>{Object.hasOwn(KINDS, event.kind) ? KINDS[event.kind] : event.kind}</b> <What event={event} />
          </span>
        </li>
      ))}
    </ol>
  )
}

/** With seconds: what came first is what it is about. */
function clock(at: number): string {
  return new Date(at).toLocaleTimeString('en-GB')
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
