// The tables of what an application does: routes, statements by model and by place, calls to others, named metrics.

import type { OperationWire } from 'pgsteward/wire'
import { formatCompact, NOTHING } from '../format.ts'
import { Share } from '../table/share.tsx'
import { isTimed, modelAction } from './application-words.ts'
import { ErrorRatio, OrDash, SentCell } from './cells.tsx'
import {
  count,
  errors,
  max,
  mean,
  name,
  type OperationColumn,
  operation,
  p95,
  place,
  rate,
  route,
  rowsPerCall,
  seen,
  share,
} from './operation-columns.tsx'

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
      meaning:
        'Share of the time of its requests that their statements took; over 100 % where several run at once',
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
    from(1200, route),
    from(1500, place),
    count('Count'),
    from(1200, mean),
    p95,
    {
      ...errors,
      value: (row) => (isTimed(row) ? row.errorRatio : null),
      cell: (row) => <ErrorRatio ratio={isTimed(row) ? row.errorRatio : null} />,
    },
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
