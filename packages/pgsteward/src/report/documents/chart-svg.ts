// A chart as SVG by itself: no script, no style sheet but the document's colours. Drawn for a width in pixels, so that its letters keep
// their size; the document shows the one of two widths that fits.

import type { Report, ReportChart } from '../../model/report.ts'
import { escapeXml } from '../escape-xml.ts'
import { formatValue } from '../format.ts'
import { timeTicks, valueAxis } from './chart-axis.ts'
import { type Point, runsOf, spread, thinned } from './chart-lines.ts'
import { shortMomentText } from './report-words.ts'

export interface ChartFrame {
  /** Unique in the document. */
  readonly id: string
  readonly width: number
  readonly height: number
  readonly timeZone: string
  /** Spells in which nothing was observed. */
  readonly gaps: Report['coverage']['gaps']
  /** Names beside the ends of lines; without them the document says in words which is which. */
  readonly hasNames: boolean
}

/** Told apart by colour up to here; the palette begins anew, dashed, beyond it. */
const COLOURS = 8
const NAME_LETTERS = 22
/** Of 12 pixels, in most system fonts. */
const LETTER_WIDTH = 6.7
const LINE_HEIGHT = 14
const TICK_WIDTH = 64
const FLAG_WIDTH = 18

/** Lines beside whose ends names can stand without pushing each other out of the picture. */
export function fitsNames({ series }: ReportChart): boolean {
  return series.length <= COLOURS
}

export function seriesClass(index: number): string {
  return `s${(index % COLOURS) + 1}${index < COLOURS ? '' : ' dashed'}`
}

/** Null: no point is known in the chart's time. */
export function chartSvg(chart: ReportChart, frame: ChartFrame): string | null {
  const [from, to] = [Date.parse(chart.from), Date.parse(chart.to)]
  const lines = chart.series.map((series) => runsOf(series, from, to))
  const values = lines.flat(2).map(([, value]) => value)
  if (values.length === 0 || to <= from) return null
  const [least, greatest] = [minOf(values), maxOf(values)]
  // a limit far above would press the line to the ground: then it is told at the edge
  const near = chart.levels.filter(({ value }) => value >= 0 && value <= 3 * Math.max(greatest, 0))
  const axis = valueAxis(
    Math.min(least, ...near.map(({ value }) => value)),
    Math.max(greatest, ...near.map(({ value }) => value)),
    chart.unit,
    frame.height < 200 ? 3 : 4,
  )
  const names = chart.series.map(({ label }) => clipped(label))
  const plot = {
    left: Math.max(...axis.ticks.map(({ label }) => label.length)) * LETTER_WIDTH + 10,
    right:
      frame.width - (frame.hasNames ? Math.max(...names.map(({ length }) => length)) * LETTER_WIDTH + 24 : 8),
    top: 20,
    bottom: frame.height - 22,
  }
  const x = (at: number) => plot.left + ((at - from) / (to - from)) * (plot.right - plot.left)
  const y = (value: number) =>
    plot.bottom - ((value - axis.from) / (axis.to - axis.from)) * (plot.bottom - plot.top)
  const place: Place = { plot, x, y, from, to }

  return [
    `<svg viewBox="0 0 ${frame.width} ${frame.height}" width="${frame.width}" height="${frame.height}" role="img" aria-labelledby="${frame.id}-t ${frame.id}-d">`,
    `<title id="${frame.id}-t">${escapeXml(chart.title)}</title>`,
    `<desc id="${frame.id}-d">${escapeXml(described(chart, lines, frame.timeZone))}</desc>`,
    ...unobserved(frame, place),
    ...axis.ticks.map(
      ({ at, label }) =>
        `<line class="grid" x1="${plot.left}" x2="${r(plot.right)}" y1="${r(y(at))}" y2="${r(y(at))}"/><text class="tick" text-anchor="end" x="${r(plot.left - 6)}" y="${r(y(at) + 4)}">${escapeXml(label)}</text>`,
    ),
    ...timeTicks(
      new Date(from),
      new Date(to),
      frame.timeZone,
      Math.max(2, Math.floor((plot.right - plot.left) / TICK_WIDTH)),
    ).map(
      ({ at, label }) =>
        `<line class="grid" x1="${r(x(at.getTime()))}" x2="${r(x(at.getTime()))}" y1="${plot.bottom}" y2="${plot.bottom + 4}"/><text class="tick" text-anchor="${anchorAt(x(at.getTime()), frame.width)}" x="${r(x(at.getTime()))}" y="${frame.height - 4}">${escapeXml(label)}</text>`,
    ),
    ...flags(chart, frame, place),
    ...lines.map((runs, index) => drawn(runs, index, place)),
    ...levels(chart, near, place),
    ...(frame.hasNames ? endNames(lines, names, place) : []),
    '</svg>',
  ].join('')
}

interface Place {
  readonly plot: {
    readonly left: number
    readonly right: number
    readonly top: number
    readonly bottom: number
  }
  readonly x: (at: number) => number
  readonly y: (value: number) => number
  readonly from: number
  readonly to: number
}

function drawn(runs: readonly (readonly Point[])[], index: number, { plot, x, y, from, to }: Place): string {
  const msPerPixel = (to - from) / (plot.right - plot.left)
  const path = runs
    .filter((run) => run.length > 1)
    .map(
      (run) =>
        `M${thinned(run, msPerPixel)
          .map(([at, value]) => `${r(x(at))} ${r(y(value))}`)
          .join('L')}`,
    )
    .join('')
  // a point between two gaps has no line to stand on
  const dots = runs
    .filter((run) => run.length === 1)
    .map(
      ([point]) =>
        `<circle class="dot ${seriesClass(index)}" cx="${r(x(point![0]))}" cy="${r(y(point![1]))}" r="2"/>`,
    )
    .join('')
  return `${path === '' ? '' : `<path class="line ${seriesClass(index)}" d="${path}"/>`}${dots}`
}

function levels(chart: ReportChart, near: ReportChart['levels'], { plot, y }: Place): readonly string[] {
  const far = chart.levels.filter((level) => !near.includes(level))
  const text = (label: string, value: number) =>
    escapeXml(`${clipped(label)} ${formatValue(value, chart.unit)}`)
  return [
    ...near.map(
      ({ label, value }) =>
        `<line class="level" x1="${plot.left}" x2="${r(plot.right)}" y1="${r(y(value))}" y2="${r(y(value))}"/><text class="name" text-anchor="end" x="${r(plot.right - 4)}" y="${r(y(value) - 4)}">${text(label, value)}</text>`,
    ),
    ...far.map(
      ({ label, value }, index) =>
        `<text class="name" text-anchor="end" x="${r(plot.right - 4)}" y="${r(plot.top + 12 + index * LINE_HEIGHT)}">${text(label, value)} ${value < 0 ? '↓' : '↑'}</text>`,
    ),
  ]
}

function unobserved({ gaps }: ChartFrame, { plot, x, from, to }: Place): readonly string[] {
  return gaps
    .map((gap) => ({
      gap,
      begin: Math.max(from, Date.parse(gap.from)),
      end: Math.min(to, Date.parse(gap.to)),
    }))
    .filter(({ begin, end }) => begin < end)
    .map(
      ({ gap, begin, end }) =>
        `<rect class="unobserved" x="${r(x(begin))}" y="${plot.top}" width="${r(Math.max(1, x(end) - x(begin)))}" height="${plot.bottom - plot.top}"><title>${escapeXml(`not observed: ${gap.because}`)}</title></rect>`,
    )
}

/** Numbered, as listed under the chart; those that would cover each other share a flag. */
function flags(chart: ReportChart, { width }: ChartFrame, { plot, x, from, to }: Place): readonly string[] {
  const groups: { at: number; first: number; last: number; texts: string[] }[] = []
  marksOf(chart).forEach((mark, index) => {
    const at = x(Date.parse(mark.at))
    if (Date.parse(mark.at) < from || Date.parse(mark.at) > to) return
    const before = groups.at(-1)
    if (before !== undefined && at - before.at < FLAG_WIDTH + 8) {
      before.last = index + 1
      before.texts.push(mark.text)
    } else groups.push({ at, first: index + 1, last: index + 1, texts: [mark.text] })
  })
  return groups.map(({ at, first, last, texts }) => {
    const label = first === last ? `${first}` : `${first}–${last}`
    return `<g><title>${escapeXml(texts.join('; '))}</title><line class="mark" x1="${r(at)}" x2="${r(at)}" y1="${plot.top - 4}" y2="${plot.bottom}"/><text class="flag" text-anchor="${anchorAt(at, width)}" x="${r(at)}" y="${plot.top - 8}">${label}</text></g>`
  })
}

/** In the order of time, as numbered. */
export function marksOf({ marks }: ReportChart): ReportChart['marks'] {
  return marks.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
}

function endNames(
  lines: readonly (readonly (readonly Point[])[])[],
  names: readonly string[],
  { plot, x, y }: Place,
): readonly string[] {
  const ends = lines.flatMap((runs, index) => {
    const last = runs.at(-1)?.at(-1)
    return last === undefined ? [] : [{ index, last }]
  })
  const heights = spread(
    ends.map(({ last }) => y(last[1])),
    LINE_HEIGHT,
    plot.top,
    plot.bottom,
  )
  return ends.map(
    ({ index, last }, place) =>
      `<path class="line thin ${seriesClass(index)}" d="M${r(x(last[0]))} ${r(y(last[1]))}L${r(plot.right + 4)} ${r(heights[place]!)}h8"/><text class="name" x="${r(plot.right + 15)}" y="${r(heights[place]! + 4)}">${escapeXml(names[index]!)}</text>`,
  )
}

/** For who listens: of each line its span and where it ended. */
function described(
  { unit, series, levels: limits }: ReportChart,
  lines: readonly (readonly (readonly Point[])[])[],
  timeZone: string,
): string {
  const each = lines.map((runs, index) => {
    const points = runs.flat()
    const label = clipped(series[index]!.label)
    if (points.length === 0) return `${label}: not known`
    const values = points.map(([, value]) => value)
    const [at, last] = points.at(-1)!
    return `${label}: between ${formatValue(minOf(values), unit)} and ${formatValue(maxOf(values), unit)}, ${formatValue(last, unit)} at ${shortMomentText(new Date(at), timeZone)}`
  })
  return [
    ...each,
    ...limits.map(({ label, value }) => `${clipped(label)}: ${formatValue(value, unit)}`),
  ].join('. ')
}

function clipped(text: string): string {
  return text.length > NAME_LETTERS ? `${text.slice(0, NAME_LETTERS - 1)}…` : text
}

function anchorAt(at: number, width: number): 'start' | 'middle' | 'end' {
  if (at < 30) return 'start'
  return at > width - 30 ? 'end' : 'middle'
}

/** Of any number of values: Math.min takes only so many arguments. */
function minOf(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
}

function maxOf(values: readonly number[]): number {
  return values.reduce((greatest, value) => Math.max(greatest, value), Number.NEGATIVE_INFINITY)
}

function r(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '')
}
