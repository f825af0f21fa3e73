// The columns that tables of operations choose from; operation-tables.tsx puts them together.

import type { OperationWire } from 'pgsteward/wire'
import { formatCompact, formatMs, formatPerSecond, NOTHING, orNothing } from '../format.ts'
import { Moment } from '../moment.tsx'
import type { Column } from '../table/data-table.tsx'
import { Share } from '../table/share.tsx'
import { isTimed, modelAction } from './application-words.ts'
import { ErrorRatio, OrDash, PlaceCell } from './cells.tsx'

export type OperationColumn = Column<OperationWire>

export function name(head: string): OperationColumn {
  return {
    id: 'name',
    head,
    value: (row) => row.name,
    cell: (row) => <span title={row.name}>{row.name}</span>,
  }
}

/** Of the time of all rows of the table. */
export function share(rows: readonly OperationWire[], meaning: string): OperationColumn {
  const totalMs = Math.max(
    rows.reduce((sum, row) => sum + row.totalMs, 0),
    Number.MIN_VALUE,
  )
  return {
    id: 'share',
    head: 'Share',
    unit: 'of time',
    isNumber: true,
    width: 120,
    from: 640,
    meaning,
    value: (row) => row.totalMs / totalMs,
    cell: (row) => <Share ratio={row.totalMs / totalMs} />,
  }
}

export function rate(head: string): OperationColumn {
  return {
    id: 'rate',
    head,
    unit: '/s',
    isNumber: true,
    width: 112,
    from: 900,
    value: (row) => row.perSecond,
    cell: (row) => formatCompact(row.perSecond),
  }
}

export function count(head: string): OperationColumn {
  return {
    id: 'count',
    head,
    isNumber: true,
    width: 80,
    from: 640,
    value: (row) => row.count,
    cell: (row) => <span title={formatPerSecond(row.perSecond)}>{formatCompact(row.count)}</span>,
  }
}

export const mean: OperationColumn = {
  id: 'mean',
  head: 'Mean',
  isNumber: true,
  width: 80,
  from: 900,
  value: (row) => (isTimed(row) ? row.meanMs : null),
  cell: (row) => (isTimed(row) ? formatMs(row.meanMs) : NOTHING),
}

export const p95: OperationColumn = {
  id: 'p95',
  head: 'p95',
  isNumber: true,
  width: 80,
  meaning: '95 of 100 took no longer than this',
  value: (row) => row.p95Ms,
  cell: (row) => orNothing(row.p95Ms, formatMs),
}

export const max: OperationColumn = {
  id: 'max',
  head: 'Longest',
  isNumber: true,
  width: 88,
  from: 1500,
  value: (row) => (isTimed(row) ? row.maxMs : null),
  cell: (row) => (isTimed(row) ? formatMs(row.maxMs) : NOTHING),
}

export const errors: OperationColumn = {
  id: 'errors',
  head: 'Errors',
  isNumber: true,
  width: 80,
  value: (row) => row.errorRatio,
  cell: (row) => <ErrorRatio ratio={row.errorRatio} />,
}

export const rowsPerCall: OperationColumn = {
  id: 'rows',
  head: 'Rows',
  unit: '/call',
  isNumber: true,
  width: 88,
  from: 1200,
  value: (row) => row.rowsPerCall,
  cell: (row) => formatCompact(row.rowsPerCall),
}

export const operation: OperationColumn = {
  id: 'model',
  head: 'Model and action',
  isCsvOnly: true,
  value: modelAction,
  cell: modelAction,
}

export const route: OperationColumn = {
  id: 'route',
  head: 'Route',
  width: 200,
  from: 1200,
  meaning: 'The request that it was part of',
  value: (row) => row.route,
  cell: (row) => <OrDash text={row.route} />,
}

export const place: OperationColumn = {
  id: 'place',
  head: 'Place',
  width: 232,
  from: 900,
  meaning: 'File and line that sent it',
  value: (row) => row.caller,
  cell: (row) => <PlaceCell at={row.caller} />,
}

export const seen: OperationColumn = {
  id: 'seen',
  head: 'Last',
  isNumber: true,
  width: 96,
  from: 1500,
  value: (row) => row.lastAt,
  cell: (row) => <Moment at={row.lastAt} />,
}
