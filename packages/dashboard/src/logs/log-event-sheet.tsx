// One message whole: what it says, of which statement and session, what its class means and what to do.

import type { LogEventDetailWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { StatementLinks } from '../application/statement-links.tsx'
import { useResource } from '../data/use-resource.ts'
import { SeverityBadge } from '../findings/severity.tsx'
import { formatDateTime, formatMs } from '../format.ts'
import { targetPath, useTarget } from '../frame/targets.ts'
import { Link } from '../link.tsx'
import { Moment } from '../moment.tsx'
import { Sheet } from '../sheet.tsx'
import { Loaded } from '../states.tsx'
import { Facts } from '../table/facts.tsx'
import { MarkdownView } from '../text/markdown-view.tsx'
import { SqlBlock } from '../text/sql-text.tsx'
import { figureWords } from './log-words.ts'

export function LogEventSheet(props: { readonly id: string; readonly onClose: () => void }): ReactNode {
  const target = useTarget()
  const detail = useResource<LogEventDetailWire>({
    path: targetPath(target, `logs/${encodeURIComponent(props.id)}`),
    everyMs: 3_600_000,
  })
  return (
    <Sheet title={detail.data?.event.title ?? 'Message'} onClose={props.onClose}>
      <Loaded from={detail} rows={8}>
        {(data) => <Event detail={data} />}
      </Loaded>
    </Sheet>
  )
}

function Event(props: { readonly detail: LogEventDetailWire }): ReactNode {
  const { event, plan, page } = props.detail
  const known = new Set([event.durationMs])
  const figures = Object.entries(event.figures).filter(([, value]) => !known.has(Number(value)))
  return (
    <>
      <p className="log-message">{event.message}</p>
      {event.detail === null ? null : <p className="log-message muted">{event.detail}</p>}
      {event.query === null ? null : <SqlBlock sql={event.query} label="Copy" />}
      <Facts
        facts={{
          Severity: (
            <>
              <SeverityBadge severity={event.severity} /> <span className="muted">{event.level}</span>
            </>
          ),
          When: (
            <>
              {formatDateTime(new Date(event.at))} (<Moment at={event.at} />)
            </>
          ),
          Took: event.durationMs === null ? null : formatMs(event.durationMs),
          Parameters:
            event.parameters === null || event.parameters.length === 0 ? null : (
              <ol className="parameters">
                {event.parameters.map((value, place) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: parameters have no name but their place
                  <li key={place}>
                    <code>{value ?? 'null'}</code>
                  </li>
                ))}
              </ol>
            ),
          ...Object.fromEntries(figures.map(([name, value]) => figureWords(name, value))),
          Database: event.database,
          User: event.user,
          Application: event.application,
          Client: event.client,
          'Process id': event.pid === null ? null : String(event.pid),
          SQLSTATE: event.sqlState,
          Hint: event.hint,
          Context: event.context === null ? null : <span className="log-message">{event.context}</span>,
        }}
      />
      {plan === null ? null : (
        <details>
          <summary>Plan, as it ran</summary>
          <SqlBlock sql={JSON.stringify(plan, null, 2)} label="Copy" isPlain />
        </details>
      )}
      <p className="sheet-links">
        <StatementLinks queryIds={event.queryIds} />
        {event.fingerprint === null ? null : (
          <Link to={{ page: 'logs' }} params={{ view: 'events', fingerprint: event.fingerprint }}>
            All messages of this statement
          </Link>
        )}
        <Link to={{ page: 'logs' }} params={{ view: 'events', class: event.class }}>
          All of this class
        </Link>
      </p>
      {page === '' ? null : <MarkdownView source={page} />}
    </>
  )
}
