// The columns of N+1: one statement sent again and again on behalf of one request.

import type { RepeatWire } from 'pgsteward/wire'
import { formatCompact, formatCount, formatMs } from '../format.ts'
import { Moment } from '../moment.tsx'
import type { Column } from '../table/data-table.tsx'
import { modelAction } from './application-words.ts'
import { sentColumns } from './sent-columns.tsx'

export const repeatKey = (row: RepeatWire): string =>
  JSON.stringify([row.fingerprint, row.route, row.model, row.action, row.caller])

export const repeatTexts = (row: RepeatWire): readonly string[] =>
  [row.text, row.route, modelAction(row), row.caller, row.fingerprint].filter((text) => text !== null)

export const repeatColumns: readonly Column<RepeatWire>[] = [
  ...sentColumns<RepeatWire>(),
  {
    id: 'repetitions',
    head: 'Times',
    unit: '/request',
    isNumber: true,
    width: 112,
    meaning: 'How often one request sent it, on average',
    value: (row) => row.repetitionsPerRequest,
    cell: (row) => formatCount(row.repetitionsPerRequest),
  },
  {
    id: 'requests',
    head: 'Requests',
    isNumber: true,
    width: 88,
    from: 1200,
    meaning: 'Requests that did so',
    value: (row) => row.requests,
    cell: (row) => formatCompact(row.requests),
  },
  {
    id: 'total',
    head: 'Total',
    isNumber: true,
    width: 96,
    from: 640,
    meaning: 'Time that its repetitions took in the range',
    value: (row) => row.totalMs,
    cell: (row) => formatMs(row.totalMs),
  },
  {
    id: 'last',
    head: 'Last',
    isNumber: true,
    width: 96,
    from: 1500,
    value: (row) => row.lastAt,
    cell: (row) => <Moment at={row.lastAt} />,
  },
]
