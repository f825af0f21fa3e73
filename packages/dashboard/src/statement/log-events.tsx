// What PostgreSQL's log says of a statement: slow executions, plans, errors, waits for locks, temporary files.

import type { LogEventWire, LogsWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { useResource } from '../data/use-resource.ts'
import { SeverityBadge } from '../findings/severity.tsx'
import { formatMs, plural } from '../format.ts'
import { targetPath, useTarget } from '../frame/targets.ts'
import { Moment } from '../moment.tsx'
import { Loaded } from '../states.tsx'
import { parseRange } from '../time-range.ts'
import { useAddress } from '../use-address.ts'

const SHOWN = 12

export function LogEvents(props: {
  readonly queryId: string
  readonly fingerprint: string | null
}): ReactNode {
  const { queryId, fingerprint } = props
  const target = useTarget()
  const { params } = useAddress()
  const logs = useResource<LogsWire>({
    path: targetPath(target, 'logs'),
    // a plain log has no query ids: the text tells which statement it is
    params: { limit: '100', ...(fingerprint === null ? { queryId } : { fingerprint }) },
    range: parseRange(params),
  })
  return (
    <Loaded from={logs} rows={4}>
      {(data) => <Events logs={data} />}
    </Loaded>
  )
}

function Events(props: { readonly logs: LogsWire }): ReactNode {
  const { events, hasSource, settings } = props.logs
  if (!hasSource)
    return (
      <p className="empty">
        The server's log is not read. With <code>{'logs: { files: [...] }'}</code> of the target in the
        configuration its errors, waits for locks, temporary files and plans of slow executions stand here.
      </p>
    )
  if (events.length === 0)
    return (
      <p className="empty">
        The log says nothing of it in this range.
        {settings.length === 0
          ? ''
          : ` It would say more with ${settings.map(({ name, advised }) => `${name} = ${advised}`).join(', ')}.`}
      </p>
    )
  return (
    <>
      <ul className="log-events">
        {events.slice(0, SHOWN).map((event) => (
          <LogEvent key={event.id} event={event} />
        ))}
      </ul>
      {events.length <= SHOWN ? null : (
        <p className="muted part-words">and {plural(events.length - SHOWN, 'earlier one')} in this range</p>
      )}
    </>
  )
}

function LogEvent(props: { readonly event: LogEventWire }): ReactNode {
  const { event } = props
  return (
    <li>
      <span className="log-head">
        <SeverityBadge severity={event.severity} />
        <b>{event.title}</b>
        {event.durationMs === null ? null : <span className="is-number">{formatMs(event.durationMs)}</span>}
        <span className="muted">
          {event.application === null || event.application === '' ? '' : `${event.application}, `}
          <Moment at={event.at} />
        </span>
      </span>
      {event.detail === null ? null : <p className="muted log-detail">{event.detail}</p>}
    </li>
  )
}
