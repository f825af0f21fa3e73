// A comparison: the verdict, the causes, then each endpoint with its bounds, and what could not be decided.

import type { ComparedWire } from 'pgsteward/wire'
import { type ReactNode, useMemo, useState } from 'react'
import { formatMs, formatRatio, orNothing, plural } from '../format.ts'
import { Icon } from '../icon.tsx'
import { DataTable, type Opens } from '../table/data-table.tsx'
import { type Sort, sortRows } from '../table/order.ts'
import { RowSheet } from '../table/row-sheet.tsx'
import { CauseList, type StatementParams } from './cause-list.tsx'
import { comparedColumns, rankOf } from './compared-columns.tsx'
import { type Compared, changeText, endpointName, reasonWords } from './load-words.ts'
import { VerdictBadge } from './standing.tsx'

const DESIGNS = {
  duet: 'both loaded at the same instant',
  interleaved: 'by turns on the same machine',
  stored: 'with runs of an earlier time',
  single: 'one run with one: a weak comparison',
} as const

const WORST_FIRST: Sort = { column: 'band', direction: 'asc' }
const SHOWN = 12

export function ComparisonView(props: {
  readonly data: ComparedWire
  readonly statementParams: StatementParams
}): ReactNode {
  const { comparison, base } = props.data
  return (
    <div className="comparison">
      <p className="comparison-verdict">
        <VerdictBadge verdict={comparison.verdict} /> <b>{comparison.summary}</b>
      </p>
      <p className="muted">
        {plural(comparison.headRuns, 'run')} with {plural(comparison.baseRuns, 'run')} of {base.label},{' '}
        {DESIGNS[comparison.design]}.{' '}
        {comparison.comparisons === 0
          ? ''
          : `${plural(comparison.comparisons, 'comparison')} made, ${comparison.inconclusive} undecided.`}
      </p>
      {comparison.invalid.length === 0 ? null : (
        <div className="failure">
          <p className="failure-message">
            <Icon name="invalid" /> These runs must not be compared
          </p>
          <ul>
            {comparison.invalid.map(({ reason, detail }) => (
              <li key={`${reason} ${detail}`}>
                <b>{reasonWords(reason)}.</b> {detail}
              </li>
            ))}
          </ul>
        </div>
      )}
      {comparison.causes.length === 0 ? null : (
        <>
          <h3>Why</h3>
          <CauseList causes={comparison.causes} statementParams={props.statementParams} />
        </>
      )}
      {comparison.series.length === 0 ? null : <ComparedTable rows={comparison.series} />}
      <Failures data={props.data} />
      {comparison.notes.map((note) => (
        <p key={note} className="muted">
          {note}
        </p>
      ))}
      {comparison.isNewBaselineDue ? (
        <p className="note">Over 10 % faster on the whole: a new baseline is due.</p>
      ) : null}
    </div>
  )
}

function ComparedTable(props: { readonly rows: readonly Compared[] }): ReactNode {
  const [sort, setSort] = useState<Sort>(WORST_FIRST)
  const [isWhole, setWhole] = useState(false)
  const [open, setOpen] = useState<Compared | null>(null)
  const opens = useMemo<Opens<Compared>>(() => ({ kind: 'sheet', open: setOpen }), [])
  const rows = useMemo(() => {
    const by = comparedColumns.find(({ id }) => id === sort.column)
    const ranked = props.rows.toSorted(
      (a, b) => rankOf(a) - rankOf(b) || Math.abs(Math.log(b.ratio ?? 1)) - Math.abs(Math.log(a.ratio ?? 1)),
    )
    return by === undefined ? ranked : sortRows(ranked, by.value, sort.direction)
  }, [props.rows, sort])
  // what had too few requests to be judged waits behind the button
  const judged = rows.filter(({ verdict }) => verdict !== 'invalid')
  const shown = isWhole ? rows : (judged.length === 0 ? rows : judged).slice(0, SHOWN)
  return (
    <>
      <DataTable
        label="Compared endpoints"
        columns={comparedColumns}
        rows={shown}
        keyOf={({ name, quantile }) => `${quantile} ${name}`}
        opens={opens}
        sort={sort}
        onSort={setSort}
      />
      {rows.length > shown.length || isWhole ? (
        <button type="button" className="as-link after-list" onClick={() => setWhole(!isWhole)}>
          {isWhole
            ? 'Show fewer'
            : `Show all ${rows.length}${judged.length === rows.length ? '' : `, ${rows.length - judged.length} of them not judged`}`}
        </button>
      ) : null}
      {open === null ? null : (
        <RowSheet
          title={`${endpointName(open.name)}, ${open.quantile}`}
          row={open}
          columns={comparedColumns}
          onClose={() => setOpen(null)}
        >
          <p>{open.because}</p>
          <p className="muted">
            {plural(open.base.requests, 'request')} in {plural(open.base.runs, 'run')} of the base (
            {orNothing(open.base.valueMs, formatMs)}), {plural(open.head.requests, 'request')} in{' '}
            {plural(open.head.runs, 'run')} of the head ({orNothing(open.head.valueMs, formatMs)}).{' '}
            {open.detectable === null
              ? ''
              : `Slowdowns from ${changeText(open.detectable)} on could have been seen. `}
            {open.runsNeeded === null ? '' : `${plural(open.runsNeeded, 'run')} a side would decide.`}
          </p>
        </RowSheet>
      )}
    </>
  )
}

function Failures(props: { readonly data: ComparedWire }): ReactNode {
  const worse = (props.data.comparison.errors ?? []).filter(
    ({ verdict }) => verdict === 'fail' || verdict === 'warn',
  )
  if (worse.length === 0) return null
  return (
    <>
      <h3>More requests fail</h3>
      <ul className="outcomes">
        {worse.map((each) => (
          <li key={each.name}>
            <VerdictBadge verdict={each.verdict} />
            <span className="outcome-text">{endpointName(each.name)}</span>
            <span className="is-number">
              {formatRatio(each.baseRatio)} → {formatRatio(each.headRatio)}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
