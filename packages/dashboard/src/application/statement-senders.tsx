// From a statement of the server back to the applications: which route, model and place sends it, and when it was slow.

import type { OperationWire, SlowQueryWire, StatementDetailWire } from 'pgsteward/wire'
import { type ReactNode, useMemo, useState } from 'react'
import { Link } from '../link.tsx'
import { Moment } from '../moment.tsx'
import { type Column, DataTable, type Opens } from '../table/data-table.tsx'
import { tellingColumns } from '../table/telling-columns.ts'
import { modelAction } from './application-words.ts'
import { OrDash } from './cells.tsx'
import { OperationSheet } from './operation-sheet.tsx'
import { callerColumns, operationKey } from './operation-tables.tsx'
import { latestColumns } from './slow-query-columns.tsx'

const CALLERS_SHOWN = 20
const SLOW_SHOWN = 10

export function Callers(props: { readonly callers: StatementDetailWire['callers'] }): ReactNode {
  const { callers } = props
  const [open, setOpen] = useState<OperationWire | null>(null)
  const opens = useMemo<Opens<OperationWire>>(() => ({ kind: 'sheet', open: setOpen }), [])
  const columns = useMemo(() => tellingColumns(callerColumns(callers), callers, ['application']), [callers])
  return (
    <>
      {callers.length === 0 ? (
        <p className="empty">
          No application says that it sends this in this range.{' '}
          <Link to={{ page: 'applications' }}>What reports, and how to add one</Link>
        </p>
      ) : (
        <DataTable
          label="Sent by"
          columns={columns}
          rows={callers.slice(0, CALLERS_SHOWN)}
          keyOf={operationKey}
          opens={opens}
        />
      )}
      {open === null ? null : <OperationSheet operation={open} onClose={() => setOpen(null)} />}
    </>
  )
}

/** Beside the statement itself its text says nothing new: the moment leads the row, and the sender follows. */
const columns: readonly Column<SlowQueryWire>[] = [
  { id: 'at', head: 'When', width: 128, value: (row) => row.at, cell: (row) => <Moment at={row.at} /> },
  {
    id: 'model',
    head: 'Model and action',
    from: 640,
    value: modelAction,
    cell: (row) => <OrDash text={modelAction(row)} />,
  },
  ...latestColumns.filter(({ id }) => !['statement', 'model', 'at'].includes(id)),
]

const opensSlowQuery: Opens<SlowQueryWire> = {
  kind: 'page',
  to: () => ({ page: 'slow-queries' }),
  params: (row) => ({ view: 'latest', fingerprint: row.fingerprint, open: row.id }),
}

export function StatementSlowQueries(props: { readonly slowQueries: readonly SlowQueryWire[] }): ReactNode {
  const { slowQueries } = props
  if (slowQueries.length === 0)
    return (
      <p className="empty">
        No single execution of it was slow in this range, as far as applications, the log and samples of
        sessions tell.
      </p>
    )
  return (
    <DataTable
      label="When it was slow"
      columns={columns}
      rows={slowQueries.slice(0, SLOW_SHOWN)}
      keyOf={({ id }) => id}
      opens={opensSlowQuery}
    />
  )
}
