// One operation of an application whole: what a narrow table leaves out, its text, and where to look next.

import type { OperationWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { Copied } from '../copied.tsx'
import { formatCount, formatMs, formatPerSecond, formatRatio, orNothing } from '../format.ts'
import { Link } from '../link.tsx'
import { Sheet } from '../sheet.tsx'
import { Facts } from '../table/facts.tsx'
import { SqlBlock } from '../text/sql-text.tsx'
import { isTimed, modelAction } from './application-words.ts'
import { StatementLinks } from './statement-links.tsx'

export function OperationSheet(props: {
  readonly operation: OperationWire
  readonly onClose: () => void
}): ReactNode {
  const { operation } = props
  const { kind, application, route, text, queryIds } = operation
  const of = modelAction(operation)
  const narrow = { application, ...(kind === 'request' ? { route: operation.name } : {}) }
  return (
    <Sheet title={kind === 'query' ? (of ?? operation.name) : operation.name} onClose={props.onClose}>
      {text === null || text === undefined ? null : <SqlBlock sql={text} label="Copy" />}
      <Facts
        facts={{
          Route: route,
          Place: operation.caller === null ? null : <Copied text={operation.caller} />,
          Labels: operation.labels,
          Count: `${formatCount(operation.count)}, ${formatPerSecond(operation.perSecond)}`,
          Errors: formatRatio(operation.errorRatio),
          ...(isTimed(operation) ? timesOf(operation) : {}),
          'Statements a request': kind === 'request' ? formatCount(operation.rowsPerCall) : null,
          'Rows a call': kind === 'query' ? formatCount(operation.rowsPerCall) : null,
          'In statements':
            operation.queryTimeRatio === null ? null : `${formatRatio(operation.queryTimeRatio)} of its time`,
        }}
      />
      <p className="sheet-links">
        <StatementLinks queryIds={queryIds ?? []} />
        {kind === 'request' ? (
          <>
            <Link
              to={{ page: 'application', name: application }}
              params={{ show: 'statements', q: operation.name }}
            >
              Its statements
            </Link>
            <Link
              to={{ page: 'application', name: application }}
              params={{ show: 'repeats', q: operation.name }}
            >
              Its N+1
            </Link>
          </>
        ) : null}
        {kind === 'request' || operation.fingerprint !== null ? (
          <Link
            to={{ page: 'slow-queries' }}
            params={{
              ...narrow,
              ...(operation.fingerprint === null ? {} : { fingerprint: operation.fingerprint }),
            }}
          >
            Its slow queries
          </Link>
        ) : null}
        {route === null || application === '' ? null : (
          <Link to={{ page: 'application', name: application }} params={{ show: 'routes', q: route }}>
            Its route
          </Link>
        )}
      </p>
    </Sheet>
  )
}

function timesOf(operation: OperationWire): Readonly<Record<string, string | null>> {
  const { p50Ms, p95Ms, p99Ms } = operation
  return {
    Total: formatMs(operation.totalMs),
    Mean: formatMs(operation.meanMs),
    'p50, p95, p99':
      p95Ms === null ? null : [p50Ms, p95Ms, p99Ms].map((ms) => orNothing(ms, formatMs)).join(', '),
    Longest: formatMs(operation.maxMs),
  }
}
