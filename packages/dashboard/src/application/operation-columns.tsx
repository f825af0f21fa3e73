// The columns of what an application does: routes, statements by model and by place, calls to others, named metrics.

import type { OperationWire } from 'pgsteward/wire'
import { formatCompact, formatMs, formatPerSecond, NOTHING, orNothing } from '../format.ts'
import { Moment } from '../moment.tsx'
import type { Column } from '../table/data-table.tsx'
import { Share } from '../table/share.tsx'
import { isTimed, modelAction } from './application-words.ts'
import { ErrorRatio, OrDash, PlaceCell, SentCell } from './cells.tsx'

type OperationColumn = Column<OperationWire>

export const operationKey = (row: OperationWire): string =>
  JSON.stringify([
    row.application,
    row.name,
    row.route,
    row.fingerprint,
    row.model,
    row.action,
    row.caller,
    row.labels,
  ])

/** What the filter of a table of operations looks into. */
export const operationTexts = (row: OperationWire): readonly string[] =>
  [row.name, row.text, row.route, modelAction(row), row.caller, row.labels, row.fingerprint].filter(
    (text) => text !== null && text !== undefined,
  )

function name(head: string): OperationColumn {
  return {
    id: 'name',
    head,
    value: (row) => row.name,
    cell: (row) => <span title={row.name}>{row.name}</span>,
  }
}

/** Of the time of all rows of the table. */
function share(rows: readonly OperationWire[], meaning: string): OperationColumn {
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

function rate(head: string): OperationColumn {
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

function count(head: string): OperationColumn {
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

const mean: OperationColumn = {
  id: 'mean',
  head: 'Mean',
  isNumber: true,
  width: 80,
  from: 900,
  value: (row) => (isTimed(row) ? row.meanMs : null),
  cell: (row) => (isTimed(row) ? formatMs(row.meanMs) : NOTHING),
}

const p95: OperationColumn = {
  id: 'p95',
  head: 'p95',
  isNumber: true,
  width: 80,
  meaning: '95 of 100 took no longer than this',
  value: (row) => row.p95Ms,
  cell: (row) => orNothing(row.p95Ms, formatMs),
}

const max: OperationColumn = {
  id: 'max',
  head: 'Longest',
  isNumber: true,
  width: 88,
  from: 1500,
  value: (row) => (isTimed(row) ? row.maxMs : null),
  cell: (row) => (isTimed(row) ? formatMs(row.maxMs) : NOTHING),
}

const errors: OperationColumn = {
  id: 'errors',
  head: 'Errors',
  isNumber: true,
  width: 80,
  value: (row) => row.errorRatio,
  cell: (row) => <ErrorRatio ratio={row.errorRatio} />,
}

const rowsPerCall: OperationColumn = {
  id: 'rows',
  head: 'Rows',
  unit: '/call',
  isNumber: true,
  width: 88,
  from: 1200,
  value: (row) => row.rowsPerCall,
  cell: (row) => formatCompact(row.rowsPerCall),
}

const operation: OperationColumn = {
  id: 'model',
  head: 'Model and action',
  isCsvOnly: true,
  value: modelAction,
  cell: modelAction,
}

const route: OperationColumn = {
  id: 'route',
  head: 'Route',
  width: 200,
  from: 1200,
  meaning: 'The request that it was part of',
  value: (row) => row.route,
  cell: (row) => <OrDash text={row.route} />,
}

const place: OperationColumn = {
  id: 'place',
  head: 'Place',
  width: 232,
  from: 900,
  meaning: 'File and line that sent it',
  value: (row) => row.caller,
  cell: (row) => <PlaceCell at={row.caller} />,
}

const seen: OperationColumn = {
  id: 'seen',
  head: 'Last',
  isNumber: true,
  width: 96,
  from: 1500,
  value: (row) => row.lastAt,
  cell: (row) => <Moment at={row.lastAt} />,
}

/** The same column from another width on. */
const from = (width: 640 | 900 | 1200 | 1500, column: OperationColumn): OperationColumn => ({
  ...column,
  from: width,
})

export function routeColumns(rows: readonly OperationWire[]): readonly OperationColumn[] {
  return [
    name('Route'),
    share(rows, 'Of the time of all requests in the range'),
    rate('Requests'),
    p95,
    from(1200, mean),
    max,
    errors,
    {
      id: 'statements',
      head: 'Statements',
      unit: '/request',
      isNumber: true,
      width: 152,
      from: 900,
      value: (row) => row.rowsPerCall,
      cell: (row) => formatCompact(row.rowsPerCall),
    },
    {
      id: 'database',
      head: 'In statements',
      isNumber: true,
      width: 120,
      from: 1200,
      meaning: 'Share of the time of its requests that their statements took',
      value: (row) => row.queryTimeRatio,
      cell: (row) => (row.queryTimeRatio === null ? NOTHING : <Share ratio={row.queryTimeRatio} />),
    },
    seen,
  ]
}

const named = (head: string): OperationColumn => ({
  id: 'name',
  head,
  value: (row) => modelAction(row) ?? row.name,
  cell: (row) => modelAction(row) ?? row.name,
})

export function modelColumns(rows: readonly OperationWire[]): readonly OperationColumn[] {
  return [
    named('Model and action'),
    share(rows, 'Of the time of all its statements in the range'),
    rate('Calls'),
    p95,
    from(900, mean),
    max,
    rowsPerCall,
    errors,
  ]
}

/** Every statement of Prisma begins alike, so its model and action lead. */
const statement: OperationColumn = {
  id: 'name',
  head: 'Statement',
  value: (row) => modelAction(row) ?? row.text ?? row.name,
  csv: (row) => row.text ?? row.name,
  cell: (row) => <SentCell of={row} text={row.text ?? row.name} />,
}

export function statementPlaceColumns(rows: readonly OperationWire[]): readonly OperationColumn[] {
  return [
    statement,
    operation,
    place,
    from(1200, route),
    share(rows, 'Of the time of all its statements in the range'),
    from(1200, count('Calls')),
    from(1500, mean),
    p95,
    from(1500, errors),
  ]
}

export function callColumns(rows: readonly OperationWire[]): readonly OperationColumn[] {
  return [
    name('Call'),
    from(900, route),
    share(rows, 'Of the time of all its calls to others in the range'),
    count('Calls'),
    from(1200, mean),
    p95,
    from(1200, max),
    errors,
  ]
}

export function metricColumns(): readonly OperationColumn[] {
  return [
    name('Metric'),
    {
      id: 'labels',
      head: 'Labels',
      from: 900,
      value: (row) => row.labels,
      cell: (row) => <OrDash text={row.labels} />,
    },
    from(1200, place),
    count('Count'),
    from(1500, rate('Count')),
    from(1200, mean),
    p95,
    errors,
  ]
}

/** Who sends a statement: beside the statement itself, so without its text. */
export function callerColumns(rows: readonly OperationWire[]): readonly OperationColumn[] {
  return [
    named('Model and action'),
    from(640, place),
    from(900, route),
    {
      id: 'application',
      head: 'Application',
      width: 136,
      from: 1500,
      value: (row) => row.application,
      cell: (row) => row.application,
    },
    from(1200, share(rows, 'Of the time that applications waited for this statement')),
    from(1200, count('Calls')),
    from(1500, mean),
    p95,
  ]
}
