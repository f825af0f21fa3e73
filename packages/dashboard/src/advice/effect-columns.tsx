// Indexes that appeared, as a table: what was predicted of each, and what was measured.

import type { IndexEffectWire } from 'pgsteward/wire'
import { formatCount, NOTHING, orNothing } from '../format.ts'
import { Moment } from '../moment.tsx'
import type { Column } from '../table/data-table.tsx'
import { ratioWords } from './advice-words.ts'
import { VerdictBadge, verdictWord } from './verdict.tsx'

export const effectKey = ({ schema, index }: IndexEffectWire): string => `${schema}.${index}`

export const effectColumns: readonly Column<IndexEffectWire>[] = [
  {
    id: 'index',
    head: 'Index',
    value: (row) => row.index,
    cell: (row) => <span title={row.definition}>{row.index}</span>,
  },
  {
    id: 'verdict',
    head: 'Verdict',
    width: 136,
    value: (row) => verdictWord(row.verdict),
    cell: (row) => <VerdictBadge verdict={row.verdict} />,
  },
  {
    id: 'measured',
    head: 'Time measured',
    isNumber: true,
    width: 128,
    from: 640,
    meaning: 'Time that the calls of before would take now, to what they took',
    value: (row) => row.measuredRatio,
    cell: (row) => orNothing(row.measuredRatio, ratioWords),
  },
  {
    id: 'predicted',
    head: 'Cost predicted',
    isNumber: true,
    width: 128,
    from: 640,
    meaning: "The planner's cost with the index, to that without it",
    value: (row) => row.predictedCostRatio,
    cell: (row) =>
      row.predictedCostRatio === null ? (
        <span title="No advice asked for it">{NOTHING}</span>
      ) : (
        ratioWords(row.predictedCostRatio)
      ),
  },
  {
    id: 'statements',
    head: 'Statements',
    isNumber: true,
    width: 104,
    from: 900,
    value: (row) => row.statements.length,
    cell: (row) => formatCount(row.statements.length),
  },
  {
    id: 'appeared',
    head: 'Appeared',
    isNumber: true,
    width: 104,
    from: 640,
    value: (row) => row.appearedAt,
    cell: (row) => <Moment at={row.appearedAt} />,
  },
]
