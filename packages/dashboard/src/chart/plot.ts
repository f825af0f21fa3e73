// How uPlot draws a chart: thin lines, gaps as gaps, what was then as thin dashes behind, and the cursor that all charts of the page share.

import type { SeriesWire } from 'pgsteward/wire'
import uPlot from 'uplot'
import { formatClock, formatDateTime, formatPerSecond, NOTHING } from '../format.ts'
import { zoomBack, zoomTo } from '../page-zoom.ts'
import type { Span } from '../time-range.ts'
import { type Column, isolated, summary } from './align.ts'
import { tickSteps, timeTicks, valueBounds, valueTick } from './axis.ts'
import { type ChartCursor, moveCursor } from './cursor.ts'
import type { PlotPlace } from './mark-lane.tsx'
import { seriesColour, seriesLabels } from './names.ts'
import { valueNear } from './then.ts'
import { LANE_PX } from './time-picture.tsx'
import { markedSpan } from './zoom.ts'

export interface Drawn {
  readonly series: readonly SeriesWire[]
  readonly times: readonly number[]
  /** Values as read, a column a series; stacking is of `data` alone. */
  readonly raw: readonly Column[]
  /** What was then: a column a series, or one where they are stacked; none where nothing is compared. */
  readonly past: readonly Column[]
  /** Times, then the columns of then, then those of now: what is drawn first lies behind. */
  readonly data: uPlot.AlignedData
  readonly span: Span
  readonly unit: string
  readonly isStacked: boolean
}

export interface PlotHost {
  readonly box: HTMLElement
  readonly figure: { readonly current: HTMLElement | null }
  readonly latest: { readonly current: Drawn }
  readonly height: number
  /** As the cursor knows this chart. */
  readonly source: string
  readonly onPlace: (place: PlotPlace) => void
  /** While it tells where the pointer is. */
  isLeading: boolean
}

export function valueText(value: number | null | undefined, unit: string): string {
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

const faded = (rgb: string, share: number) => rgb.replace(/^rgb\((.*)\)$/, `rgba($1, ${share})`)

/** The figures beside the title follow the cursor; straight into the document, since React need not know. */
export function tellMoment(chart: uPlot, { figure, latest }: PlotHost): void {
  const at = chart.cursor.idx
  const { raw, past, times, span, unit } = latest.current
  const time = at === null || at === undefined ? undefined : times[at]
  const moment = figure.current?.querySelector('[data-moment]')
  if (moment !== null && moment !== undefined)
    moment.textContent = time === undefined ? '' : momentText(time, span)
  const tell = (kind: 'value' | 'then', columns: readonly Column[], before: string) => {
    for (const output of figure.current?.querySelectorAll(`[data-${kind}]`) ?? []) {
      const column = columns[Number((output as HTMLElement).dataset[kind])] ?? []
      const value = at === null || at === undefined ? summary(column)?.last : valueNear(column, at)
      output.textContent = `${before}${valueText(value, unit)}`
    }
  }
  tell('value', raw, '')
  tell('then', past, 'then ')
}

/** Puts this chart's cursor where that of another is. */
export function followCursor(chart: uPlot, cursor: ChartCursor | null, host: PlotHost): void {
  const { from, to } = host.latest.current.span
  const isWithin = cursor !== null && cursor.at >= from && cursor.at <= to
  const left = isWithin ? chart.valToPos(cursor.at, 'x') : -10
  chart.setCursor({ left, top: isWithin ? 0 : -10 }, false)
  const marked = isWithin && cursor.from !== null ? chart.valToPos(cursor.from, 'x') : left
  chart.setSelect(
    isWithin && marked !== left
      ? {
          left: Math.min(left, marked),
          width: Math.abs(left - marked),
          top: 0,
          height: chart.over.clientHeight,
        }
      : { left: 0, width: 0, top: 0, height: 0 },
    false,
  )
  tellMoment(chart, host)
}

/** Moved by a pointer over this chart: the others follow. By its own events, since uPlot's hook also speaks when data comes. */
export function leadCursor(chart: uPlot, host: PlotHost): void {
  const lead = (cursor: ChartCursor | null) => {
    host.isLeading = true
    moveCursor(cursor, cursor === null ? null : host.source)
    host.isLeading = false
  }
  chart.over.addEventListener('mousemove', ({ clientX }) => {
    const left = clientX - chart.over.getBoundingClientRect().left
    const { left: begin, width } = chart.select
    const other = Math.abs(begin - left) > Math.abs(begin + width - left) ? begin : begin + width
    lead({ at: chart.posToVal(left, 'x'), from: width > 0 ? chart.posToVal(other, 'x') : null })
  })
  chart.over.addEventListener('mouseleave', () => lead(null))
}

function zoomToMarked(chart: uPlot): void {
  const { left, width } = chart.select
  if (width < 4) return
  const marked = markedSpan(chart.posToVal(left, 'x'), chart.posToVal(left + width, 'x'))
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
  moveCursor(null, null)
  if (marked !== null) zoomTo(marked)
}

export function plotOptions(host: PlotHost): uPlot.Options {
  const { box, latest, height } = host
  const { series, isStacked, unit, past } = latest.current
  const text = colour(box, '--text-muted')
  const line = colour(box, '--hairline')
  const font = `12px ${getComputedStyle(box).fontFamily}`
  const grid = { stroke: line, width: 1 }
  const steps = tickSteps(unit)
  const labels = seriesLabels(series)
  const strokes = labels.map((label, index) => colour(box, `--series-${seriesColour(label, index)}`))
  const pastSeries = past.map((_, index): uPlot.Series => {
    const stroke = isStacked ? text : (strokes[index] ?? text)
    return { label: `then ${labels[index] ?? ''}`, stroke, width: 1, dash: [4, 3], points: { show: false } }
  })

  return {
    width: Math.max(box.clientWidth, 100),
    height,
    padding: [LANE_PX + 2, 20, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false },
      points: { size: 7 },
      bind: {
        dblclick: () => () => {
          zoomBack()
          return null
        },
      },
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
      ...pastSeries,
      ...labels.map((label, index): uPlot.Series => {
        const stroke = strokes[index] ?? text
        return {
          label,
          stroke,
          width: 1.5,
          ...(isStacked ? { fill: faded(stroke, 0.35) } : {}),
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
      ? {
          bands: series.slice(1).map((_, index) => ({
            series: [index + 2 + past.length, index + 1 + past.length],
          })) as uPlot.Band[],
        }
      : {}),
    hooks: {
      setCursor: [(chart) => tellMoment(chart, host)],
      setSelect: [zoomToMarked],
      draw: [({ bbox }) => host.onPlace(placeOf(bbox))],
    },
  }
}

function placeOf({ left, top, width, height }: uPlot.BBox): PlotPlace {
  const pixels = (size: number) => Math.round(size / uPlot.pxRatio)
  return { left: pixels(left), top: pixels(top), width: pixels(width), height: pixels(height) }
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
