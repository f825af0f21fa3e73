// The tables: size, growth, dead rows, when they were cared for, how they are read.

import type { TableWire } from 'pgsteward/wire'
import { type ReactNode, useMemo } from 'react'
import { AdvisedMark, TableAdvice } from '../advice/table-advice.tsx'
import { useResource } from '../data/use-resource.ts'
import { formatBytes, formatCompact, formatGrowth, formatRatio, orNothing } from '../format.ts'
import { targetPath, useTarget } from '../frame/targets.ts'
import { Link } from '../link.tsx'
import { Moment } from '../moment.tsx'
import { Loaded } from '../states.tsx'
import type { Column } from '../table/data-table.tsx'
import type { Sort } from '../table/order.ts'
import { RowSheet } from '../table/row-sheet.tsx'
import { TablePage } from '../table/table-page.tsx'
import { tellingColumns } from '../table/telling-columns.ts'
import { useOpenRow } from '../table/use-open-row.ts'
import { shownName } from './largest-tables.tsx'

const SORTED: Sort = { column: 'total', direction: 'desc' }
const keyOf = (row: TableWire) => `${row.database}.${row.schema}.${row.name}`
/** As the search names it. */
const idOf = (row: TableWire) => `${row.schema}.${row.name}`
const textsOf = (row: TableWire) => [row.database, row.schema, row.name]
const deadShare = (row: TableWire) =>
  row.rows + row.deadTuples > 0 ? row.deadTuples / (row.rows + row.deadTuples) : 0

const columns: readonly Column<TableWire>[] = [
  {
    id: 'table',
    head: 'Table',
    value: shownName,
    cell: (row) => (
      <>
        {shownName(row)}
        <AdvisedMark count={row.advised?.length ?? 0} />
      </>
    ),
  },
  {
    id: 'database',
    head: 'Database',
    width: 112,
    from: 1200,
    value: (row) => row.database,
    cell: (row) => row.database,
  },
  { id: 'kind', head: 'Kind', width: 104, from: 1200, value: (row) => row.kind, cell: (row) => row.kind },
  {
    id: 'rows',
    head: 'Rows',
    isNumber: true,
    width: 88,
    from: 640,
    meaning: "The planner's estimate",
    value: (row) => row.rows,
    cell: (row) => formatCompact(row.rows),
  },
  {
    id: 'total',
    head: 'Total',
    isNumber: true,
    width: 88,
    meaning: 'With indexes and TOAST',
    value: (row) => row.totalBytes,
    cell: (row) => formatBytes(row.totalBytes),
  },
  {
    id: 'heap',
    head: 'Table',
    unit: 'itself',
    isNumber: true,
    width: 96,
    from: 1200,
    value: (row) => row.tableBytes,
    cell: (row) => formatBytes(row.tableBytes),
  },
  {
    id: 'indexes',
    head: 'Indexes',
    isNumber: true,
    width: 88,
    from: 900,
    value: (row) => row.indexBytes,
    cell: (row) => formatBytes(row.indexBytes),
  },
  {
    id: 'growth',
    head: 'Growth',
    isNumber: true,
    width: 112,
    from: 640,
    meaning: 'Known after a day of readings',
    value: (row) => row.growthBytesPerDay,
    cell: (row) => orNothing(row.growthBytesPerDay, formatGrowth),
  },
  {
    id: 'dead',
    head: 'Dead',
    unit: 'rows',
    isNumber: true,
    width: 96,
    meaning: 'Rows that vacuum has yet to remove, as a share',
    value: deadShare,
    cell: (row) => <span title={formatCompact(row.deadTuples)}>{formatRatio(deadShare(row))}</span>,
  },
  {
    id: 'vacuum',
    head: 'Vacuumed',
    isNumber: true,
    width: 104,
    from: 900,
    value: (row) => row.lastVacuumAt,
    cell: (row) => <Moment at={row.lastVacuumAt} />,
  },
  {
    id: 'analyze',
    head: 'Analyzed',
    isNumber: true,
    width: 104,
    from: 900,
    value: (row) => row.lastAnalyzeAt,
    cell: (row) => <Moment at={row.lastAnalyzeAt} />,
  },
  {
    id: 'sequential',
    head: 'Seq scans',
    unit: '/s',
    isNumber: true,
    width: 104,
    from: 1200,
    value: (row) => row.scansPerSecond?.sequential,
    cell: (row) => orNothing(row.scansPerSecond?.sequential, formatCompact),
  },
  {
    id: 'index-scans',
    head: 'Index scans',
    unit: '/s',
    isNumber: true,
    width: 120,
    from: 1200,
    value: (row) => row.scansPerSecond?.index,
    cell: (row) => orNothing(row.scansPerSecond?.index, formatCompact),
  },
]

export function TablesPage(): ReactNode {
  const target = useTarget()
  const tables = useResource<readonly TableWire[]>({ path: targetPath(target, 'tables') })
  const shown = useMemo(() => tellingColumns(columns, tables.data ?? [], ['database', 'kind']), [tables.data])
  const { row: open, open: setOpen, close } = useOpenRow(tables.data, idOf)
  const opens = useMemo(() => ({ kind: 'sheet', open: setOpen }) as const, [setOpen])
  return (
    <>
      <title>{`Tables · ${target.id} · pgsteward`}</title>
      <h1>Tables</h1>
      <Loaded from={tables} rows={16}>
        {(rows) => (
          <TablePage
            label="Tables"
            noun={['table', 'tables']}
            columns={shown}
            rows={rows}
            keyOf={keyOf}
            opens={opens}
            sortedBy={SORTED}
            textsOf={textsOf}
            empty={<p>Tables appear here after the first reading; the database may have none.</p>}
          />
        )}
      </Loaded>
      {open === null ? null : (
        <RowSheet title={shownName(open)} row={open} columns={columns} onClose={close}>
          <TableAdvice advised={open.advised ?? []} />
          <p>
            <Link to={{ page: 'indexes' }} params={{ q: open.name }}>
              Its indexes
            </Link>
            {' · '}
            <Link to={{ page: 'findings' }} params={{ q: open.name }}>
              Its findings
            </Link>
          </p>
        </RowSheet>
      )}
    </>
  )
}
