// Statements in tables of a report.

import { queryExcerpt } from '../../checks/query/query-excerpt.ts'
import type { ReportBlock } from '../../model/report.ts'
import type { StatementTotals } from '../../store/store.ts'
import { column, table } from './blocks.ts'
import type { EvidenceLinks } from './evidence-links.ts'
import type { StatementShift } from './statement-shifts.ts'

const MOST_CHARACTERS = 160

/** One line without literals; empty where the text is not known. */
export function shortText(text: string): string {
  const line = queryExcerpt(text)
  return line.length <= MOST_CHARACTERS ? line : `${line.slice(0, MOST_CHARACTERS - 2)} …`
}

export function statementName({
  queryId,
  text,
}: {
  readonly queryId: string
  readonly text: string
}): string {
  return shortText(text) || `query ${queryId}`
}

export function shiftTable(
  title: string,
  shifts: readonly StatementShift[],
  empty: string,
  links: EvidenceLinks,
): ReportBlock {
  return table(
    title,
    shifts,
    [
      column<StatementShift>('Statement', 'text', statementName),
      column<StatementShift>('Mean before', 'ms', ({ wasMs }) => wasMs),
      column<StatementShift>('Mean now', 'ms', ({ meanMs }) => meanMs),
      column<StatementShift>('Of before', 'ratio', ({ ratio }) => ratio),
      column<StatementShift>('Calls', 'count', ({ calls }) => calls),
      column<StatementShift>('Time it makes', 'ms', ({ moreMs }) => moreMs),
      column<StatementShift>('p', 'text', ({ pValue }) =>
        pValue < 0.001 ? '< 0.001' : pValue.toPrecision(2),
      ),
    ],
    { empty, link: ({ queryId }) => links.statement(queryId) },
  )
}

/** The heaviest of a window; `totalMs` of all statements together. */
export function heaviestTable(
  statements: readonly StatementTotals[],
  totalMs: number,
  links: EvidenceLinks,
): ReportBlock {
  return table(
    'Heaviest statements',
    statements,
    [
      column<StatementTotals>('Statement', 'text', statementName),
      column<StatementTotals>('Share of database time', 'ratio', ({ totalExecMs }) =>
        totalMs > 0 ? totalExecMs / totalMs : null,
      ),
      column<StatementTotals>('Calls', 'count', ({ calls }) => calls),
      column<StatementTotals>('Mean', 'ms', ({ totalExecMs, calls }) =>
        calls > 0 ? totalExecMs / calls : null,
      ),
      column<StatementTotals>('Rows a call', 'count', ({ rows, calls }) => (calls > 0 ? rows / calls : null)),
    ],
    { empty: 'No statement is known of this time.', link: ({ queryId }) => links.statement(queryId) },
  )
}
