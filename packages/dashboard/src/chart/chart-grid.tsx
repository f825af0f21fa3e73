// All charts of a page: one for each name of series, in a known order, compared with what was then where that is asked for.

import type { SeriesWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import type { Span } from '../time-range.ts'
import { byName } from './align.ts'
import { CHART_ORDER } from './names.ts'
import { TimeChart } from './time-chart.tsx'
import { type SeriesSource, useThen } from './use-then.ts'

export function ChartGrid<T>(props: {
  readonly series: readonly SeriesWire[]
  readonly span: Span
  /** Where the series come from. */
  readonly from: SeriesSource<T>
}): ReactNode {
  const then = useThen(props.from)
  const groups = byName(props.series, CHART_ORDER)
  if (groups.length === 0)
    return (
      <p className="empty">Charts appear here after the second reading, about a minute after the start.</p>
    )
  const hasNothingThen = then?.every(({ points }) => points.length === 0) === true
  return (
    <>
      {hasNothingThen ? (
        <p className="note">Nothing is kept of the time that is compared with: it was not watched then.</p>
      ) : null}
      <div className="charts">
        {groups.map(([name, series]) => (
          <TimeChart key={name} name={name} series={series} span={props.span} then={then} />
        ))}
      </div>
    </>
  )
}
