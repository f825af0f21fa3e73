// Columns of the Logs page: classes with what to do, and messages one by one.

import type { LogClassCountWire, LogEventWire } from 'pgsteward/wire'
import { SeverityBadge } from '../findings/severity.tsx'
import { formatCount } from '../format.ts'
import { Moment } from '../moment.tsx'
import type { Column } from '../table/data-table.tsx'
import { eventLine } from './log-words.ts'

const RANK = { info: 0, warning: 1, critical: 2 } as const

export const classColumns: readonly Column<LogClassCountWire>[] = [
  {
    id: 'class',
    head: 'What happened',
    value: (row) => row.title,
    cell: (row) => <span className="cut">{row.title}</span>,
  },
  {
    id: 'severity',
    head: 'Severity',
    width: 96,
    value: (row) => RANK[row.severity],
    csv: (row) => row.severity,
    cell: (row) => <SeverityBadge severity={row.severity} />,
  },
  {
    id: 'count',
    head: 'Messages',
    isNumber: true,
    width: 88,
    value: (row) => row.count,
    cell: (row) => formatCount(row.count),
  },
  {
    id: 'last',
    head: 'Last',
    isNumber: true,
    width: 96,
    from: 640,
    value: (row) => row.lastAt,
    cell: (row) => <Moment at={row.lastAt} />,
  },
  {
    id: 'fix',
    head: 'What to do',
    width: 520,
    from: 1200,
    value: (row) => plainWords(row.fix),
    cell: (row) => (
      <span className="cut" title={plainWords(row.fix)}>
        {plainWords(row.fix)}
      </span>
    ),
  },
]

export const eventColumns: readonly Column<LogEventWire>[] = [
  {
    id: 'message',
    head: 'Message',
    value: (row) => row.message,
    cell: (row) => (
      <span className="cut log-line" title={row.title}>
        {eventLine(row)}
      </span>
    ),
  },
  {
    id: 'severity',
    head: 'Severity',
    width: 96,
    value: (row) => RANK[row.severity],
    csv: (row) => row.severity,
    cell: (row) => <SeverityBadge severity={row.severity} />,
  },
  {
    id: 'class',
    head: 'Class',
    width: 220,
    from: 1200,
    value: (row) => row.title,
    cell: (row) => <span className="cut">{row.title}</span>,
  },
  {
    id: 'database',
    head: 'Database',
    width: 110,
    from: 1500,
    value: (row) => row.database,
    cell: (row) => <span className="cut">{row.database ?? ''}</span>,
  },
  {
    id: 'application',
    head: 'Application',
    width: 130,
    from: 900,
    value: (row) => row.application,
    cell: (row) => <span className="cut">{row.application ?? row.user ?? ''}</span>,
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

/** Of a page's Markdown, in a line that is cut. */
function plainWords(fix: string | null): string {
  return fix?.replaceAll('`', '') ?? ''
}
