// The advised indexes as a table: what each saves, for how many statements, and what it costs on disk and in writes.

import { formatBytes, formatCompact, formatCount, formatRatio, NOTHING, plural } from '../format.ts'
import { Icon } from '../icon.tsx'
import type { Column, Opens } from '../table/data-table.tsx'
import { Share } from '../table/share.tsx'
import { Sql } from '../text/sql-text.tsx'
import type { AdviceReport, AdvisedIndex } from './advice-types.ts'
import { callsServed, gainShare, indexTitle, shownTable, writeShare } from './advice-words.ts'

export const advisedKey = ({ schema, name }: AdvisedIndex): string => `${schema}.${name}`
export const advisedTexts = (row: AdvisedIndex): readonly string[] => [
  row.schema,
  row.table,
  row.name,
  row.definition,
  ...row.statements.map(({ sql }) => sql),
]

export const opensAdvised: Opens<AdvisedIndex> = {
  kind: 'page',
  to: ({ name }) => ({ page: 'advised-index', name }),
}

/** A box to tick a row, for a script of several. */
export function chosenColumn(
  chosen: ReadonlySet<string>,
  toggle: (key: string) => void,
): Column<AdvisedIndex> {
  return {
    id: 'chosen',
    head: 'Chosen',
    isControl: true,
    width: 40,
    value: (row) => chosen.has(advisedKey(row)),
    cell: (row) => (
      <label className="tick">
        <input
          type="checkbox"
          aria-label={`Choose ${indexTitle(row)}`}
          checked={chosen.has(advisedKey(row))}
          onChange={() => toggle(advisedKey(row))}
        />
      </label>
    ),
  }
}

export function advisedColumns(report: Pick<AdviceReport, 'cost'>): readonly Column<AdvisedIndex>[] {
  return [
    {
      id: 'index',
      head: 'Index',
      value: indexTitle,
      cell: (row) => (
        <span className="advised-name" title={indexTitle(row)}>
          {shownTable(row)}{' '}
          <code>
            <Sql sql={row.definition} />
          </code>
        </span>
      ),
    },
    {
      id: 'gain',
      head: 'Saves',
      unit: 'of cost',
      isNumber: true,
      width: 128,
      meaning: 'What the workload would cost more without it, the others being there; shares do not add up',
      value: (row) => gainShare(row, report),
      cell: (row) => <Share ratio={gainShare(row, report)} />,
    },
    {
      id: 'statements',
      head: 'Statements',
      isNumber: true,
      width: 104,
      from: 640,
      meaning: 'That it serves',
      value: (row) => row.statements.length,
      cell: (row) => (
        <span title={`${formatCompact(callsServed(row))} calls a minute`}>
          {formatCount(row.statements.length)}
        </span>
      ),
    },
    {
      id: 'calls',
      head: 'Calls',
      unit: '/min',
      isNumber: true,
      width: 104,
      from: 1200,
      value: callsServed,
      cell: (row) => formatCompact(callsServed(row)),
    },
    {
      id: 'size',
      head: 'Size',
      isNumber: true,
      width: 88,
      from: 640,
      meaning: 'Predicted, deduplication included',
      value: (row) => row.sizeBytes,
      cell: (row) => formatBytes(row.sizeBytes),
    },
    {
      id: 'writes',
      head: 'Writes pay',
      unit: 'of cost',
      isNumber: true,
      width: 136,
      from: 900,
      meaning: "As a share of the workload's cost",
      value: (row) => row.write.costPerMinute,
      cell: (row) => (
        <span title={`${formatBytes(row.write.walBytesPerMinute)} of WAL a minute`}>
          {row.write.costPerMinute <= 0 ? NOTHING : formatRatio(writeShare(row.write.costPerMinute, report))}
        </span>
      ),
    },
    {
      id: 'mind',
      head: 'Mind',
      isNumber: true,
      width: 72,
      from: 900,
      meaning: 'Cautions; the page of the index has them',
      value: cautionsOf,
      cell: (row) =>
        cautionsOf(row) === 0 ? null : (
          <span className="badge is-warning">
            <Icon name="warning" />
            <span aria-hidden="true">{cautionsOf(row)}</span>
            <span className="hidden">{plural(cautionsOf(row), 'caution')}</span>
          </span>
        ),
    },
  ]
}

const cautionsOf = ({ cautions, verifiedBy }: AdvisedIndex): number =>
  cautions.length + (verifiedBy === 'formula' ? 1 : 0)
