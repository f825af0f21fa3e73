// One chart over time, with what happened in its time as marks: hovering, arrows and brushing are shared by all charts of the page.

import type { SeriesWire } from 'pgsteward/wire'
import { type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { useTheme } from '../frame/theme.ts'
import type { Span } from '../time-range.ts'
import { align, type Column, stack, summary } from './align.ts'
import { onCursor } from './cursor.ts'
import { CursorBar } from './cursor-bar.tsx'
import { MarkLane, type PlotPlace } from './mark-lane.tsx'
import { chartName, seriesColour, seriesLabels } from './names.ts'
import { type Drawn, followCursor, leadCursor, type PlotHost, plotOptions, valueText } from './plot.ts'
import { alignWithThen, valueNear } from './then.ts'

const HEIGHT = 160
const NO_THEN: readonly SeriesWire[] = []

export function TimeChart(props: {
  readonly name: string
  readonly series: readonly SeriesWire[]
  readonly span: Span
  /** What was then, brought forward to now; of other names too. */
  readonly then?: readonly SeriesWire[] | null
  /** In pixels. */
  readonly height?: number
}): ReactNode {
  const { name, series, span, height = HEIGHT } = props
  const then = props.then ?? NO_THEN
  const theme = useTheme()
  const { title, unit: unitWords, meaning, isStacked: mayStack, of } = chartName(name)
  const source = useId()
  const host = useRef<HTMLDivElement>(null)
  const figure = useRef<HTMLElement>(null)
  const [place, setPlace] = useState<PlotPlace | null>(null)
  const drawn = useMemo<Drawn>(() => {
    const isStacked = mayStack === true && series.length > 1
    const ofName = then.filter((one) => one.name === name)
    const both =
      ofName.length === 0 ? { ...align(series), past: [] } : alignWithThen(series, ofName, isStacked)
    const heights = isStacked ? stack(both.columns) : both.columns
    const data = [both.times, ...both.past, ...heights] as uPlot.AlignedData
    const unit = of ?? series[0]?.unit ?? 'count'
    return { series, times: both.times, raw: both.columns, past: both.past, data, span, unit, isStacked }
  }, [series, then, name, span, mayStack, of])
  const latest = useRef(drawn)
  latest.current = drawn
  const plot = useRef<uPlot | null>(null)

  const sums = drawn.raw.map(summary)
  const isEmpty = [...sums, ...drawn.past.map(summary)].every((sum) => sum === null)
  const labels = useMemo(() => seriesLabels(series), [series])
  const shape = `${theme} ${isEmpty} ${drawn.isStacked} ${drawn.past.length} ${labels.join('|')}`

  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for what makes another plot necessary
  useEffect(() => {
    const box = host.current
    if (box === null || isEmpty) return
    const onPlace = (next: PlotPlace) => setPlace((before) => (samePlace(before, next) ? before : next))
    const plotHost: PlotHost = { box, figure, latest, height, source, onPlace, isLeading: false }
    const chart = new uPlot(plotOptions(plotHost), latest.current.data, box)
    plot.current = chart
    const observer = new ResizeObserver(() => {
      if (box.clientWidth > 0) chart.setSize({ width: box.clientWidth, height })
    })
    observer.observe(box)
    leadCursor(chart, plotHost)
    const stopFollowing = onCursor((cursor) => {
      if (!plotHost.isLeading) followCursor(chart, cursor, plotHost)
    })
    return () => {
      stopFollowing()
      observer.disconnect()
      chart.destroy()
      plot.current = null
    }
  }, [shape])

  useEffect(() => {
    plot.current?.setData(drawn.data)
  }, [drawn])

  const tell = (at: number): string => {
    const index = drawn.times.findIndex((time) => time >= at)
    return drawn.raw
      .map((column, number) => `${labels[number] ?? ''} ${valueText(valueNear(column, index), drawn.unit)}`)
      .join(', ')
      .trim()
  }
  const only = sums.length === 1 ? sums[0] : undefined
  return (
    <figure className="chart" ref={figure}>
      <figcaption title={meaning}>
        <span className="chart-title">{title}</span>
        {unitWords === undefined ? null : <span className="muted"> {unitWords}</span>}
        <span className="chart-moment muted" data-moment />
        {only === undefined ? null : (
          <output className="chart-value" data-value="0">
            {valueText(only?.last, drawn.unit)}
          </output>
        )}
        {only === undefined && !drawn.isStacked ? null : <Then drawn={drawn} place={0} />}
      </figcaption>
      {isEmpty ? (
        <p className="chart-empty muted">Nothing was read in this range yet.</p>
      ) : (
        <div className="chart-body">
          <div
            ref={host}
            className="chart-plot"
            style={{ height }}
            role="img"
            aria-label={`${title} ${unitWords ?? ''}: ${sums
              .map((sum, index) => `${labels[index] ?? ''} ${valueText(sum?.last, drawn.unit)}`)
              .join('; ')}`}
          />
          {place === null ? null : (
            <>
              <CursorBar
                span={span}
                place={place}
                source={source}
                title={title}
                times={drawn.times}
                tell={tell}
              />
              <MarkLane span={span} place={place} source={source} />
            </>
          )}
        </div>
      )}
      {series.length < 2 || isEmpty ? null : (
        <ul className="chart-legend">
          {labels.map((label, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: labels need not be unique, and the order of series is theirs
            <li key={index}>
              <i className={`swatch series-${seriesColour(label, index)}`} />
              {label} <output data-value={index}>{valueText(sums[index]?.last, drawn.unit)}</output>
              {drawn.isStacked ? null : <Then drawn={drawn} place={index} />}
            </li>
          ))}
        </ul>
      )}
    </figure>
  )
}

/** What was then, beside what is now. */
function Then(props: { readonly drawn: Drawn; readonly place: number }): ReactNode {
  const { drawn, place } = props
  const column: Column | undefined = drawn.past[place]
  if (column === undefined) return null
  return (
    <output className="chart-then muted" data-then={place}>
      {`then ${valueText(summary(column)?.last, drawn.unit)}`}
    </output>
  )
}

function samePlace(one: PlotPlace | null, { left, top, width, height }: PlotPlace): boolean {
  return one !== null && one.left === left && one.top === top && one.width === width && one.height === height
}
