// One chart over time, drawn by uPlot: thin lines, gaps as gaps, a cursor shared by all charts of the page,
// brushing sets the range of the page.

import type { SeriesWire } from 'pgsteward/wire'
import { type ReactNode, useEffect, useMemo, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { formatClock, formatDateTime, formatPerSecond, NOTHING } from '../format.ts'
import { useTheme } from '../frame/theme.ts'
import type { Span } from '../time-range.ts'
import { setParams } from '../use-address.ts'
import { align, type Column, isolated, stack, summary } from './align.ts'
import { tickSteps, timeTicks, valueBounds, valueTick } from './axis.ts'
import type { ChartMark } from './marks.ts'
import { chartName, seriesColour, seriesLabels } from './names.ts'

const HEIGHT = 148
const MARK_NEAR_PX = 6

function valueText(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined) return NOTHING
  return unit === 'perSecond' ? formatPerSecond(value) : valueTick(value, unit)
}

/** A custom property as a colour that a canvas understands. */
function colour(inside: HTMLElement, property: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${property})`
  inside.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

interface Drawn {
  readonly series: readonly SeriesWire[]
  readonly raw: readonly Column[]
  readonly data: uPlot.AlignedData
  readonly span: Span
  readonly unit: string
  readonly isStacked: boolean
  readonly marks: readonly ChartMark[]
}

export function TimeChart(props: {
  readonly name: string
  readonly series: readonly SeriesWire[]
  readonly span: Span
  readonly marks?: readonly ChartMark[]
  /** In pixels. */
  readonly height?: number
}): ReactNode {
  const { name, series, span, marks = [], height = HEIGHT } = props
  const theme = useTheme()
  const { title, unit: unitWords, meaning, isStacked: mayStack, of } = chartName(name)
  const host = useRef<HTMLDivElement>(null)
  const figure = useRef<HTMLElement>(null)
  const drawn = useMemo<Drawn>(() => {
    const { times, columns } = align(series)
    const isStacked = mayStack === true && series.length > 1
    const heights = isStacked ? stack(columns) : columns
    const data = [times, ...heights] as uPlot.AlignedData
    return { series, raw: columns, data, span, unit: of ?? series[0]?.unit ?? 'count', isStacked, marks }
  }, [series, span, mayStack, of, marks])
  const latest = useRef(drawn)
  latest.current = drawn
  const plot = useRef<uPlot | null>(null)

  const sums = drawn.raw.map(summary)
  const isEmpty = sums.every((sum) => sum === null)
  const labels = useMemo(() => seriesLabels(series), [series])
  const shape = `${theme} ${isEmpty} ${drawn.isStacked} ${labels.join('|')}`

  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for what makes another plot necessary
  useEffect(() => {
    const box = host.current
    if (box === null || isEmpty) return
    const chart = new uPlot(optionsFor(box, latest, figure, height), latest.current.data, box)
    plot.current = chart
    const observer = new ResizeObserver(() => {
      if (box.clientWidth > 0) chart.setSize({ width: box.clientWidth, height })
    })
    observer.observe(box)
    return () => {
      observer.disconnect()
      chart.destroy()
      plot.current = null
    }
  }, [shape])

  useEffect(() => {
    plot.current?.setData(drawn.data)
  }, [drawn])

  const only = sums.length === 1 ? sums[0] : null
  return (
    <figure className="chart" ref={figure}>
      <figcaption title={meaning}>
        <span className="chart-title">{title}</span>
        {unitWords === undefined ? null : <span className="muted"> {unitWords}</span>}
        <span className="chart-moment muted" data-moment />
        {only === null || only === undefined ? null : (
          <output className="chart-value" data-value="0">
            {valueText(only.last, drawn.unit)}
          </output>
        )}
      </figcaption>
      {isEmpty ? (
        <p className="chart-empty muted">Nothing was read in this range yet.</p>
      ) : (
        <div
          ref={host}
          className="chart-plot"
          role="img"
          aria-label={`${title} ${unitWords ?? ''}: ${sums
            .map((sum, index) => `${labels[index] ?? ''} ${valueText(sum?.last, drawn.unit)}`)
            .join('; ')}`}
        />
      )}
      {series.length < 2 || isEmpty ? null : (
        <ul className="chart-legend">
          {labels.map((label, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: labels need not be unique, and the order of series is theirs
            <li key={index}>
              <i className={`swatch series-${seriesColour(label, index)}`} />
              {label} <output data-value={index}>{valueText(sums[index]?.last, drawn.unit)}</output>
            </li>
          ))}
        </ul>
      )}
    </figure>
  )
}

function optionsFor(
  box: HTMLElement,
  latest: { readonly current: Drawn },
  figure: { readonly current: HTMLElement | null },
  height: number,
): uPlot.Options {
  const { series, isStacked, unit } = latest.current
  const text = colour(box, '--text-muted')
  const line = colour(box, '--hairline')
  const font = `12px ${getComputedStyle(box).fontFamily}`
  const grid = { stroke: line, width: 1 }
  const steps = tickSteps(unit)

  // the figures beside the title follow the cursor; straight into the document, since React need not know
  const tell = (chart: uPlot) => {
    const at = chart.cursor.idx
    const { raw, data, marks } = latest.current
    const moment = figure.current?.querySelector('[data-moment]')
    const time = at === null || at === undefined ? undefined : data[0][at]
    if (moment instanceof HTMLElement) {
      const left = chart.cursor.left ?? -1
      const mark =
        left < 0
          ? undefined
          : marks.find((one) => Math.abs(chart.valToPos(one.at, 'x') - left) < MARK_NEAR_PX)
      const clock = time === undefined ? '' : momentText(time, latest.current.span)
      moment.textContent =
        mark === undefined ? clock : `${formatClock(new Date(mark.at * 1000))} ${mark.text}`
    }
    for (const output of figure.current?.querySelectorAll('[data-value]') ?? []) {
      const column = raw[Number((output as HTMLElement).dataset.value)] ?? []
      const value = at === null || at === undefined ? summary(column)?.last : column[at]
      output.textContent = valueText(value, unit)
    }
  }

  const brush = (chart: uPlot) => {
    const { left, width } = chart.select
    if (width < 4) return
    const from = Math.floor(chart.posToVal(left, 'x'))
    const to = Math.ceil(chart.posToVal(left + width, 'x'))
    chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
    // shorter than a few readings shows nothing
    if (to - from >= 30) setParams({ from: String(from), to: String(to) }, 'push')
  }

  const drawMarks = (chart: uPlot) => {
    const { ctx, bbox } = chart
    for (const mark of latest.current.marks) {
      const x = Math.round(chart.valToPos(mark.at, 'x', true))
      if (x < bbox.left || x > bbox.left + bbox.width) continue
      const size = 4 * devicePixelRatio
      ctx.save()
      ctx.strokeStyle = ctx.fillStyle = colour(box, mark.property)
      ctx.globalAlpha = 0.5
      ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio])
      ctx.beginPath()
      ctx.moveTo(x, bbox.top)
      ctx.lineTo(x, bbox.top + bbox.height)
      ctx.stroke()
      ctx.globalAlpha = 1
      ctx.beginPath()
      ctx.moveTo(x - size, bbox.top + bbox.height + size)
      ctx.lineTo(x + size, bbox.top + bbox.height + size)
      ctx.lineTo(x, bbox.top + bbox.height - size)
      ctx.fill()
      ctx.restore()
    }
  }

  return {
    width: Math.max(box.clientWidth, 100),
    height,
    padding: [8, 20, 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: 'page' },
      y: false,
      drag: { x: true, y: false, setScale: false },
      points: { size: 7 },
    },
    scales: {
      x: { time: true, range: () => [latest.current.span.from, latest.current.span.to] },
      y: { range: (_chart, least, greatest) => valueBounds(isStacked ? 0 : least, greatest, unit) },
    },
    axes: [
      {
        stroke: text,
        font,
        grid: { show: false },
        ticks: { ...grid, size: 4 },
        space: 64,
        size: 28,
        gap: 4,
        values: (_chart, splits, _axis, _space, step) => timeTicks(splits, step),
      },
      {
        stroke: text,
        font,
        grid,
        ticks: { show: false },
        space: 34,
        // uPlot asks before it has values, and cuts what does not fit: '2 min 30 s'
        size: (_chart, values) => axisWidth(values ?? []),
        gap: 6,
        values: (_chart, splits) => splits.map((value) => valueTick(value, unit)),
        ...(steps === undefined ? {} : { incrs: steps }),
      },
    ],
    series: [
      {},
      ...seriesLabels(series).map((label, index): uPlot.Series => {
        const stroke = colour(box, `--series-${seriesColour(label, index)}`)
        return {
          label,
          stroke,
          width: 1.5,
          ...(isStacked ? { fill: stroke.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.35)') } : {}),
          // a value between two gaps has no line to be seen by
          points: {
            show: true,
            size: 4,
            fill: stroke,
            filter: (chart, column) => isolated(chart.data[column] as Column),
          },
        }
      }),
    ],
    ...(isStacked
      ? { bands: series.slice(1).map((_, index) => ({ series: [index + 2, index + 1] })) as uPlot.Band[] }
      : {}),
    hooks: { setCursor: [tell], setSelect: [brush], draw: [drawMarks] },
  }
}

/** Below it, as on the page of a load run, minutes alone would be the same for every point. */
const SECONDS_BELOW = 1_800

function momentText(at: number, span: Span): string {
  const date = new Date(at * 1000)
  const length = span.to - span.from
  if (length > 86_400) return formatDateTime(date)
  const clock = formatClock(date)
  return length < SECONDS_BELOW ? `${clock}:${String(date.getSeconds()).padStart(2, '0')}` : clock
}

/** Six pixels and a half a character of the axis' font, and its gap; never narrower than it needs to be for charts to line up. */
function axisWidth(labels: readonly string[]): number {
  return Math.max(58, 18 + 6.5 * Math.max(0, ...labels.map((label) => label.length)))
}
