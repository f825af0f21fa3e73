// The columns of statements, on the overview and on their own page.

import type { SlowStatementWire } from 'pgsteward/wire'
import { formatCompact, formatMs, formatPerSecond, formatRatio, orNothing } from '../format.ts'
import type { Column, Opens } from '../table/data-table.tsx'
import { Share } from '../table/share.tsx'
import { SqlLine } from '../text/sql-text.tsx'

export const statementColumns: readonly Column<SlowStatementWire>[] = [
  {
    id: 'statement',
    head: 'Statement',
    value: (row) => row.text,
    cell: (row) => <SqlLine sql={row.text} />,
  },
  {
    id: 'share',
    head: 'Share',
    unit: 'of time',
    isNumber: true,
    width: 120,
    meaning: 'Of the execution time of all statements in the range',
    value: (row) => row.timeShare,
    cell: (row) => <Share ratio={row.timeShare} />,
  },
  {
    id: 'total',
    head: 'Total',
    isNumber: true,
    width: 104,
    from: 900,
    meaning: 'Execution time in the range',
    value: (row) => row.totalExecMs,
    cell: (row) => formatMs(row.totalExecMs),
  },
  {
    id: 'mean',
    head: 'Mean',
    isNumber: true,
    width: 88,
    from: 640,
    meaning: 'Execution time of one call, on average',
    value: (row) => row.meanExecMs,
    cell: (row) => formatMs(row.meanExecMs),
  },
  {
    id: 'calls',
    head: 'Calls',
    isNumber: true,
    width: 96,
    from: 640,
    value: (row) => row.calls,
    cell: (row) => <span title={formatPerSecond(row.callsPerSecond)}>{formatCompact(row.calls)}</span>,
  },
  {
    id: 'rate',
    head: 'Calls',
    unit: '/s',
    isNumber: true,
    width: 88,
    from: 1200,
    value: (row) => row.callsPerSecond,
    cell: (row) => formatCompact(row.callsPerSecond),
  },
  {
    id: 'rows',
    head: 'Rows',
    unit: '/call',
    isNumber: true,
    width: 96,
    from: 900,
    value: (row) => row.rowsPerCall,
    cell: (row) => formatCompact(row.rowsPerCall),
  },
  {
    id: 'cache',
    head: 'Cache',
    isNumber: true,
    width: 88,
    from: 1200,
    meaning: 'Share of its blocks found in shared buffers',
    value: (row) => row.cacheHitRatio,
    cell: (row) => orNothing(row.cacheHitRatio, formatRatio),
  },
  {
    id: 'database',
    head: 'Database',
    width: 112,
    from: 1200,
    value: (row) => row.database,
    cell: (row) => <span title={`as ${row.user}`}>{row.database}</span>,
  },
]

export const statementKey = (row: SlowStatementWire): string => `${row.database} ${row.user} ${row.queryId}`

export const opensStatement: Opens<SlowStatementWire> = {
  kind: 'page',
  to: (row) => ({ page: 'statement', queryId: row.queryId }),
  params: (row) => ({ database: row.database }),
}

/** Beside other things there is less room; the rest is on the page of statements. */
export const fewStatementColumns = statementColumns.filter(
  ({ id }) => !['rate', 'cache', 'database'].includes(id),
)
