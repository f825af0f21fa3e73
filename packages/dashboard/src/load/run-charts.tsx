// A run over time: percentiles, the offered and the answered rate, users, failures, each with the same time axis and cursor.

import { type ReactNode, useMemo } from 'react'
import { byName } from '../chart/align.ts'
import { ChartTime } from '../chart/chart-time.tsx'
import { TimeChart } from '../chart/time-chart.tsx'
import { WhatHappened } from '../chart/what-happened.tsx'
import { useAddress } from '../use-address.ts'
import { momentSeries, type RunMoment, type RunTime, runMarks, runSpan, zoomed } from './run-series.ts'

const LATENCY_HEIGHT = 232

export function RunCharts(props: {
  readonly time: RunTime
  readonly moments: readonly RunMoment[]
  /** Of a run that is kept. */
  readonly id?: string
}): ReactNode {
  const { moments } = props
  const { startedAt, warmUpMs, totalMs } = props.time
  const { params } = useAddress()
  const { span, groups, marks } = useMemo(() => {
    const time = { startedAt, warmUpMs, totalMs }
    return {
      span: runSpan(time, moments),
      groups: byName(momentSeries(time, moments)),
      marks: runMarks(time),
    }
  }, [startedAt, warmUpMs, totalMs, moments])
  if (groups.length === 0)
    return <p className="empty">The source of this run told nothing about its course.</p>
  const shown = zoomed(span, params)
  return (
    <ChartTime span={shown} own={marks} {...(props.id === undefined ? {} : { exceptRun: props.id })}>
      <div className="run-charts">
        {groups.map(([name, series]) => (
          <TimeChart
            key={name}
            name={name}
            series={series}
            span={shown}
            {...(name === 'load-latency' ? { height: LATENCY_HEIGHT } : {})}
          />
        ))}
      </div>
      <WhatHappened />
    </ChartTime>
  )
}
