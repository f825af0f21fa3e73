// A report for the terminal. Names and texts of others can't move its cursor or change its colours.

import type { Report, ReportBlock, ReportFigure, ReportItem } from '../../model/report.ts'
import { PLAIN, type TextStyle } from '../text-style.ts'
import { type Align, textTable } from '../text-table.ts'
import { withoutControls } from '../without-controls.ts'
import { lineSpans } from './line-spans.ts'
import {
  comparedText,
  coverageText,
  gapText,
  isNumeric,
  momentText,
  moreText,
  periodText,
  STATUS_WORDS,
  shortMomentText,
  valueText,
} from './report-words.ts'

/** Long names would push numbers out of sight. */
const MOST_LETTERS = 60

export function renderText(report: Report, paint: TextStyle = PLAIN): string {
  const { title, targetId, period, madeAt, sections } = report
  const coverage = coverageText(report)
  return `${[
    paint.bold(clean(title)),
    paint.dim(clean(`${targetId}, ${period.label}: ${periodText(report)}`)),
    ...statusLines(report, paint),
    ...(coverage === null
      ? []
      : ['', coverage, ...report.coverage.gaps.map((gap) => `  ${clean(gapText(gap, period.timeZone))}`)]),
    ...sections.flatMap((section) => [
      '',
      paint.bold(clean(section.title)),
      ...section.blocks.flatMap((block) => ['', ...blockLines(block, period.timeZone, paint)]),
    ]),
    '',
    paint.dim(`Made ${momentText(madeAt, period.timeZone)}.`),
  ].join('\n')}\n`
}

function statusLines({ status }: Report, paint: TextStyle): readonly string[] {
  if (status === null) return []
  const tone = { green: paint.green, yellow: paint.yellow, red: paint.red, unknown: paint.bold }[status.level]
  return ['', tone(STATUS_WORDS[status.level]), ...itemLines(status.reasons, paint)]
}

function blockLines(block: ReportBlock, timeZone: string, paint: TextStyle): readonly string[] {
  switch (block.is) {
    case 'text':
      return block.text.split('\n').map((line) => clean(line))
    case 'figures':
      return textTable(
        block.figures.map((figure) => figureRow(figure, paint)),
        ['left', 'right', 'left', 'left'],
      )
    case 'table': {
      const { title, columns, rows, empty, more } = block.table
      const cells = rows.map((row) =>
        columns.map(({ unit }, index) => clipped(valueText(row.cells[index] ?? null, unit))),
      )
      return [
        ...titleLines(title),
        ...(rows.length === 0
          ? [`  ${clean(empty)}`]
          : textTable(
              [columns.map(({ label }) => paint.dim(clipped(label))), ...cells],
              columns.map(({ unit }): Align => (isNumeric(unit) ? 'right' : 'left')),
            )),
        ...(more > 0 ? [paint.dim(`  ${moreText(more)}`)] : []),
      ]
    }
    case 'chart': {
      const { title, unit, levels, marks } = block.chart
      const spans = lineSpans(block.chart).map(({ label, least, mean, greatest, last }) => [
        clipped(label),
        ...[least, mean, greatest, last].map((value) => valueText(value, unit)),
      ])
      return [
        ...titleLines(title),
        ...textTable(
          [['', 'least', 'mean', 'greatest', 'last'].map(paint.dim), ...spans],
          ['left', 'right', 'right', 'right', 'right'],
        ),
        ...levels.map(({ label, value }) => `  ${clean(label)} ${valueText(value, unit)}`),
        ...marks.map(
          ({ at, kind, text }) => `  ${clean(`${shortMomentText(at, timeZone)}  ${kind}: ${text}`)}`,
        ),
      ]
    }
    case 'list':
      return [
        ...titleLines(block.title),
        ...(block.items.length === 0 ? [`  ${clean(block.empty)}`] : itemLines(block.items, paint)),
      ]
  }
}

function figureRow(figure: ReportFigure, paint: TextStyle): readonly string[] {
  const { label, value, unit, judgement, note } = figure
  const tone = { good: paint.green, bad: paint.red, neutral: (text: string) => text }[judgement]
  return [
    clipped(label),
    tone(clipped(valueText(value, unit))),
    paint.dim(comparedText(figure)),
    [...(judgement === 'neutral' ? [] : [tone(judgement)]), ...(note === null ? [] : [clean(note)])].join(
      ': ',
    ),
  ]
}

function itemLines(items: readonly ReportItem[], paint: TextStyle): readonly string[] {
  const tones = { critical: paint.red, warning: paint.yellow, info: paint.dim }
  return items.flatMap(({ text, severity, detail }) => [
    `  ${severity === null ? '' : `${tones[severity](severity.padEnd(8))}  `}${clean(text)}`,
    ...(detail === null ? [] : [paint.dim(`    ${clean(detail)}`)]),
  ])
}

function titleLines(title: string | null): readonly string[] {
  return title === null ? [] : [clean(title)]
}

function clipped(text: string): string {
  const line = clean(text)
  return line.length > MOST_LETTERS ? `${line.slice(0, MOST_LETTERS - 1)}…` : line
}

function clean(text: string): string {
  return withoutControls(text.replace(/\s+/g, ' ')).trim()
}
