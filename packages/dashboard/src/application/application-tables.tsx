// What an application does, a table a kind; which one is shown is in the address.

import type { ApplicationDetailWire, OperationWire, PoolWire, RepeatWire } from 'pgsteward/wire'
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Link } from '../link.tsx'
import type { Column, Opens } from '../table/data-table.tsx'
import type { Sort } from '../table/order.ts'
import { RowSheet } from '../table/row-sheet.tsx'
import { TablePage } from '../table/table-page.tsx'
import { useAddress } from '../use-address.ts'
import { OperationSheet } from './operation-sheet.tsx'
import {
  callColumns,
  metricColumns,
  modelColumns,
  operationKey,
  operationTexts,
  routeColumns,
  statementPlaceColumns,
} from './operation-tables.tsx'
import { poolColumns, poolKey } from './pool-columns.tsx'
import { repeatColumns, repeatKey, repeatTexts } from './repeat-columns.tsx'
import { RepeatSheet } from './repeat-sheet.tsx'

type Kind = 'routes' | 'models' | 'statements' | 'repeats' | 'pools' | 'calls' | 'metrics'

const TABS: readonly {
  readonly id: Kind
  readonly title: string
  readonly rows: (data: ApplicationDetailWire) => readonly unknown[]
}[] = [
  { id: 'routes', title: 'Routes', rows: ({ routes }) => routes },
  { id: 'repeats', title: 'N+1', rows: ({ repeats }) => repeats },
  { id: 'models', title: 'Models', rows: ({ models }) => models },
  { id: 'statements', title: 'Statements', rows: ({ queries }) => queries },
  { id: 'pools', title: 'Pools', rows: ({ application }) => application.pools },
  { id: 'calls', title: 'External calls', rows: ({ calls }) => calls },
  { id: 'metrics', title: 'Metrics', rows: ({ metrics }) => metrics },
]

export function ApplicationTables(props: { readonly data: ApplicationDetailWire }): ReactNode {
  const { data } = props
  const { params } = useAddress()
  // nothing chosen: the first that has something, since a worker has no routes
  const shown =
    TABS.find(({ id }) => id === params.get('show')) ??
    TABS.find(({ rows }) => rows(data).length > 0) ??
    TABS[0]
  const name = data.application.application
  const tabs = useRef<HTMLElement>(null)
  const chosen = shown?.id
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab was chosen
  useEffect(() => {
    // on a phone the chosen one may lie beyond the edge; the page itself must not move
    const current = tabs.current?.querySelector<HTMLElement>('[aria-current]')
    if (tabs.current === null || current === null || current === undefined) return
    tabs.current.scrollLeft = current.offsetLeft - (tabs.current.clientWidth - current.clientWidth) / 2
  }, [chosen])
  return (
    <section aria-label="What it does">
      <nav className="tabs" ref={tabs} aria-label="What it does">
        {TABS.map(({ id, title, rows }) => (
          <Link key={id} to={{ page: 'application', name }} params={{ show: id }} current={id === shown?.id}>
            {title} <span className="muted">{rows(data).length === 0 ? '' : rows(data).length}</span>
          </Link>
        ))}
      </nav>
      <Shown key={shown?.id} kind={shown?.id ?? 'routes'} data={data} />
    </section>
  )
}

function Shown(props: { readonly kind: Kind; readonly data: ApplicationDetailWire }): ReactNode {
  const { kind, data } = props
  switch (kind) {
    case 'routes':
      return (
        <Operations
          label="Routes"
          noun={['route', 'routes']}
          rows={data.routes}
          columns={routeColumns}
          sortedBy={BY_SHARE}
          empty="No request was served in this range, or the application does not tell its requests: add the Express middleware or the Fastify plugin."
        />
      )
    case 'models':
      return (
        <Operations
          label="Models and actions"
          noun={['action', 'actions']}
          rows={data.models}
          columns={modelColumns}
          sortedBy={BY_SHARE}
          empty="No statement was sent in this range. Those of Prisma are named by model and action here once its client has prismaComments()."
        />
      )
    case 'statements':
      return (
        <Operations
          label="Statements by place"
          noun={['statement', 'statements']}
          rows={data.queries}
          columns={statementPlaceColumns}
          sortedBy={BY_SHARE}
          empty="No statement was sent in this range."
        />
      )
    case 'calls':
      return (
        <Operations
          label="Calls to other services"
          noun={['call', 'calls']}
          rows={data.calls}
          columns={callColumns}
          sortedBy={BY_SHARE}
          empty="It called no other service by HTTP in this range. Calls by fetch are seen without any code."
        />
      )
    case 'metrics':
      return (
        <Operations
          label="Named metrics"
          noun={['metric', 'metrics']}
          rows={data.metrics}
          columns={metricColumns}
          sortedBy={BY_NAME}
          empty="It recorded no metric of its own in this range. timeAsync() and its relatives of PerformanceMetrics make one."
        />
      )
    case 'repeats':
      return <Repeats rows={data.repeats} />
    case 'pools':
      return <Pools rows={data.application.pools} />
  }
}

const BY_SHARE: Sort = { column: 'share', direction: 'desc' }
const BY_NAME: Sort = { column: 'name', direction: 'asc' }
const BY_REPETITIONS: Sort = { column: 'repetitions', direction: 'desc' }
const BY_WAITING: Sort = { column: 'use', direction: 'desc' }

function Operations(props: {
  readonly label: string
  readonly noun: readonly [string, string]
  readonly rows: readonly OperationWire[]
  readonly columns: (rows: readonly OperationWire[]) => readonly Column<OperationWire>[]
  readonly sortedBy: Sort
  readonly empty: string
}): ReactNode {
  const { rows, columns } = props
  const [open, setOpen] = useState<OperationWire | null>(null)
  const opens = useMemo<Opens<OperationWire>>(() => ({ kind: 'sheet', open: setOpen }), [])
  const shown = useMemo(() => columns(rows), [columns, rows])
  const onClose = useCallback(() => setOpen(null), [])
  return (
    <>
      <TablePage
        label={props.label}
        noun={props.noun}
        columns={shown}
        rows={rows}
        keyOf={operationKey}
        opens={opens}
        sortedBy={props.sortedBy}
        textsOf={operationTexts}
        empty={<p>{props.empty}</p>}
      />
      {open === null ? null : <OperationSheet operation={open} onClose={onClose} />}
    </>
  )
}

function Repeats(props: { readonly rows: readonly RepeatWire[] }): ReactNode {
  const [open, setOpen] = useState<RepeatWire | null>(null)
  const opens = useMemo<Opens<RepeatWire>>(() => ({ kind: 'sheet', open: setOpen }), [])
  return (
    <>
      <TablePage
        label="N+1"
        noun={['repeated statement', 'repeated statements']}
        columns={repeatColumns}
        rows={props.rows}
        keyOf={repeatKey}
        opens={opens}
        sortedBy={BY_REPETITIONS}
        textsOf={repeatTexts}
        empty={<p>No request sent the same statement again and again in this range.</p>}
      />
      {open === null ? null : <RepeatSheet repeat={open} onClose={() => setOpen(null)} />}
    </>
  )
}

const poolTexts = (row: PoolWire) => [row.pool, row.instance, row.oldestCheckoutBy ?? '']

function Pools(props: { readonly rows: readonly PoolWire[] }): ReactNode {
  const [open, setOpen] = useState<PoolWire | null>(null)
  const opens = useMemo<Opens<PoolWire>>(() => ({ kind: 'sheet', open: setOpen }), [])
  return (
    <>
      <TablePage
        label="Pools"
        noun={['pool', 'pools']}
        columns={poolColumns}
        rows={props.rows}
        keyOf={poolKey}
        opens={opens}
        sortedBy={BY_WAITING}
        textsOf={poolTexts}
        empty={
          <p>
            Nothing tells of pools. @pgsteward/instrument does for those of node-postgres; an OpenTelemetry
            SDK only where its instrumentation has the metrics of connections.
          </p>
        }
      />
      {open === null ? null : (
        <RowSheet title={open.pool} row={open} columns={poolColumns} onClose={() => setOpen(null)} />
      )}
    </>
  )
}
