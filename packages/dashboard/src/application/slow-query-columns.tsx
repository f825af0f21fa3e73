// The columns of slow queries: grouped by statement and place, and one by one.

import type { SlowQueryGroupWire, SlowQueryWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { formatCount, formatMs, NOTHING } from '../format.ts'
import { Icon } from '../icon.tsx'
import { Moment } from '../moment.tsx'
import type { Column } from '../table/data-table.tsx'
import { Share } from '../table/share.tsx'
import { modelAction } from './application-words.ts'
import { OrDash } from './cells.tsx'
import { sentColumns } from './sent-columns.tsx'

interface Sent {
  readonly text: string
  readonly fingerprint: string
  readonly application: string | null
  readonly route: string | null
  readonly model: string | null
  readonly action: string | null
  readonly caller: string | null
}

export const sentTexts = (row: Sent): readonly string[] =>
  [row.text, row.application, row.route, modelAction(row), row.caller, row.fingerprint].filter(
    (text) => text !== null,
  )

export const groupKey = (row: SlowQueryGroupWire): string =>
  JSON.stringify([row.fingerprint, row.application, row.route, row.model, row.action, row.caller])

/** Each statement waits for microseconds; that says nothing. */
export const hasWaited = ({ waitedForPoolMs }: Pick<SlowQueryWire, 'waitedForPoolMs'>): boolean =>
  waitedForPoolMs >= 1

function placedColumns<Row extends Sent>(): readonly Column<Row>[] {
  return [
    ...sentColumns<Row>(),
    {
      id: 'application',
      head: 'Application',
      width: 120,
      from: 1500,
      value: (row) => row.application,
      cell: (row) => <OrDash text={row.application} />,
    },
  ]
}

export function SlowDuration(props: {
  readonly query: Pick<SlowQueryWire, 'durationMs' | 'severity'>
}): ReactNode {
  const { durationMs, severity } = props.query
  return (
    <span
      className={`badge is-${severity === 'warning' ? 'warning' : 'critical'}`}
      title={
        severity === 'emergency'
          ? 'A second or more in the database itself'
          : severity === 'critical'
            ? 'Over the critical threshold'
            : ''
      }
    >
      <Icon name={severity === 'warning' ? 'warning' : 'critical'} /> {formatMs(durationMs)}
    </span>
  )
}

export const latestColumns: readonly Column<SlowQueryWire>[] = [
  ...placedColumns<SlowQueryWire>(),
  {
    id: 'wait',
    head: 'Waited',
    isNumber: true,
    width: 80,
    from: 1200,
    meaning: 'For a connection of the pool, before it was sent',
    value: (row) => row.waitedForPoolMs,
    cell: (row) => (hasWaited(row) ? formatMs(row.waitedForPoolMs) : NOTHING),
  },
  {
    id: 'duration',
    head: 'Took',
    isNumber: true,
    width: 96,
    value: (row) => row.durationMs,
    cell: (row) => <SlowDuration query={row} />,
  },
  {
    id: 'at',
    head: 'When',
    isNumber: true,
    width: 96,
    from: 640,
    value: (row) => row.at,
    cell: (row) => <Moment at={row.at} />,
  },
]

export function groupColumns(rows: readonly SlowQueryGroupWire[]): readonly Column<SlowQueryGroupWire>[] {
  const totalMs = Math.max(
    rows.reduce((sum, row) => sum + row.totalMs, 0),
    Number.MIN_VALUE,
  )
  return [
    ...placedColumns<SlowQueryGroupWire>(),
    {
      id: 'share',
      head: 'Share',
      unit: 'of time',
      isNumber: true,
      width: 120,
      from: 1200,
      meaning: 'Of the time of all slow queries in the range',
      value: (row) => row.totalMs / totalMs,
      csv: (row) => row.totalMs / totalMs,
      cell: (row) => <Share ratio={row.totalMs / totalMs} />,
    },
    {
      id: 'count',
      head: 'Slow',
      isNumber: true,
      width: 64,
      meaning: 'How often it was slow',
      value: (row) => row.count,
      cell: (row) => formatCount(row.count),
    },
    {
      id: 'max',
      head: 'Longest',
      isNumber: true,
      width: 88,
      value: (row) => row.maxMs,
      cell: (row) => formatMs(row.maxMs),
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
}
