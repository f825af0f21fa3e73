// One slow query whole: statement, redacted parameters, who sent it on whose behalf, and where to look next.

import type { SlowQueryGroupWire, SlowQueryWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { Copied } from '../copied.tsx'
import { formatCount, formatDateTime, formatMs, plural } from '../format.ts'
import { Link } from '../link.tsx'
import { Moment } from '../moment.tsx'
import { Sheet } from '../sheet.tsx'
import { Facts } from '../table/facts.tsx'
import { SqlBlock } from '../text/sql-text.tsx'
import { modelAction } from './application-words.ts'
import { hasWaited, SlowDuration } from './slow-query-columns.tsx'
import { StatementLinks } from './statement-links.tsx'

const SOURCES = {
  application: 'the application',
  log: "PostgreSQL's log",
  activity: 'sampling of pg_stat_activity',
} as const

export function SlowQuerySheet(props: {
  readonly query: SlowQueryWire
  readonly onClose: () => void
}): ReactNode {
  const { query } = props
  return (
    <Sheet title={modelAction(query) ?? 'Slow query'} onClose={props.onClose}>
      <SqlBlock sql={query.text} label="Copy" />
      <Facts
        facts={{
          Took: <SlowDuration query={query} />,
          When: <WhenExactly at={query.at} />,
          'Waited before': hasWaited(query)
            ? `${formatMs(query.waitedForPoolMs)} for a connection of the pool`
            : null,
          Rows: query.rows === null ? null : formatCount(query.rows),
          'Failed with': query.sqlState === null ? null : `SQLSTATE ${query.sqlState}`,
          Parameters: <Parameters values={query.parameters} />,
          ...sentBy(query),
          Database: query.database,
          Trace: query.traceId === null ? null : <Copied text={query.traceId} />,
          'Told by': SOURCES[query.source],
        }}
      />
      <p className="sheet-links">
        <StatementLinks queryIds={query.queryIds} />
        <Link to={{ page: 'slow-queries' }} params={{ view: 'latest', fingerprint: query.fingerprint }}>
          All of this statement
        </Link>
      </p>
    </Sheet>
  )
}

/** A statement at one place, as often as it was slow. */
export function SlowGroupSheet(props: {
  readonly group: SlowQueryGroupWire
  readonly onClose: () => void
}): ReactNode {
  const { group } = props
  return (
    <Sheet title={modelAction(group) ?? 'Slow statement'} onClose={props.onClose}>
      <SqlBlock sql={group.text} label="Copy" />
      <Facts
        facts={{
          'Was slow': `${plural(group.count, 'time')}, together ${formatMs(group.totalMs)}`,
          Mean: formatMs(group.meanMs),
          Longest: formatMs(group.maxMs),
          Last: <WhenExactly at={group.lastAt} />,
          ...sentBy(group),
        }}
      />
      <p className="sheet-links">
        <StatementLinks queryIds={group.queryIds} />
        <Link
          to={{ page: 'slow-queries' }}
          params={{
            view: 'latest',
            fingerprint: group.fingerprint,
            ...(group.route === null ? {} : { route: group.route }),
            ...(group.application === null ? {} : { application: group.application }),
          }}
        >
          One by one, with parameters
        </Link>
      </p>
    </Sheet>
  )
}

function WhenExactly(props: { readonly at: string }): ReactNode {
  return (
    <>
      {formatDateTime(new Date(props.at))}, <Moment at={props.at} />
    </>
  )
}

function sentBy({
  route,
  caller,
  application,
}: SlowQueryWire | SlowQueryGroupWire): Readonly<Record<string, ReactNode>> {
  return {
    Route: route,
    Place: caller === null ? null : <Copied text={caller} />,
    Application:
      application === null ? null : (
        <Link to={{ page: 'application', name: application }}>{application}</Link>
      ),
  }
}

/** As the application redacted them, before anything left it. */
function Parameters(props: { readonly values: readonly string[] | null }): ReactNode {
  if (props.values === null) return <span className="muted">not sent</span>
  if (props.values.length === 0) return <span className="muted">none</span>
  return (
    <ol className="parameters">
      {props.values.map((value, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parameters have no other name than their place
        <li key={place}>
          <span className="muted">${place + 1}</span> <code>{value}</code>
        </li>
      ))}
    </ol>
  )
}
