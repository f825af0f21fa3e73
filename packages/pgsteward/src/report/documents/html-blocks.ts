// The blocks of a report as HTML. What others named or wrote is escaped here, once, by `escapeXml` and by nothing else.

import type {
  Report,
  ReportBlock,
  ReportChart,
  ReportFigure,
  ReportItem,
  ReportTable,
} from '../../model/report.ts'
import { escapeXml } from '../escape-xml.ts'
import { chartSvg, fitsNames, marksOf, seriesClass } from './chart-svg.ts'
import {
  addressOf,
  comparedText,
  isNumeric,
  moreText,
  proseParts,
  type RenderOptions,
  shortMomentText,
  valueText,
} from './report-words.ts'

export interface HtmlContext extends RenderOptions {
  readonly report: Report
  /** Unique in the document for each call. */
  readonly nextId: () => string
}

/** As many moments as one reads; the JSON has all. */
const MOST_MOMENTS = 48
const MOST_MARKS = 12

export function blockHtml(block: ReportBlock, context: HtmlContext): string {
  switch (block.is) {
    case 'text':
      return block.text
        .split(/\n\s*\n/)
        .filter((text) => text.trim() !== '')
        .map((text) => `<p>${prose(text)}</p>`)
        .join('')
    case 'figures':
      return `<dl class="figures">${block.figures.map((each) => figureHtml(each, context)).join('')}</dl>`
    case 'table':
      return tableHtml(block.table, context)
    case 'chart':
      return chartHtml(block.chart, context)
    case 'list':
      return `<div>${block.title === null ? '' : `<h3>${escapeXml(block.title)}</h3>`}${itemsHtml(block.items, block.empty, context)}</div>`
  }
}

export function itemsHtml(items: readonly ReportItem[], empty: string, context: HtmlContext): string {
  if (items.length === 0) return `<p class="muted">${prose(empty)}</p>`
  const lines = items.map(({ text, severity, detail, link }) => {
    const tag = severity === null ? '' : `<span class="tag ${severity}">${severity}</span>`
    const under = detail === null ? '' : `<p class="note">${prose(detail)}</p>`
    return `<li>${tag}${linked(prose(text), link, context)}${under}</li>`
  })
  return `<ul class="items">${lines.join('')}</ul>`
}

const SHORT_VALUE = 14

function figureHtml(figure: ReportFigure, context: HtmlContext): string {
  const { label, value, unit, judgement, note, link } = figure
  const text = valueText(value, unit)
  const state = value === null ? ' is-unknown' : text.length > SHORT_VALUE ? ' is-words' : ''
  const compared = comparedText(figure)
  const word = judgement === 'neutral' ? '' : `<span class="judged ${judgement}">${judgement}</span>`
  const under = [word, compared === '' ? '' : `<span class="note">${escapeXml(compared)}</span>`]
    .filter((each) => each !== '')
    .join(' · ')
  return `<div${text.length > 40 ? ' class="wide-figure"' : ''}><dt>${escapeXml(label)}</dt><dd class="value${state}">${linked(escapeXml(text), link, context)}</dd>${under === '' ? '' : `<dd class="small">${under}</dd>`}${note === null ? '' : `<dd class="note">${prose(note)}</dd>`}</div>`
}

/** More do not fit on paper at the size of text. */
const FEW_COLUMNS = 6

/** Roles are written out, since on a phone rows are laid out as blocks, which would take them away. */
function tableHtml({ title, columns, rows, empty, more }: ReportTable, context: HtmlContext): string {
  const heading = title === null ? '' : `<h3>${escapeXml(title)}</h3>`
  if (rows.length === 0) return `<div>${heading}<p class="muted">${prose(empty)}</p></div>`
  const isWhole = (text: string) => columns.length <= FEW_COLUMNS && hasShortWords(text)
  const head = columns.map(
    ({ label, unit }) =>
      `<th role="columnheader" scope="col"${classOf({ number: isNumeric(unit), whole: isWhole(label) })}>${escapeXml(label)}</th>`,
  )
  const body = rows.map(({ cells, link }) => {
    const tds = columns.map(({ label, unit }, index) => {
      const cell = cells[index] ?? null
      const shown = valueText(cell, unit)
      const text = escapeXml(shown)
      const classes = classOf({ number: isNumeric(unit), unknown: cell === null, whole: isWhole(shown) })
      return `<td role="cell" data-label="${escapeXml(label)}"${classes}>${index === 0 ? linked(text, link, context) : text}</td>`
    })
    return `<tr role="row">${tds.join('')}</tr>`
  })
  const rest = more > 0 ? `<p class="note">${moreText(more)}</p>` : ''
  return `<div>${heading}<table class="${columns.length > FEW_COLUMNS ? 'stacked many' : 'stacked'}" role="table"${title === null ? '' : ` aria-label="${escapeXml(title)}"`}><thead role="rowgroup"><tr role="row">${head.join('')}</tr></thead><tbody role="rowgroup">${body.join('')}</tbody></table>${rest}</div>`
}

function classOf(classes: Readonly<Record<string, boolean>>): string {
  const set = Object.keys(classes).filter((each) => classes[each] === true)
  return set.length === 0 ? '' : ` class="${set.join(' ')}"`
}

/** Seven columns of such words have room at a desk: none needs to break within a word. */
const SHORT_WORD = 10

function hasShortWords(text: string): boolean {
  return text.split(/\s+/).every((word) => word.length <= SHORT_WORD)
}

function chartHtml(chart: ReportChart, context: HtmlContext): string {
  const { timeZone } = context.report.period
  const id = context.nextId()
  const frame = { timeZone, gaps: context.report.coverage.gaps }
  const hasNames = chart.series.length > 1 && fitsNames(chart)
  const wide = chartSvg(chart, { ...frame, id: `${id}w`, width: 752, height: 220, hasNames })
  const narrow = chartSvg(chart, { ...frame, id: `${id}n`, width: 358, height: 190, hasNames: false })
  const open = addressOf(chart.link, context.baseUrl)
  const caption = `<figcaption>${escapeXml(chart.title)}${open === null ? '' : `<a href="${escapeXml(open)}">Open in the dashboard</a>`}</figcaption>`
  if (wide === null || narrow === null)
    return `<figure>${caption}<p class="muted">Nothing was measured in this time.</p></figure>`
  const keys = chart.series.map(
    ({ label }, index) => `<li><span class="key ${seriesClass(index)}"></span>${escapeXml(label)}</li>`,
  )
  const legend = `<ul class="keys${hasNames || chart.series.length === 1 ? ' beside' : ''}">${keys.join('')}</ul>`
  const marks = marksOf(chart)
  const rest = marks.length - MOST_MARKS
  const lines = marks
    .slice(0, MOST_MARKS)
    .map(
      ({ at, text, kind }, index) =>
        `<li>${index + 1} · ${shortMomentText(at, timeZone)} · ${escapeXml(kind)}: ${escapeXml(text)}</li>`,
    )
  const happened =
    marks.length === 0
      ? ''
      : `<ul class="marks">${lines.join('')}${rest > 0 ? `<li>${moreText(rest)}</li>` : ''}</ul>`
  return `<figure>${caption}${wide.replace('<svg', '<svg class="wide"')}${narrow.replace('<svg', '<svg class="narrow"')}${legend}${happened}${valuesHtml(chart, timeZone)}</figure>`
}

/** What a line shows, for who reads numbers or listens. */
function valuesHtml({ title, unit, series }: ReportChart, timeZone: string): string {
  const moments = [...new Set(series.flatMap(({ points }) => points.map(([at]) => at)))].toSorted(
    (a, b) => Date.parse(a) - Date.parse(b),
  )
  const every = Math.ceil(moments.length / MOST_MOMENTS)
  const columns = series.map(({ points }) => new Map(points))
  const rows = moments
    .filter((_, index) => index % every === 0)
    .map((at) => {
      const cells = columns.map(
        (values) => `<td class="number">${escapeXml(valueText(values.get(at) ?? null, unit))}</td>`,
      )
      return `<tr><td>${shortMomentText(at, timeZone)}</td>${cells.join('')}</tr>`
    })
  const heads = series.map(({ label }) => `<th scope="col" class="number">${escapeXml(label)}</th>`)
  const thinned =
    every > 1 ? `<p class="note">One moment of ${every}; the JSON has all ${moments.length}.</p>` : ''
  return `<details><summary>Values</summary>${thinned}<table aria-label="Values of ${escapeXml(title)}"><thead><tr><th scope="col">Time</th>${heads.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></details>`
}

export function prose(text: string): string {
  return proseParts(text)
    .map((part) => (part.isCode ? `<code>${escapeXml(part.text)}</code>` : escapeXml(part.text)))
    .join('')
}

function linked(html: string, link: string | null, { baseUrl }: HtmlContext): string {
  const address = addressOf(link, baseUrl)
  return address === null ? html : `<a href="${escapeXml(address)}">${html}</a>`
}
