// What PostgreSQL's log says: how much of what over time, by class with what to do, and message by message.

import type { LogClassCountWire, LogEventWire, LogsWire } from 'pgsteward/wire'
import { type ReactNode, useDeferredValue } from 'react'
import { ChartTime } from '../chart/chart-time.tsx'
import { WhatHappened } from '../chart/what-happened.tsx'
import { CopyButton } from '../copy-button.tsx'
import { useResource } from '../data/use-resource.ts'
import { targetPath, useTarget } from '../frame/targets.ts'
import { Icon } from '../icon.tsx'
import { classColumns, eventColumns } from '../logs/log-columns.tsx'
import { LogEventSheet } from '../logs/log-event-sheet.tsx'
import { LogHistogram } from '../logs/log-histogram.tsx'
import { AddLog, LogSettings, LogSources } from '../logs/log-sources.tsx'
import { logSentence } from '../logs/log-words.ts'
import { Segments } from '../segments.tsx'
import { Loaded } from '../states.tsx'
import { toCsv } from '../table/csv.ts'
import { DataTable, type Opens } from '../table/data-table.tsx'
import type { Sort } from '../table/order.ts'
import { TablePage } from '../table/table-page.tsx'
import { parseRange } from '../time-range.ts'
import { setParams, useAddress } from '../use-address.ts'

const LIMIT = '300'
/** The parameters of the API that narrow; the address has them under the same names. */
const FILTERS = ['class', 'severity', 'search', 'fingerprint', 'queryId', 'database'] as const
const VIEWS = [
  { id: 'classes', title: 'By class' },
  { id: 'events', title: 'One by one' },
] as const
const SEVERITIES = [
  ['', 'Any severity'],
  ['critical,warning', 'Warnings and worse'],
  ['critical', 'Critical'],
  ['warning', 'Warnings'],
  ['info', 'Information'],
] as const
const BY_SEVERITY: Sort = { column: 'severity', direction: 'desc' }

export function LogsPage(): ReactNode {
  const target = useTarget()
  const { params } = useAddress()
  const range = parseRange(params)
  const search = useDeferredValue(params.get('search') ?? '')
  const narrowed = FILTERS.flatMap((name) => {
    const value = name === 'search' ? search : params.get(name)
    return value === null || value === '' ? [] : [[name, value] as const]
  })
  const logs = useResource<LogsWire>({
    path: targetPath(target, 'logs'),
    params: { ...Object.fromEntries(narrowed), limit: LIMIT },
    range,
    everyMs: 10_000,
  })
  const open = params.get('open')
  return (
    <>
      <title>{`Logs · ${target.id} · pgsteward`}</title>
      <h1>Logs</h1>
      <Loaded from={logs} rows={16}>
        {(data) =>
          data.hasSource ? <Logs logs={data} isNarrowed={narrowed.length > 0} /> : <NoLog logs={data} />
        }
      </Loaded>
      {open === null ? null : <LogEventSheet id={open} onClose={() => setParams({ open: null }, 'push')} />}
    </>
  )
}

function NoLog(props: { readonly logs: LogsWire }): ReactNode {
  const { logs } = props
  const faults = logs.sources.filter(({ because }) => because !== null)
  return (
    <>
      <p className="empty">
        PostgreSQL's log is not read here yet. It tells of deadlocks, lock waits, failed logins, crashes,
        spills and errors with their statements: what no statistics view keeps.
      </p>
      {faults.map(({ source, because }) => (
        <p key={source} className="note">
          <Icon name="warning" /> {because}
        </p>
      ))}
      <AddLog logs={logs} />
    </>
  )
}

function Logs(props: { readonly logs: LogsWire; readonly isNarrowed: boolean }): ReactNode {
  const { logs, isNarrowed } = props
  const { params } = useAddress()
  const chosen = params.get('view')
  const view = chosen === null && isNarrowed ? 'events' : chosen === 'events' ? 'events' : 'classes'
  return (
    <>
      <p className="lead">{logSentence(logs.classes)}</p>
      <LogSources logs={logs} />
      <LogSettings logs={logs} />
      <ChartTime>
        <LogHistogram history={logs.history} />
        <WhatHappened />
      </ChartTime>
      <div className="toolbar">
        <Segments
          label="View"
          segments={VIEWS}
          chosen={view}
          onChoose={(id) =>
            setParams({ view: id, sort: null, ...(id === 'classes' ? NO_FILTERS : {}) }, 'push')
          }
        />
      </div>
      {view === 'classes' ? <Classes rows={logs.classes} /> : <Events logs={logs} isNarrowed={isNarrowed} />}
    </>
  )
}

const NO_FILTERS = Object.fromEntries(FILTERS.map((name) => [name, null]))

const opensClass: Opens<LogClassCountWire> = {
  kind: 'page',
  to: () => ({ page: 'logs' }),
  params: ({ id }) => ({ view: 'events', class: id }),
}
const opensEvent: Opens<LogEventWire> = { kind: 'sheet', open: ({ id }) => setParams({ open: id }, 'push') }

const classTexts = ({ id, title, area, severity, fix }: LogClassCountWire) => [
  id,
  title,
  area,
  severity,
  fix ?? '',
]

function Classes(props: { readonly rows: readonly LogClassCountWire[] }): ReactNode {
  return (
    <TablePage
      label="Classes of messages"
      noun={['class', 'classes']}
      columns={classColumns}
      rows={props.rows}
      keyOf={({ id }) => id}
      opens={opensClass}
      sortedBy={BY_SEVERITY}
      textsOf={classTexts}
      empty={<p>The log says nothing in this range.</p>}
    />
  )
}

function Events(props: { readonly logs: LogsWire; readonly isNarrowed: boolean }): ReactNode {
  const { logs, isNarrowed } = props
  const { params } = useAddress()
  const classId = params.get('class')
  const title = logs.classes.find(({ id }) => id === classId)?.title ?? classId
  const csv = () =>
    toCsv(
      ['At', 'Level', 'Class', 'SQLSTATE', 'Database', 'User', 'Application', 'Message', 'Detail', 'Query'],
      logs.events.map((row) => [
        row.at,
        row.level,
        row.class,
        row.sqlState,
        row.database,
        row.user,
        row.application,
        row.message,
        row.detail,
        row.query,
      ]),
    )
  return (
    <>
      <div className="toolbar">
        <input
          type="search"
          className="filter"
          data-filter
          aria-label="Search messages"
          placeholder="Search messages"
          autoComplete="off"
          spellCheck={false}
          value={params.get('search') ?? ''}
          onChange={(event) => setParams({ view: 'events', search: event.target.value })}
        />
        <select
          aria-label="Severity"
          value={params.get('severity') ?? ''}
          onChange={(event) => setParams({ view: 'events', severity: event.target.value }, 'push')}
        >
          {SEVERITIES.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
        {title === null ? null : <Chip name="class" words={title} />}
        {params.get('fingerprint') === null ? null : <Chip name="fingerprint" words="One statement" />}
        {params.get('queryId') === null ? null : <Chip name="queryId" words="One statement" />}
        <span className="muted toolbar-count" role="status">
          {logs.events.length === Number(LIMIT) ? `the latest ${LIMIT}` : `${logs.events.length} kept`}
        </span>
        <CopyButton text={csv} label="Copy as CSV" />
      </div>
      {logs.events.length === 0 ? (
        <p className="empty">
          {isNarrowed
            ? 'No message in this range is like that. '
            : 'No message of this range is kept one by one. '}
          {isNarrowed ? (
            <button type="button" className="as-link" onClick={() => setParams(NO_FILTERS, 'push')}>
              Show all
            </button>
          ) : null}
        </p>
      ) : (
        <DataTable
          label="Messages"
          columns={eventColumns}
          rows={logs.events}
          keyOf={({ id }) => id}
          opens={opensEvent}
        />
      )}
      <p className="muted">
        All are counted; of bookkeeping and of what repeats a few a minute are kept one by one. Values in
        messages and statements were taken out.
      </p>
    </>
  )
}

function Chip(props: {
  readonly name: 'class' | 'fingerprint' | 'queryId'
  readonly words: string
}): ReactNode {
  return (
    <button
      type="button"
      className="chip"
      onClick={() => setParams({ view: 'events', [props.name]: null }, 'push')}
    >
      {props.words} <Icon name="close" />
      <span className="hidden">show others too</span>
    </button>
  )
}
