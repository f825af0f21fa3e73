// A check report for people in a terminal.

import type { CheckReport, ReportedFinding } from '../model/check-report.ts'
import type { Severity } from '../model/finding.ts'
import { headline } from '../report/check-report/headline.ts'
import { formatDuration, formatEvidence } from '../report/format.ts'
import { withoutControls } from '../report/without-controls.ts'
import type { Terminal } from './command.ts'
import { paint } from './paint.ts'

export function renderCheck(
  report: CheckReport,
  terminal: Pick<Terminal, 'isColoured'>,
  verbose: boolean,
): string {
  const { bold, dim } = paint(terminal.isColoured)
  const watched =
    report.watchedSeconds > 0 ? `, watched for ${formatDuration(report.watchedSeconds * 1000)}` : ''
  const lines = [
    `${bold(plain(report.target))}  ${dim(`PostgreSQL ${report.server.version}, ${report.server.role}, as ${plain(report.server.user)}${watched}`)}`,
    headline(report),
    '',
    ...report.findings.flatMap((finding) => findingLines(finding, terminal, verbose)),
  ]
  const silent = report.outcomes.filter((outcome) => outcome.status === 'skipped')
  const failed = report.outcomes.filter((outcome) => outcome.status === 'failed')
  for (const each of failed) lines.push(`${dim('failed')}   ${each.checkId}: ${plain(each.because ?? '')}`)
  if (verbose)
    for (const each of silent) lines.push(dim(`skipped  ${each.checkId}: ${plain(each.because ?? '')}`))
  else if (silent.length > 0) lines.push(dim(`${silent.length} checks were skipped; --verbose says why.`))
  return `${lines.join('\n').trimEnd()}\n`
}

export function severityWord(severity: Severity, isColoured: boolean): string {
  const { red, yellow, cyan, bold } = paint(isColoured)
  const style = { critical: (text: string) => red(bold(text)), warning: yellow, info: cyan }[severity]
  return style(severity.padEnd(8))
}

function findingLines(
  finding: ReportedFinding,
  { isColoured }: Pick<Terminal, 'isColoured'>,
  verbose: boolean,
): string[] {
  const { bold, dim, green } = paint(isColoured)
  const indent = ' '.repeat(9)
  const lines = [
    `${severityWord(finding.severity, isColoured)} ${bold(plain(finding.summary))}  ${dim(finding.checkId)}`,
    `${indent}${plain(formatEvidence(finding.evidence))}`,
  ]
  if (finding.remedy !== undefined) {
    for (const sql of finding.remedy.sql)
      lines.push(...statementLines(sql, indent).map((line) => green(line)))
    lines.push(`${indent}${dim(`Lock: ${finding.remedy.lock}. ${plain(finding.remedy.caution)}`)}`)
    if (verbose)
      for (const sql of finding.remedy.undo ?? []) lines.push(`${indent}${dim(`undo: ${plain(sql)};`)}`)
  }
  return [...lines, '']
}

/** One that is several, sent as one, stays in its column. */
export function statementLines(sql: string, indent: string): readonly string[] {
  return `${plain(sql)};`.split('\n').map((line) => `${indent}${line}`)
}

/** Names come from the target: an escape sequence in one must not move the reader's cursor. */
export function plain(text: string): string {
  return withoutControls(text)
}
