// The largest tables with their growth; each leads to its row among all tables.

import type { PerformanceMetricsWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { formatBytes, formatGrowth, orNothing } from '../format.ts'
import { type Column, DataTable } from '../table/data-table.tsx'

type Table = PerformanceMetricsWire['tables'][number]

export const shownName = (table: { readonly schema: string; readonly name: string }): string =>
  table.schema === 'public' ? table.name : `${table.schema}.${table.name}`

const columns: readonly Column<Table>[] = [
  { id: 'table', head: 'Table', value: shownName, cell: shownName },
  {
    id: 'size',
    head: 'Size',
    isNumber: true,
    width: 88,
    meaning: 'With indexes and TOAST',
    value: (row) => row.totalBytes,
    cell: (row) => formatBytes(row.totalBytes),
  },
  {
    id: 'growth',
    head: 'Growth',
    isNumber: true,
    width: 112,
    value: (row) => row.growthBytesPerDay,
    cell: (row) => orNothing(row.growthBytesPerDay, formatGrowth),
  },
]

export function LargestTables(props: { readonly tables: readonly Table[] }): ReactNode {
  if (props.tables.length === 0)
    return <p className="empty">Tables appear here after the first reading of sizes.</p>
  return (
    <DataTable
      label="Largest tables"
      columns={columns}
      rows={props.tables.slice(0, 10)}
      keyOf={(row) => `${row.schema}.${row.name}`}
      opens={{ kind: 'page', to: () => ({ page: 'tables' }), params: (row) => ({ q: row.name }) }}
    />
  )
}
