// The indexes: size, use, kind, definition.

import type { IndexWire } from 'pgsteward/wire'
import { type ReactNode, useMemo } from 'react'
import { useResource } from '../data/use-resource.ts'
import { formatBytes, formatCompact } from '../format.ts'
import { targetPath, useTarget } from '../frame/targets.ts'
import { Icon } from '../icon.tsx'
import { Link } from '../link.tsx'
import { Moment } from '../moment.tsx'
import { Loaded } from '../states.tsx'
import type { Column } from '../table/data-table.tsx'
import type { Sort } from '../table/order.ts'
import { RowSheet } from '../table/row-sheet.tsx'
import { TablePage } from '../table/table-page.tsx'
import { tellingColumns } from '../table/telling-columns.ts'
import { useOpenRow } from '../table/use-open-row.ts'
import { SqlBlock } from '../text/sql-text.tsx'
import { shownName } from './largest-tables.tsx'

const SORTED: Sort = { column: 'size', direction: 'desc' }
const keyOf = (row: IndexWire) => `${row.database}.${row.schema}.${row.name}`
/** As the search names it. */
const idOf = (row: IndexWire) => `${row.schema}.${row.name}`
const textsOf = (row: IndexWire) => [row.database, row.schema, row.name, row.table, row.method, role(row)]

function role(row: IndexWire): string {
  if (!row.isValid) return 'invalid'
  if (row.isPrimary) return 'primary key'
  return row.isUnique ? 'unique' : ''
}

const columns: readonly Column<IndexWire>[] = [
  { id: 'index', head: 'Index', value: shownName, cell: shownName },
  { id: 'table', head: 'Table', width: 200, from: 640, value: (row) => row.table, cell: (row) => row.table },
  {
    id: 'database',
    head: 'Database',
    width: 112,
    from: 1200,
    value: (row) => row.database,
    cell: (row) => row.database,
  },
  {
    id: 'method',
    head: 'Method',
    width: 80,
    from: 1200,
    value: (row) => row.method,
    cell: (row) => row.method,
  },
  {
    id: 'role',
    head: 'Role',
    width: 112,
    from: 900,
    value: role,
    cell: (row) =>
      row.isValid ? (
        role(row)
      ) : (
        <span className="badge is-warning">
          <Icon name="warning" /> invalid
        </span>
      ),
  },
  {
    id: 'size',
    head: 'Size',
    isNumber: true,
    width: 88,
    value: (row) => row.sizeBytes,
    cell: (row) => formatBytes(row.sizeBytes),
  },
  {
    id: 'scans',
    head: 'Scans',
    isNumber: true,
    width: 88,
    meaning: 'Since the statistics were last reset',
    value: (row) => row.scansSinceReset,
    cell: (row) => formatCompact(row.scansSinceReset),
  },
  {
    id: 'last-scan',
    head: 'Last scan',
    isNumber: true,
    width: 112,
    from: 900,
    meaning: 'Known from PostgreSQL 16 on',
    value: (row) => row.lastScanAt,
    cell: (row) => <Moment at={row.lastScanAt} />,
  },
]

export function IndexesPage(): ReactNode {
  const target = useTarget()
  const indexes = useResource<readonly IndexWire[]>({ path: targetPath(target, 'indexes') })
  const shown = useMemo(
    () => tellingColumns(columns, indexes.data ?? [], ['database', 'method']),
    [indexes.data],
  )
  const { row: open, open: setOpen, close } = useOpenRow(indexes.data, idOf)
  const opens = useMemo(() => ({ kind: 'sheet', open: setOpen }) as const, [setOpen])
  return (
    <>
      <title>{`Indexes · ${target.id} · pgsteward`}</title>
      <h1>Indexes</h1>
      <Loaded from={indexes} rows={16}>
        {(rows) => (
          <TablePage
            label="Indexes"
            noun={['index', 'indexes']}
            columns={shown}
            rows={rows}
            keyOf={keyOf}
            opens={opens}
            sortedBy={SORTED}
            textsOf={textsOf}
            empty={<p>Indexes appear here after the first reading; the database may have none.</p>}
          />
        )}
      </Loaded>
      {open === null ? null : (
        <RowSheet title={shownName(open)} row={open} columns={columns} onClose={close}>
          <SqlBlock sql={open.definition} label="Copy" />
          <p>
            <Link to={{ page: 'tables' }} params={{ q: open.table }}>
              Its table
            </Link>
            {' · '}
            <Link to={{ page: 'findings' }} params={{ q: open.name }}>
              Its findings
            </Link>
            {' · '}
            <Link to={{ page: 'advice' }} params={{ q: open.table }}>
              Advice for its table
            </Link>
          </p>
        </RowSheet>
      )}
    </>
  )
}
