// One statement: its text, what it costs, how that went over time, and what is found on it.

import type { SlowStatementWire, StatementDetailWire } from 'pgsteward/wire'
import { type ReactNode, useMemo } from 'react'
import { StatementAdvice } from '../advice/statement-advice.tsx'
import { Callers, StatementSlowQueries } from '../application/statement-senders.tsx'
import { ChartGrid } from '../chart/chart-grid.tsx'
import { findingMarks } from '../chart/marks.ts'
import { useResource } from '../data/use-resource.ts'
import { FigureStrip } from '../figure-strip.tsx'
import { FindingList } from '../findings/finding-list.tsx'
import { byUrgency } from '../findings/urgency.ts'
import { formatCompact, formatCount, formatMs, formatPerSecond, formatRatio, orNothing } from '../format.ts'
import { targetPath, useTarget } from '../frame/targets.ts'
import { Link } from '../link.tsx'
import { Loaded } from '../states.tsx'
import { SqlBlock } from '../text/sql-text.tsx'
import { oneLine } from '../text/sql-tokens.ts'
import { parseRange, type Span } from '../time-range.ts'
import { useAddress } from '../use-address.ts'

export function StatementPage(props: { readonly queryId: string }): ReactNode {
  const target = useTarget()
  const { params } = useAddress()
  const database = params.get('database')
  const detail = useResource<StatementDetailWire>({
    path: targetPath(target, `statements/${encodeURIComponent(props.queryId)}`),
    ...(database === null ? {} : { params: { database } }),
    range: parseRange(params),
    everyMs: 15_000,
  })
  return (
    <>
      <title>{`${detail.data === null ? 'Statement' : oneLine(detail.data.statement.text, 60)} · pgsteward`}</title>
      <p className="crumb">
        <Link to={{ page: 'statements' }}>Statements</Link>
      </p>
      <Loaded from={detail}>
        {(data) => <Detail data={data} span={detail.span ?? { from: 0, to: 1 }} />}
      </Loaded>
    </>
  )
}

function Detail(props: { readonly data: StatementDetailWire; readonly span: Span }): ReactNode {
  const { statement, series, findings, callers, slowQueries, advice } = props.data
  const marks = useMemo(() => findingMarks(findings), [findings])
  return (
    <>
      <h1>
        Statement <span className="identifier">{statement.queryId}</span>
      </h1>
      <p className="muted">
        in database {statement.database}, as {statement.user}
      </p>
      <Costs statement={statement} />
      {findings.length === 0 ? null : (
        <section>
          <h2>Found on it</h2>
          <FindingList findings={byUrgency(findings)} />
        </section>
      )}
      <SqlBlock sql={statement.text} label="Copy" />
      <StatementAdvice advice={advice ?? []} />
      <Callers callers={callers} />
      <section aria-label="Charts">
        <ChartGrid series={series} span={props.span} marks={marks} />
      </section>
      <StatementSlowQueries slowQueries={slowQueries} />
    </>
  )
}

function Costs(props: { readonly statement: SlowStatementWire }): ReactNode {
  const { statement } = props
  const figures = [
    ['Share of time', formatRatio(statement.timeShare), 'of all statements in this range'],
    ['Total time', formatMs(statement.totalExecMs), `in ${formatCount(statement.calls)} calls`],
    ['Mean time', formatMs(statement.meanExecMs), 'per call'],
    ['Calls', formatPerSecond(statement.callsPerSecond), 'on average'],
    ['Rows', formatCompact(statement.rowsPerCall), 'per call'],
    ['Cache hits', orNothing(statement.cacheHitRatio, formatRatio), 'of the blocks it touched'],
  ] as const
  return (
    <FigureStrip
      label="Costs"
      figures={figures.map(([label, value, beside]) => ({ label, value, beside }))}
    />
  )
}
