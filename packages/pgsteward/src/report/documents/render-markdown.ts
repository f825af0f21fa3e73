// A report as Markdown, for repositories, chats and readers of plain text. A chart becomes the span of each of its lines.

import type { Report, ReportBlock, ReportChart, ReportItem } from '../../model/report.ts'
import { codeSpan } from '../code-span.ts'
import { escapeMarkup } from '../escape-markup.ts'
import { lineSpans } from './line-spans.ts'
import {
  addressOf,
  comparedText,
  coverageText,
  gapText,
  isNumeric,
  momentText,
  moreText,
  periodText,
  proseParts,
  type RenderOptions,
  STATUS_WORDS,
  shortMomentText,
  valueText,
} from './report-words.ts'

export function renderMarkdown(report: Report, options: RenderOptions): string {
  const { title, targetId, period, madeAt, sections } = report
  return `${[
    `# ${escapeMarkup(title)}`,
    `${escapeMarkup(targetId)}, ${escapeMarkup(period.label)}: ${escapeMarkup(periodText(report))}`,
    ...statusOf(report, options),
    ...coverageOf(report),
    ...sections.flatMap((section) => [
      `## ${escapeMarkup(section.title)}`,
      ...section.blocks.flatMap((block) => blockLines(block, period.timeZone, options)),
    ]),
    '---',
    `Made by pgsteward on ${escapeMarkup(momentText(madeAt, period.timeZone))}.`,
  ].join('\n\n')}\n`
}

function statusOf({ status }: Report, options: RenderOptions): readonly string[] {
  if (status === null) return []
  return [
    `**Status: ${STATUS_WORDS[status.level]}**`,
    ...(status.reasons.length === 0 ? [] : [itemLines(status.reasons, options)]),
  ]
}

function coverageOf(report: Report): readonly string[] {
  const text = coverageText(report)
  if (text === null) return []
  const gaps = report.coverage.gaps.map((gap) => `- ${prose(gapText(gap, report.period.timeZone))}`)
  return [escapeMarkup(text), ...(gaps.length === 0 ? [] : [gaps.join('\n')])]
}

function blockLines(block: ReportBlock, timeZone: string, options: RenderOptions): readonly string[] {
  switch (block.is) {
    case 'text':
      return block.text
        .split(/\n\s*\n/)
        .map(paragraph)
        .filter((text) => text !== '')
    case 'figures':
      return [
        tableLines(
          [
            { label: 'Figure', unit: 'text' },
            { label: 'Value', unit: 'count' },
            { label: 'Compared', unit: 'text' },
            { label: '', unit: 'text' },
          ],
          block.figures.map((figure) => [
            escapeMarkup(figure.label),
            linked(escapeMarkup(valueText(figure.value, figure.unit)), figure.link, options),
            escapeMarkup(comparedText(figure)),
            [
              ...(figure.judgement === 'neutral' ? [] : [figure.judgement]),
              ...(figure.note === null ? [] : [prose(figure.note)]),
            ].join(': '),
          ]),
        ),
      ]
    case 'table': {
      const { title, columns, rows, empty, more } = block.table
      return [
        ...heading(title),
        rows.length === 0
          ? prose(empty)
          : tableLines(
              columns,
              rows.map(({ cells, link }) =>
                columns.map(({ unit }, index) => {
                  const text = escapeMarkup(valueText(cells[index] ?? null, unit))
                  return index === 0 ? linked(text, link, options) : text
                }),
              ),
            ),
        ...(more > 0 ? [moreText(more)] : []),
      ]
    }
    case 'chart':
      return chartLines(block.chart, timeZone, options)
    case 'list':
      return [
        ...heading(block.title),
        block.items.length === 0 ? prose(block.empty) : itemLines(block.items, options),
      ]
  }
}

function chartLines(chart: ReportChart, timeZone: string, options: RenderOptions): readonly string[] {
  const { unit, levels, marks } = chart
  const spans = lineSpans(chart)
  return [
    `### ${linked(escapeMarkup(chart.title), chart.link, options)}`,
    tableLines(
      [
        { label: 'Line', unit: 'text' },
        { label: 'Least', unit },
        { label: 'Mean', unit },
        { label: 'Greatest', unit },
        { label: 'Last', unit },
      ],
      spans.map(({ label, least, mean, greatest, last }) => [
        escapeMarkup(label),
        ...[least, mean, greatest, last].map((value) => escapeMarkup(valueText(value, unit))),
      ]),
    ),
    ...(levels.length === 0
      ? []
      : [
          levels
            .map(({ label, value }) => `- ${escapeMarkup(`${label}: ${valueText(value, unit)}`)}`)
            .join('\n'),
        ]),
    ...(marks.length === 0
      ? []
      : [
          marks
            .map(
              ({ at, kind, text }) =>
                `- ${escapeMarkup(`${shortMomentText(at, timeZone)}, ${kind}: ${text}`)}`,
            )
            .join('\n'),
        ]),
  ]
}

function tableLines(
  columns: readonly { readonly label: string; readonly unit: ReportChart['unit'] }[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(columns.map(({ label }) => escapeMarkup(label))),
    line(columns.map(({ unit }) => (isNumeric(unit) ? '---:' : '---'))),
    ...rows.map(line),
  ].join('\n')
}

function itemLines(items: readonly ReportItem[], options: RenderOptions): string {
  return items
    .map(({ text, severity, detail, link }) => {
      const under = detail === null ? '' : `  \n  ${paragraph(detail)}`
      return `- ${severity === null ? '' : `**${severity}** `}${linked(paragraph(text), link, options)}${under}`
    })
    .join('\n')
}

function heading(title: string | null): readonly string[] {
  return title === null ? [] : [`### ${escapeMarkup(title)}`]
}

function prose(text: string): string {
  return proseParts(text)
    .map((part) => (part.isCode ? codeSpan(part.text).replaceAll('|', '\\|') : escapeMarkup(part.text)))
    .join('')
    .trim()
}

/** At the beginning of a line, `- `, `1. ` and a row of = would become a list or a heading. */
function paragraph(text: string): string {
  return prose(text)
    .replace(/^([-+=~])/, '\\$1')
    .replace(/^(\d+)([.)])/, '$1\\$2')
}

/** The brackets of a link's text are escaped already, and `<>` hold an address with parentheses. */
function linked(text: string, link: string | null, { baseUrl }: RenderOptions): string {
  const address = addressOf(link, baseUrl)
  return address === null || text === '' ? text : `[${text}](<${address}>)`
}
