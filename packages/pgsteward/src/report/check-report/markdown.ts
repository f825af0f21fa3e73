// A check report as Markdown: for a pull request, a chat or a wiki.

import type { CheckReport, ReportedFinding } from '../../model/check-report.ts'
import { escapeMarkup } from '../escape-markup.ts'
import { formatEvidence } from '../format.ts'
import { withoutControls } from '../without-controls.ts'
import { headline } from './headline.ts'

export function checkReportMarkdown(report: CheckReport): string {
  const lines = [
    `# ${escapeMarkup(report.target)}`,
    '',
    `PostgreSQL ${report.server.version}, ${report.server.role}. ${headline(report)}`,
    '',
  ]
  for (const finding of report.findings) lines.push(...section(finding))
  const skipped = report.outcomes.filter(
    (outcome) => outcome.status === 'skipped' || outcome.status === 'failed',
  )
  if (skipped.length > 0) {
    lines.push(
      '## Not judged',
      '',
      ...skipped.map((each) => `- \`${each.checkId}\` ${each.status}: ${escapeMarkup(each.because ?? '')}`),
      '',
    )
  }
  return lines.join('\n')
}

function section(finding: ReportedFinding): string[] {
  const lines = [
    `## ${finding.severity}: ${escapeMarkup(finding.summary)}`,
    '',
    `\`${finding.checkId}\` on ${finding.subject.kind} ${escapeMarkup(finding.label)}: ${escapeMarkup(formatEvidence(finding.evidence))}`,
    '',
  ]
  if (finding.remedy !== undefined) {
    lines.push(...sqlBlock(finding.remedy.sql))
    lines.push(`Lock: ${finding.remedy.lock}. ${escapeMarkup(finding.remedy.caution)}`, '')
    if (finding.remedy.undo !== null) lines.push('Undo:', '', ...sqlBlock(finding.remedy.undo))
  }
  return lines
}

/** The fence is longer than any run of backticks in the SQL, which a quoted name may hold. */
function sqlBlock(statements: readonly string[]): string[] {
  const sql = statements.map((each) => `${withoutControls(each)};`)
  const longest = Math.max(2, ...[...sql.join('\n').matchAll(/`+/g)].map((match) => match[0].length))
  const fence = '`'.repeat(longest + 1)
  return [`${fence}sql`, ...sql, fence, '']
}
