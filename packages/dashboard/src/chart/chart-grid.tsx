// All charts of a page: one for each name of series, in a known order.

import type { SeriesWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import type { Span } from '../time-range.ts'
import { byName } from './align.ts'
import type { ChartMark } from './marks.ts'
import { CHART_ORDER } from './names.ts'
import { TimeChart } from './time-chart.tsx'

export function ChartGrid(props: {
  readonly series: readonly SeriesWire[]
  readonly span: Span
  readonly marks?: readonly ChartMark[]
}): ReactNode {
  const groups = byName(props.series, CHART_ORDER)
  if (groups.length === 0)
    return (
      <p className="empty">Charts appear here after the second reading, about a minute after the start.</p>
    )
  return (
    <div className="charts">
      {groups.map(([name, series]) => (
        <TimeChart
          key={name}
          name={name}
          series={series}
          span={props.span}
          {...(props.marks ? { marks: props.marks } : {})}
        />
      ))}
    </div>
  )
}
