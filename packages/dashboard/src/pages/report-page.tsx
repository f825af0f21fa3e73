// One report: its verdict and what it rests on, then its sections.

import type { Report, ReportEntryWire } from 'pgsteward/wire'
import { type ReactNode, useMemo } from 'react'
import { ChartTime } from '../chart/chart-time.tsx'
import { WhatHappened } from '../chart/what-happened.tsx'
import { useResource } from '../data/use-resource.ts'
import { formatDateTime } from '../format.ts'
import { useTarget } from '../frame/targets.ts'
import { Link } from '../link.tsx'
import { Moment } from '../moment.tsx'
import { Items, ReportBlockView } from '../reports/report-blocks.tsx'
import { ReportFiles } from '../reports/report-files.tsx'
import { Prose } from '../reports/report-link.tsx'
import { drawnIn } from '../reports/report-marks.ts'
import { coverageWords } from '../reports/report-words.ts'
import { VerdictBadge } from '../reports/verdict-badge.tsx'
import { Loaded } from '../states.tsx'
import '../styles/reports.css'

/** It changes only where somebody makes it again. */
const EVERY_MS = 5 * 60_000

export function ReportPage(props: { readonly kind: string; readonly name: string }): ReactNode {
  const { kind, name } = props
  const target = useTarget()
  const report = useResource<Report>({
    path: `/api/v1/reports/${encodeURIComponent(kind)}/${encodeURIComponent(name)}`,
    params: { target: target.id },
    everyMs: EVERY_MS,
  })
  return (
    <>
      <title>{`${report.data?.title ?? 'Report'} · ${target.id} · pgsteward`}</title>
      <p className="crumb">
        <Link to={{ page: 'reports' }}>Reports</Link>
      </p>
      <h1>{report.data?.title ?? 'Report'}</h1>
      <Loaded from={report} rows={14}>
        {(data) => <Whole report={data} kind={data.kind} name={name} />}
      </Loaded>
    </>
  )
}

function Whole(props: {
  readonly report: Report
  readonly kind: ReportEntryWire['kind']
  readonly name: string
}): ReactNode {
  const { report, kind, name } = props
  const { period, status, sections, coverage } = report
  const observed = coverageWords(report)
  const drawn = useMemo(() => drawnIn(report), [report])
  return (
    <>
      <p className="muted">
        {period.label}, made <Moment at={report.madeAt} />. Its days are those of {period.timeZone}.
      </p>
      <ReportFiles targetId={report.targetId} kind={kind} name={name} />
      {status === null ? null : (
        <section className="report-status" aria-label="Verdict">
          <VerdictBadge verdict={status.level} />
          {status.reasons.length === 0 ? null : <Items items={status.reasons} />}
        </section>
      )}
      {observed === null ? null : (
        <div className="muted">
          <p>{observed}</p>
          <ul>
            {coverage.gaps.map(({ from, to, because }) => (
              <li key={from}>
                {formatDateTime(new Date(from))} to {formatDateTime(new Date(to))}: <Prose text={because} />
              </li>
            ))}
          </ul>
        </div>
      )}
      <ChartTime span={drawn.span} own={drawn.marks}>
        {sections.map(({ id, title, blocks }) => (
          <section key={id} className="report-section" aria-label={title}>
            <h2>{title}</h2>
            {blocks.map((block, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a report never changes
              <ReportBlockView key={at} block={block} />
            ))}
          </section>
        ))}
        {drawn.hasCharts ? <WhatHappened /> : null}
      </ChartTime>
    </>
  )
}
