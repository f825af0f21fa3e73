// The tables below the picture: statements, sessions now, what is waited for, incidents, what holds vacuum back.

import type {
  ActivityLiveWire,
  ActivityQueryWire,
  ActivityWire,
  BlockingIncidentWire,
  LiveSessionWire,
} from 'pgsteward/wire'
import { type ReactNode, useMemo, useState } from 'react'
import { Copied } from '../copied.tsx'
import { formatCount, formatDateTime, formatMs, formatRatio, orNothing, plural } from '../format.ts'
import { Link } from '../link.tsx'
import { Sheet } from '../sheet.tsx'
import { DataTable, type Opens } from '../table/data-table.tsx'
import { Facts } from '../table/facts.tsx'
import type { Sort } from '../table/order.ts'
import { RowSheet } from '../table/row-sheet.tsx'
import { TablePage } from '../table/table-page.tsx'
import { SqlBlock } from '../text/sql-text.tsx'
import { setParams, useAddress } from '../use-address.ts'
import { horizonColumns, incidentColumns, queryColumns, sessionColumns } from './activity-columns.tsx'
import { averageText, sessionName } from './activity-words.ts'
import { BlockingTree } from './blocking-tree.tsx'

const TABS = [
  { id: 'statements', title: 'Statements' },
  { id: 'sessions', title: 'Sessions now' },
  { id: 'waits', title: 'Waits' },
  { id: 'incidents', title: 'Blocking incidents' },
  { id: 'horizon', title: 'What holds vacuum back' },
] as const

const AS_RANKED: Sort = { column: '', direction: 'desc' }

export function ActivityTables(props: {
  readonly data: ActivityWire
  readonly live: ActivityLiveWire | null
}): ReactNode {
  const { data, live } = props
  const { params } = useAddress()
  const shown = TABS.find(({ id }) => id === params.get('show'))?.id ?? 'statements'
  const counts: Readonly<Record<(typeof TABS)[number]['id'], number>> = {
    statements: data.queries.length,
    sessions: live?.sessions.length ?? 0,
    waits: data.waits.length,
    incidents: data.incidents.length,
    horizon: data.horizon.length,
  }
  return (
    <section aria-label="What it consists of">
      <nav className="tabs" aria-label="What it consists of">
        {TABS.map(({ id, title }) => (
          <Link
            key={id}
            to={{ page: 'activity' }}
            params={{ ...kept(params), show: id }}
            current={id === shown}
          >
            {title} <span className="muted">{counts[id] === 0 ? '' : counts[id]}</span>
          </Link>
        ))}
      </nav>
      {shown === 'statements' ? <Queries rows={data.queries} /> : null}
      {shown === 'sessions' ? <Sessions live={live} /> : null}
      {shown === 'waits' ? <Waits data={data} /> : null}
      {shown === 'incidents' ? <Incidents rows={data.incidents} /> : null}
      {shown === 'horizon' ? <Horizon data={data} /> : null}
    </section>
  )
}

/** A tab keeps the picture as it is narrowed. */
function kept(params: URLSearchParams): Readonly<Record<string, string>> {
  const names = ['by', 'waitType', 'waitEvent', 'queryId', 'database', 'user', 'application']
  return Object.fromEntries(
    names.flatMap((name) => (params.has(name) ? [[name, params.get(name) ?? '']] : [])),
  )
}

function Queries(props: { readonly rows: readonly ActivityQueryWire[] }): ReactNode {
  const [open, setOpen] = useState<ActivityQueryWire | null>(null)
  const opens = useMemo<Opens<ActivityQueryWire>>(() => ({ kind: 'sheet', open: setOpen }), [])
  return (
    <>
      <TablePage
        label="Statements by activity"
        noun={['statement', 'statements']}
        columns={queryColumns}
        rows={props.rows}
        keyOf={(row) => row.queryId ?? ''}
        opens={opens}
        sortedBy={AS_RANKED}
        textsOf={(row) => [row.text ?? '', row.queryId ?? '', ...row.waits.map(({ name }) => name)]}
        empty={<p>No session was at work when it was looked at.</p>}
      />
      {open === null ? null : (
        <Sheet title="Statement" onClose={() => setOpen(null)}>
          {open.text === null ? null : <SqlBlock sql={open.text} label="Copy" />}
          <Facts
            facts={{
              'Sessions at once': `${averageText(open.average)}, ${formatRatio(open.share)} of all`,
              'Seen at work': formatMs(open.seconds * 1000),
            }}
          />
          <h3>What its sessions waited for</h3>
          <WaitList waits={open.waits} />
          {open.queryId === null ? null : (
            <p className="sheet-links">
              <Link to={{ page: 'statement', queryId: open.queryId }}>All of this statement</Link>
              <Link to={{ page: 'activity' }} params={{ by: 'waitEvent', queryId: open.queryId }}>
                Its activity alone
              </Link>
            </p>
          )}
        </Sheet>
      )}
    </>
  )
}

function WaitList(props: { readonly waits: ActivityWire['waits'] }): ReactNode {
  return (
    <ul className="wait-list">
      {props.waits.map((wait) => (
        <li key={wait.name}>
          <b>{wait.name}</b> <span className="muted">{formatRatio(wait.share)}</span>
          <p>{wait.means}</p>
          {wait.helps === null ? null : <p className="muted">{wait.helps}</p>}
        </li>
      ))}
    </ul>
  )
}

function Waits(props: { readonly data: ActivityWire }): ReactNode {
  const { waits } = props.data
  if (waits.length === 0) return <p className="empty">No session was at work when it was looked at.</p>
  return <WaitList waits={waits} />
}

function Sessions(props: { readonly live: ActivityLiveWire | null }): ReactNode {
  const { live } = props
  const [openPid, setOpenPid] = useState<number | null>(null)
  const opens = useMemo<Opens<LiveSessionWire>>(
    () => ({ kind: 'sheet', open: ({ pid }) => setOpenPid(pid) }),
    [],
  )
  if (live === null || live.at === null)
    return <p className="empty">Sessions appear here while the target is sampled.</p>
  const open = live.sessions.find(({ pid }) => pid === openPid)
  return (
    <>
      <TablePage
        label="Sessions now"
        noun={['session', 'sessions']}
        columns={sessionColumns}
        rows={live.sessions}
        keyOf={(row) => `${row.pid} ${row.startedAt ?? ''}`}
        opens={opens}
        sortedBy={AS_RANKED}
        textsOf={(row) => [row.query ?? '', row.application, row.user ?? '', row.wait, String(row.pid)]}
        empty={<p>No session works or keeps a transaction open at this moment.</p>}
      />
      {open === undefined ? null : (
        <RowSheet
          title={sessionName({ ...open, preparedAs: null })}
          row={open}
          columns={sessionColumns}
          onClose={() => setOpenPid(null)}
        >
          <Facts
            facts={{
              User: open.user,
              Database: open.database,
              'Statement runs for': open.state === 'active' ? orNothing(open.queryMs, formatMs) : null,
              Place: open.caller === null ? null : <Copied text={open.caller} />,
            }}
          />
          {open.query === null || open.query === '' ? null : <SqlBlock sql={open.query} label="Copy" />}
          {open.release === null ? null : (
            <>
              <h3>To end it</h3>
              <p>{open.release.caution}</p>
              <SqlBlock sql={open.release.sql} label="Copy" />
            </>
          )}
          {open.queryId === null ? null : (
            <p className="sheet-links">
              <Link to={{ page: 'statement', queryId: open.queryId }}>All of this statement</Link>
            </p>
          )}
        </RowSheet>
      )}
    </>
  )
}

const opensIncident: Opens<BlockingIncidentWire> = {
  kind: 'sheet',
  open: ({ id }) => setParams({ open: id }, 'push'),
}

function Incidents(props: { readonly rows: readonly BlockingIncidentWire[] }): ReactNode {
  const { rows } = props
  const { params } = useAddress()
  const wanted = params.get('open')
  const open = wanted === null ? undefined : rows.find(({ id }) => id === wanted)
  return (
    <>
      {wanted !== null && open === undefined ? (
        <p className="note">The incident of this address is not in this range; a longer one may have it.</p>
      ) : null}
      <TablePage
        label="Blocking incidents"
        noun={['incident', 'incidents']}
        columns={incidentColumns}
        rows={rows}
        keyOf={({ id }) => id}
        opens={opensIncident}
        sortedBy={AS_RANKED}
        textsOf={(row) =>
          row.tree.sessions.flatMap((each) => [each.query, each.application, each.caller ?? ''])
        }
        empty={
          <p>
            No session waited for a lock behind the same transaction for a second or longer. When one does, it
            is kept here: the root, all who waited, their statements and where they come from.
          </p>
        }
      />
      {open === undefined ? null : <IncidentSheet incident={open} />}
    </>
  )
}

function IncidentSheet(props: { readonly incident: BlockingIncidentWire }): ReactNode {
  const { incident } = props
  const { handedOverFrom } = incident
  const left = incident.peakWaiting - (incident.tree.sessions.length - 1)
  return (
    <Sheet title="Blocking incident" onClose={() => setParams({ open: null })}>
      <Facts
        facts={{
          Began: formatDateTime(new Date(incident.startedAt)),
          Ended: incident.endedAt === null ? 'it lasts' : formatDateTime(new Date(incident.endedAt)),
          Lasted: formatMs(incident.durationMs),
          Waiting: `${plural(incident.peakWaiting, 'session')} at the worst moment, ${formatMs(incident.longestWaitMs)} the longest`,
          Lost: `${formatMs(incident.lostMs)} of all who waited, together`,
          'Handed over':
            handedOverFrom === null ? null : (
              <Link to={{ page: 'activity' }} params={{ show: 'incidents', open: handedOverFrom }}>
                the root had waited itself, in the incident before
              </Link>
            ),
        }}
      />
      <h3>At its worst moment</h3>
      <BlockingTree tree={incident.endedAt === null ? incident.tree : { ...incident.tree, release: null }} />
      {left > 0 ? <p className="muted">{formatCount(left)} more waited.</p> : null}
    </Sheet>
  )
}

function Horizon(props: { readonly data: ActivityWire }): ReactNode {
  const { horizon } = props.data
  const opens = useMemo<Opens<(typeof horizon)[number]>>(
    () => ({ kind: 'page', to: () => ({ page: 'activity' }), params: () => ({ show: 'sessions' }) }),
    [],
  )
  if (horizon.length === 0)
    return <p className="empty">Nothing keeps vacuum from removing dead rows at this moment.</p>
  return (
    <DataTable
      label="What holds vacuum back"
      columns={horizonColumns}
      rows={horizon}
      keyOf={(row) => `${row.kind} ${row.name}`}
      opens={opens}
    />
  )
}
