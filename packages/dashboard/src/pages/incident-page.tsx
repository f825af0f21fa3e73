// One incident: its times, its alerts, its timeline, what people add, and its review.

import type { IncidentWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { ActionSheet, Reason } from '../action-sheet.tsx'
import { useResource } from '../data/use-resource.ts'
import { FigureStrip } from '../figure-strip.tsx'
import { formatDateTime } from '../format.ts'
import { type Entry, EntrySheet } from '../incidents/incident-sheets.tsx'
import { STATE_BADGES, STATE_WORDS, timesFigures } from '../incidents/incident-words.ts'
import { Link } from '../link.tsx'
import { Loaded } from '../states.tsx'
import '../styles/incidents.css'

const EVERY_MS = 5_000

export function IncidentPage(props: { readonly name: string }): ReactNode {
  const path = `/api/v1/incidents/${encodeURIComponent(props.name)}`
  const incident = useResource<IncidentWire>({ path, everyMs: EVERY_MS })
  const [entry, setEntry] = useState<Entry | null>(null)
  const [item, setItem] = useState<number | null>(null)
  const close = () => {
    setEntry(null)
    setItem(null)
  }
  const done = () => {
    close()
    incident.refresh()
  }
  return (
    <>
      <title>{`${props.name} · pgsteward`}</title>
      <p className="crumb">
        <Link to={{ page: 'incidents' }}>Incidents</Link>
      </p>
      <Loaded from={incident} heading={props.name}>
        {(data) => <Detail incident={data} onEntry={setEntry} onItem={setItem} />}
      </Loaded>
      {entry === null ? null : <EntrySheet name={props.name} entry={entry} onClose={close} onDone={done} />}
      {item === null ? null : <DoneSheet path={path} item={item} onClose={close} onDone={done} />}
    </>
  )
}

/** What may be done now, what is nearest first. */
const ENTRIES: Readonly<Record<IncidentWire['state'], readonly (readonly [label: string, entry: Entry])[]>> =
  {
    open: [
      ['Note…', 'noted'],
      ['Mitigated…', 'mitigated'],
      ['Resolved…', 'resolved'],
      ['Role…', 'role-taken'],
      ['Status…', 'status-told'],
      ['Cause…', 'cause-found'],
    ],
    mitigated: [
      ['Note…', 'noted'],
      ['Resolved…', 'resolved'],
      ['Status…', 'status-told'],
      ['Cause…', 'cause-found'],
      ['Reopen…', 'reopened'],
    ],
    resolved: [
      ['Review…', 'reviewed'],
      ['Note…', 'noted'],
      ['Cause…', 'cause-found'],
      ['Reopen…', 'reopened'],
    ],
    reviewed: [['Note…', 'noted']],
  }

function Detail(props: {
  readonly incident: IncidentWire
  readonly onEntry: (entry: Entry) => void
  readonly onItem: (item: number) => void
}): ReactNode {
  const { incident, onEntry } = props
  const { state, title, name, targetId, times, roles, alerts, timeline, review, status, cause } = incident
  const isUnacknowledged = state === 'open' && times.acknowledgedAt === null
  return (
    <article>
      <header className="record-head">
        <p className="badges">
          <span className={`badge ${STATE_BADGES[state]}`}>{STATE_WORDS[state]}</span>{' '}
          <span className="muted">
            {name} · {targetId} · since {formatDateTime(new Date(times.startedAt))}
          </span>
        </p>
        <h1>{title}</h1>
        {status === null ? null : <p className="note">Others were told: {status}</p>}
        {cause === null ? null : <p>Cause: {cause}</p>}
        {roles.length === 0 ? null : (
          <p className="muted">{roles.map(({ role, name: who }) => `${role} ${who}`).join(' · ')}</p>
        )}
        <p className="record-do">
          {isUnacknowledged ? (
            <button type="button" className="primary" onClick={() => onEntry('acknowledged')}>
              Take in hand…
            </button>
          ) : null}
          {ENTRIES[state].map(([label, entry]) => (
            <button key={entry} type="button" onClick={() => onEntry(entry)}>
              {label}
            </button>
          ))}
        </p>
      </header>
      <FigureStrip label="Times" figures={timesFigures(times)} />
      {alerts.length === 0 ? null : (
        <section className="record-section" aria-label="Alerts">
          <h2>Alerts</h2>
          <ul className="record-list">
            {alerts.map((alert) => (
              <li key={`${alert.findingKey} ${alert.openedAt}`}>
                <span
                  className={`badge ${alert.state === 'resolved' ? 'is-resolved' : alert.severity === 'critical' ? 'is-critical' : 'is-warning'}`}
                >
                  {alert.state === 'resolved' ? 'Over' : alert.severity}
                </span>
                <span className="record-what">
                  <Link to={{ page: 'finding', key: alert.findingKey }} row>
                    {alert.summary}
                  </Link>
                  <span className="muted">
                    {alert.state === 'acknowledged' ? 'in hand, ' : ''}since{' '}
                    {formatDateTime(new Date(alert.openedAt))}
                  </span>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {review === null ? null : <Review review={review} onItem={props.onItem} />}
      <section className="record-section" aria-label="Timeline">
        <h2>Timeline</h2>
        <ol className="incident-timeline">
          {timeline.map(({ seq, at, actor, kind, text }) => (
            <li key={seq} className={`is-${kind}`}>
              <time dateTime={at}>{formatDateTime(new Date(at))}</time>
              <span className="record-what">
                {text}
                {kind === 'person' && actor !== 'pgsteward' ? <span className="muted">{actor}</span> : null}
              </span>
            </li>
          ))}
        </ol>
      </section>
    </article>
  )
}

function Review(props: {
  readonly review: NonNullable<IncidentWire['review']>
  readonly onItem: (item: number) => void
}): ReactNode {
  const { happened, impact, rootCause, wentWell, wentBadly, actionItems } = props.review
  return (
    <section className="record-section review" aria-label="Review">
      <h2>Review</h2>
      <p>{happened}</p>
      <dl className="facts">
        <dt>Impact</dt>
        <dd>{impact}</dd>
        <dt>Root cause</dt>
        <dd>{rootCause}</dd>
        {wentWell.length === 0 ? null : (
          <>
            <dt>Went well</dt>
            <dd>{wentWell.join('; ')}</dd>
          </>
        )}
        {wentBadly.length === 0 ? null : (
          <>
            <dt>Went badly</dt>
            <dd>{wentBadly.join('; ')}</dd>
          </>
        )}
      </dl>
      <ul className="record-list" aria-label="Action items">
        {actionItems.map(({ text, owner, due, doneAt, doneBy }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: items are named by their place
          <li key={index}>
            <span className={`badge ${doneAt === null ? 'is-warning' : 'is-resolved'}`}>
              {doneAt === null ? 'To do' : 'Done'}
            </span>
            <span className="record-what">
              {text}
              <span className="muted">
                {owner}, by {due}
                {doneAt === null ? '' : `; done by ${doneBy} on ${formatDateTime(new Date(doneAt))}`}
              </span>
            </span>
            {doneAt === null ? (
              <button type="button" onClick={() => props.onItem(index)}>
                Done…
              </button>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  )
}

function DoneSheet(props: {
  readonly path: string
  readonly item: number
  readonly onDone: () => void
  readonly onClose: () => void
}): ReactNode {
  const [text, setText] = useState('')
  return (
    <ActionSheet
      title="Action item done"
      action="Done"
      path={`${props.path}/entries`}
      post={() => ({ action: 'action-done', item: props.item, text: text.trim() })}
      onDone={props.onDone}
      onClose={props.onClose}
    >
      <Reason label="What came of it" value={text} isRequired={false} onChange={setText} />
    </ActionSheet>
  )
}
