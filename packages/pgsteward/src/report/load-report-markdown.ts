// A load run as Markdown: for the summary of a job, a wiki or a chat.

import type { Cause } from '../model/comparison.ts'
import type { LoadRun } from '../model/load-run.ts'
import { codeCell, codeSpan } from './code-span.ts'
import { escapeMarkup } from './escape-markup.ts'
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

const STATEMENTS = 10
const STATEMENT_WIDTH = 200

export function loadReportMarkdown(run: LoadRun, bottlenecks: readonly Cause[]): string {
  const { invalid, thresholds, checks, scenario } = run
  const mark = invalid.length > 0 ? '🚫' : thresholds.some(({ isMet }) => !isMet) ? '❌' : '✅'
  const lines = [
    `## ${mark} Load run: ${codeSpan(scenario.id)}`,
    '',
    `**${escapeMarkup(validityLine(run))}**`,
    '',
    `${escapeMarkup(totalsLine(run))}.`,
    '',
    ...invalid.map(({ reason, detail }) => `- ${codeSpan(reason)} ${escapeMarkup(detail)}`),
    ...(invalid.length > 0 ? [''] : []),
  ]
  if (bottlenecks.length > 0) lines.push('**Bottleneck**', '', ...bottlenecks.flatMap(causeLines), '')
  lines.push(
    '| Endpoint | Requests | p50 | p95 | p99 | Failed |',
    '|---|---:|---:|---:|---:|---:|',
    ...run.series.map((each) => `| ${codeCell(seriesName(each))} | ${seriesCells(each).join(' | ')} |`),
    '',
  )
  const kinds = errorKindsLine(run)
  if (kinds !== null) lines.push(escapeMarkup(kinds), '')
  if (thresholds.length > 0)
    lines.push(
      '| Threshold | Measured | |',
      '|---|---:|---|',
      ...thresholds.map(
        ({ text, value, isMet, unit }) =>
          `| ${codeCell(text)} | ${value === null ? 'not measured' : formatValue(value, unit ?? 'ms')} | ${isMet ? '✅ met' : '❌ crossed'} |`,
      ),
      '',
    )
  if (checks.length > 0)
    lines.push(
      '| Check | Passed | Failed |',
      '|---|---:|---:|',
      ...checks.map(
        ({ name, passed, failed }) =>
          `| ${codeCell(name)} | ${passed.toLocaleString('en-US')} | ${failed.toLocaleString('en-US')} |`,
      ),
      '',
    )
  lines.push(...databasePart(run))
  lines.push('**What now**', '', ...loadNextSteps(run).map((step) => `- ${escapeMarkup(step)}`), '')
  lines.push(`<sub>${escapeMarkup(subjectLine(run))}</sub>`)
  return `${lines.join('\n')}\n`
}

function causeLines({ kind, summary, subject, evidence, share }: Cause): string[] {
  const part = share === null ? '' : ` (${formatValue(share, 'ratio')} of a request's time)`
  return [
    `- **${kind}**: ${escapeMarkup(summary)}${part}`,
    ...(summary.includes(subject) ? [] : [`  - ${codeSpan(cut(subject))}`]),
    ...(evidence.length === 0 ? [] : [`  - ${escapeMarkup(formatEvidence(evidence))}`]),
  ]
}

function databasePart(run: LoadRun): string[] {
  if (run.database === null) return []
  const statements = statementCells(run, STATEMENTS)
  return [
    '<details><summary>What the database said</summary>',
    '',
    ...databaseLines(run).map((line) => `- ${escapeMarkup(line)}`),
    '',
    ...(statements.length === 0
      ? []
      : [
          '| Time | Calls | Mean | Statement |',
          '|---:|---:|---:|---|',
          ...statements.map(
            ([time, calls, mean, text]) => `| ${time} | ${calls} | ${mean} | ${codeCell(cut(text!))} |`,
          ),
          '',
        ]),
    '</details>',
    '',
  ]
}

function cut(text: string): string {
  return text.length > STATEMENT_WIDTH ? `${text.slice(0, STATEMENT_WIDTH)}...` : text
}
