// What the database and the application's pools said while the run went on.

import type { ShownRunWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { FigureStrip, type FigureWords } from '../figure-strip.tsx'
import { formatBytes, formatCompact, formatCount, formatMs, formatRatio, NOTHING, plural } from '../format.ts'
import { Link } from '../link.tsx'
import { Sql } from '../text/sql-text.tsx'
import { oneLine } from '../text/sql-tokens.ts'
import type { StatementParams } from './cause-list.tsx'

type Evidence = NonNullable<ShownRunWire['database']>

const STATEMENTS = 10
const WAITS = 8
const TABLES = 5

export function DatabaseSaid(props: {
  readonly database: Evidence | null
  readonly statementParams: StatementParams
}): ReactNode {
  const { database, statementParams } = props
  if (database === null)
    return (
      <p className="empty">
        Nothing was asked: name the database with <code>--database URL</code>, or its target, and statements,
        waits, cache and connections of the run stand here.
      </p>
    )
  return (
    <>
      <FigureStrip label="Database during the run" figures={figures(database)} />
      {(database.notes ?? []).map((note) => (
        <p key={note} className="note">
          {note}
        </p>
      ))}
      <Statements database={database} statementParams={statementParams} />
      <div className="said-columns">
        <Waits database={database} />
        <Pools database={database} />
        <ScannedTables database={database} />
      </div>
    </>
  )
}

function figures({ activeSessions, cacheHitRatio, connections, totals, seconds }: Evidence): FigureWords[] {
  return [
    {
      label: 'Sessions at work',
      value: activeSessions === null ? NOTHING : String(Number(activeSessions.mean.toFixed(2))),
      beside: activeSessions === null ? 'not sampled' : `on average, ${activeSessions.max} at most`,
    },
    {
      label: 'Cache hits',
      value: cacheHitRatio === null ? NOTHING : formatRatio(cacheHitRatio),
      beside: 'of blocks touched',
    },
    {
      label: 'Connections',
      value: connections === null ? NOTHING : formatCount(connections.peak),
      beside: connections === null ? 'not read' : `at most, of ${formatCount(connections.max)}`,
    },
    {
      label: 'Statements',
      value: totals === undefined ? NOTHING : formatCompact(totals.calls),
      beside: totals === undefined || seconds === 0 ? '' : `took ${formatMs(totals.totalMs)}`,
    },
    {
      label: 'Temporary files',
      value: totals === undefined ? NOTHING : formatBytes(totals.tempBytes),
      beside: 'written',
    },
    {
      label: 'Deadlocks',
      value: totals === undefined ? NOTHING : formatCount(totals.deadlocks),
      beside: totals === undefined ? '' : plural(totals.rollbacks, 'rollback'),
    },
  ]
}

function Statements(props: {
  readonly database: Evidence
  readonly statementParams: StatementParams
}): ReactNode {
  const { database, statementParams } = props
  if (database.statements.length === 0) return <p className="muted">No statement was counted meanwhile.</p>
  const totalMs = database.totals?.totalMs ?? database.statements.reduce((sum, each) => sum + each.totalMs, 0)
  const shown = database.statements.slice(0, STATEMENTS)
  return (
    <>
      <h3>Statements, by the time they took</h3>
      <ol className="said-statements">
        {shown.map((each) => {
          const share = totalMs === 0 ? 0 : Math.min(1, each.totalMs / totalMs)
          const text = (
            <code>
              <Sql sql={oneLine(each.text, 260)} />
            </code>
          )
          return (
            <li key={each.queryId}>
              <span className="said-share">
                <span className="share-bar" aria-hidden="true">
                  <i style={{ width: `${share * 100}%` }} />
                </span>
                {formatRatio(share)}
              </span>
              <span className="said-sql">
                {statementParams === null ? (
                  text
                ) : (
                  <Link to={{ page: 'statement', queryId: each.queryId }} params={statementParams} row>
                    {text}
                  </Link>
                )}
              </span>
              <span className="said-figures muted">
                {formatMs(each.calls === 0 ? 0 : each.totalMs / each.calls)} a call,{' '}
                {formatCompact(each.calls)} calls
                {each.route === null ? '' : `, ${each.route}`}
                {(each.waits ?? []).length === 0
                  ? ''
                  : `, mostly ${each.waits?.map(({ type, event }) => (event === null ? type : `${type}:${event}`))[0]}`}
              </span>
            </li>
          )
        })}
      </ol>
      {database.statements.length > STATEMENTS ? (
        <p className="muted">
          {plural(database.statements.length - STATEMENTS, 'more statement')} in the run's file.
        </p>
      ) : null}
    </>
  )
}

function Waits(props: { readonly database: Evidence }): ReactNode {
  const waits = props.database.waits.slice(0, WAITS)
  const total = props.database.waits.reduce((sum, { averageSessions }) => sum + averageSessions, 0)
  return (
    <div>
      <h3>Waited for</h3>
      {waits.length === 0 ? (
        <p className="muted">No session was seen at work.</p>
      ) : (
        <ul className="bars">
          {waits.map(({ type, event, averageSessions }) => (
            <li key={`${type} ${event}`}>
              <span>{event === null ? type : `${type}: ${event}`}</span>
              <span className="share-bar" aria-hidden="true">
                <i style={{ width: `${total === 0 ? 0 : (averageSessions / total) * 100}%` }} />
              </span>
              <span className="is-number">{formatRatio(total === 0 ? 0 : averageSessions / total)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function Pools(props: { readonly database: Evidence }): ReactNode {
  const { pools } = props.database
  if (pools.length === 0) return null
  return (
    <div>
      <h3>Pools of the application</h3>
      <ul className="bars">
        {pools.map(({ name, max, usedMax, waitingMax, waitP95Ms }) => (
          <li key={name}>
            <span>{name}</span>
            <span className="share-bar" aria-hidden="true">
              <i
                className={waitingMax > 0 ? 'is-warning' : undefined}
                style={{ width: `${max === null || max === 0 ? 0 : Math.min(1, usedMax / max) * 100}%` }}
              />
            </span>
            <span>
              {formatCount(usedMax)}
              {max === null ? '' : ` of ${formatCount(max)}`}
            </span>
            <span className="muted bars-words">
              {waitingMax === 0
                ? 'nobody waited'
                : `${plural(waitingMax, 'caller')} waited at once${waitP95Ms === null ? '' : `, p95 ${formatMs(waitP95Ms)}`}`}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function ScannedTables(props: { readonly database: Evidence }): ReactNode {
  const tables = props.database.tables
    .filter(({ sequentialRows }) => sequentialRows > 0)
    .toSorted((a, b) => b.sequentialRows - a.sequentialRows)
    .slice(0, TABLES)
  if (tables.length === 0) return null
  return (
    <div>
      <h3>Read row by row</h3>
      <ul className="bars">
        {tables.map(({ name, sequentialRows, sequentialScans, sizeBytes }) => (
          <li key={name}>
            <span>{name}</span>
            <span className="muted bars-words">
              {formatCompact(sequentialRows)} rows in {plural(sequentialScans, 'scan')},{' '}
              {formatBytes(sizeBytes)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
