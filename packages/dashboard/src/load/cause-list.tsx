// Causes, of a bottleneck or of a difference: what, by which evidence, and where to go on.

import type { CauseWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { formatRatio, formatValue } from '../format.ts'
import { Link } from '../link.tsx'
import { Sql } from '../text/sql-text.tsx'
import { oneLine } from '../text/sql-tokens.ts'

/** Where a statement of the run can be looked at; null: its database is not watched here. */
export type StatementParams = Readonly<Record<string, string>> | null

const KINDS: Readonly<Record<CauseWire['kind'], string>> = {
  statement: 'Statement',
  plan: 'Plan',
  table: 'Table',
  wait: 'Waiting',
  pool: 'Connection pool',
  connections: 'Connections',
  cache: 'Cache',
  errors: 'Errors',
  settings: 'Settings',
  schema: 'Schema',
  application: 'Application',
}

const SQL_KINDS: ReadonlySet<CauseWire['kind']> = new Set(['statement', 'plan'])

export function CauseList(props: {
  readonly causes: readonly CauseWire[]
  readonly statementParams: StatementParams
}): ReactNode {
  return (
    <ol className="cause-list">
      {props.causes.map((cause) => (
        <li key={`${cause.kind} ${cause.subject} ${cause.summary}`}>
          <p className="cause-head">
            <span className="cause-kind muted">{KINDS[cause.kind]}</span>
            <span>
              <b>{cause.summary}</b>
              {cause.share === null ? null : (
                <span className="cause-share">
                  <span className="share-bar" aria-hidden="true">
                    <i style={{ width: `${Math.min(1, cause.share) * 100}%` }} />
                  </span>
                  {formatRatio(cause.share)} <span className="muted">of the time</span>
                </span>
              )}
            </span>
          </p>
          {SQL_KINDS.has(cause.kind) ? (
            <p className="cause-sql">
              <code>
                <Sql sql={oneLine(cause.subject, 300)} />
              </code>
            </p>
          ) : null}
          {cause.evidence.length === 0 ? null : (
            <p className="cause-evidence muted">
              {cause.evidence.map(({ label, value, unit }) => (
                <span key={label}>
                  {label} <b>{formatValue(value, unit)}</b>
                </span>
              ))}
            </p>
          )}
          {cause.queryId === null || props.statementParams === null ? null : (
            <Link to={{ page: 'statement', queryId: cause.queryId }} params={props.statementParams}>
              Look at the statement
            </Link>
          )}
        </li>
      ))}
    </ol>
  )
}
