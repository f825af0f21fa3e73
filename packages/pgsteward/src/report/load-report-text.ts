// A load run for people in a terminal: whether to believe it, the bottleneck, the figures, what to do next.

import type { Cause } from '../model/comparison.ts'
import type { LoadRun } from '../model/load-run.ts'
import { formatEvidence, formatValue } from './format.ts'
import {
  databaseLines,
  errorKindsLine,
  loadNextSteps,
  seriesCells,
  seriesName,
  statementCells,
  subjectLine,
  totalsLine,
  validityLine,
} from './load-report-words.ts'
import { PLAIN, type TextStyle } from './text-style.ts'
import { textTable } from './text-table.ts'
import { withoutControls } from './without-controls.ts'

const STATEMENTS = 5
const STATEMENT_WIDTH = 90

export function loadReportText(
  run: LoadRun,
  bottlenecks: readonly Cause[],
  style: TextStyle = PLAIN,
): string {
  const { bold, dim, red, yellow, green } = style
  const isCrossed = run.thresholds.some(({ isMet }) => !isMet)
  const colour = run.invalid.length > 0 ? red : isCrossed ? yellow : green
  const lines = [colour(bold(validityLine(run))), plain(totalsLine(run)), dim(plain(subjectLine(run)))]
  lines.push(...run.invalid.map(({ reason, detail }) => `  ${red(reason)}: ${plain(detail)}`))
  if (bottlenecks.length > 0) lines.push('', bold('Bottleneck'), ...causeLines(bottlenecks, style))
  lines.push('', ...seriesLines(run, style))
  const kinds = errorKindsLine(run)
  if (kinds !== null) lines.push(plain(kinds))
  if (run.thresholds.length > 0) lines.push('', bold('Thresholds'), ...thresholdLines(run, style))
  if (run.checks.length > 0) lines.push('', bold('Checks'), ...checkLines(run, style))
  if (run.database !== null) {
    lines.push('', bold('Database'), ...databaseLines(run).map((line) => `  ${plain(line)}`))
    const statements = statementCells(run, STATEMENTS).map((row) => row.map((text) => cut(plain(text))))
    if (statements.length > 0)
      lines.push(
        ...textTable(
          [['time', 'calls', 'mean', 'statement'].map(dim), ...statements],
          ['right', 'right', 'right', 'left'],
        ),
      )
  }
  lines.push('', bold('What now'), ...loadNextSteps(run).map((step) => `  ${plain(step)}`))
  return `${lines.join('\n')}\n`
}

function causeLines(causes: readonly Cause[], { dim }: TextStyle): readonly string[] {
  return causes.flatMap(({ summary, subject, evidence, share }) => [
    `  ${plain(summary)}${share === null ? '' : ` (${formatValue(share, 'ratio')} of a request's time)`}`,
    ...(summary.includes(subject) ? [] : [dim(`    ${cut(plain(subject))}`)]),
    ...(evidence.length === 0 ? [] : [dim(`    ${plain(formatEvidence(evidence))}`)]),
  ])
}

function seriesLines(run: LoadRun, { dim, red }: TextStyle): readonly string[] {
  const head = ['endpoint', 'requests', 'p50', 'p95', 'p99', 'failed'].map(dim)
  const rows = run.series.map((each) => {
    const cells = seriesCells(each)
    return [
      plain(seriesName(each)),
      ...cells.slice(0, -1),
      each.errors > 0 ? red(cells.at(-1)!) : cells.at(-1)!,
    ]
  })
  return textTable([head, ...rows], ['left', 'right', 'right', 'right', 'right', 'right'])
}

function thresholdLines({ thresholds }: LoadRun, { green, red }: TextStyle): readonly string[] {
  return textTable(
    thresholds.map(({ text, value, isMet, unit }) => [
      isMet ? green('met') : red('crossed'),
      plain(text),
      value === null ? 'not measured' : formatValue(value, unit ?? 'ms'),
    ]),
    ['left', 'left', 'right'],
  )
}

function checkLines({ checks }: LoadRun, { green, red }: TextStyle): readonly string[] {
  return textTable(
    checks.map(({ name, passed, failed }) => [
      failed === 0 ? green('passed') : red('failed'),
      plain(name),
      `${passed.toLocaleString('en-US')} of ${(passed + failed).toLocaleString('en-US')}`,
    ]),
    ['left', 'left', 'right'],
  )
}

function cut(text: string): string {
  return text.length > STATEMENT_WIDTH ? `${text.slice(0, STATEMENT_WIDTH - 3)}...` : text
}

function plain(text: string): string {
  return withoutControls(text)
}
