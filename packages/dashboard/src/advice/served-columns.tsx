// The statements that an advised index serves: what a call costs before and after, and how the plans read the table.

import { formatCompact, orNothing } from '../format.ts'
import type { Column } from '../table/data-table.tsx'
import { SqlLine } from '../text/sql-text.tsx'
import type { ServedStatement } from './advice-types.ts'
import { ratioWords, scanWords } from './advice-words.ts'
import { BeforeAfter } from './before-after.tsx'

export const servedKey = ({ id }: ServedStatement): string => id

const ratioOf = ({ costBefore, costAfter }: ServedStatement): number | null =>
  costBefore <= 0 ? null : costAfter / costBefore

export const servedColumns: readonly Column<ServedStatement>[] = [
  {
    id: 'statement',
    head: 'Statement',
    value: (row) => row.sql,
    cell: (row) => <SqlLine sql={row.sql} lead={row.foreignKey === null ? null : 'foreign key'} />,
  },
  {
    id: 'cost',
    head: 'Cost',
    unit: 'of a call',
    isNumber: true,
    width: 200,
    from: 640,
    value: (row) => row.costBefore,
    cell: (row) => <BeforeAfter before={row.costBefore} after={row.costAfter} format={formatCompact} />,
  },
  {
    id: 'ratio',
    head: 'That is',
    isNumber: true,
    width: 104,
    value: ratioOf,
    cell: (row) => orNothing(ratioOf(row), ratioWords),
  },
  {
    id: 'calls',
    head: 'Calls',
    unit: '/min',
    isNumber: true,
    width: 88,
    from: 900,
    value: (row) => row.callsPerMinute,
    cell: (row) => formatCompact(row.callsPerMinute),
  },
  {
    id: 'scan',
    head: 'How it reads',
    width: 280,
    from: 1200,
    meaning: 'The node of the plan that reads the table, before and after',
    value: scanWords,
    cell: (row) => <span title={scanWords(row)}>{scanWords(row)}</span>,
  },
]
