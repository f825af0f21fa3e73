// What the charts of a report mark as it was made with them: what has been forgotten since, and outages and sessions that held up others,
// which are no annotations of the target.

import type { Report } from 'pgsteward/wire'
import { type ChartMark, MARK_KINDS } from '../chart/marks.ts'
import type { Span } from '../time-range.ts'

const seconds = (at: string) => Date.parse(at) / 1000

/** The span that its charts show together, in seconds, and their own marks, each once. */
export function drawnIn(report: Report): {
  readonly span: Span
  readonly marks: readonly ChartMark[]
  readonly hasCharts: boolean
} {
  const charts = report.sections
    .flatMap(({ blocks }) => blocks)
    .flatMap((block) => (block.is === 'chart' ? [block.chart] : []))
  const marks = new Map<string, ChartMark>()
  for (const { at, text, kind } of charts.flatMap((chart) => chart.marks)) {
    const own = MARK_KINDS.find((each) => each === kind)
    const id = `${kind}-${at}-${text}`
    if (own !== undefined)
      marks.set(id, { id, kind: own, severity: null, at: seconds(at), until: null, text, to: null })
  }
  const { from, to } = report.period
  return {
    span: {
      from: Math.min(seconds(from), ...charts.map((chart) => seconds(chart.from))),
      to: Math.max(seconds(to), ...charts.map((chart) => seconds(chart.to))),
    },
    marks: [...marks.values()],
    hasCharts: charts.length > 0,
  }
}
