// A review of migrations as markdown: for the comment on a pull request, or the summary of a job.

import type { ReviewFinding, ReviewReport } from '../model/review.ts'
import { escapeMarkup } from './escape-markup.ts'
import { formatEvidence } from './format.ts'
import { headlineOf, lockLine, planChanges, spanText } from './review-words.ts'

const MARKS = { critical: '🔴', warning: '🟡', info: '🔵' } as const
const SHOWN_PLANS = 20

export function reviewMarkdown(report: ReviewReport): string {
  const { findings, statements, plans, notes } = report
  const lines = ['## Migration review', '', headlineOf(report), '']
  for (const finding of findings) lines.push(...findingMarkdown(finding), '')
  if (statements.length > 0) {
    lines.push('<details><summary>Statement by statement</summary>', '')
    lines.push('| Migration | Line | What it does | Locks | Predicted |', '|---|---:|---|---|---|')
    for (const { migration, line, does, locks, work, takes, error } of statements)
      lines.push(
        `| ${escapeMarkup(migration)} | ${line} | ${escapeMarkup(error === null ? does : `${does}: refused, ${error}`)} | ${escapeMarkup(locks.map(lockLine).join('; ') || 'none that others notice')} | ${work.length === 0 || takes === null ? '' : spanText(takes)} |`,
      )
    lines.push('', '</details>', '')
  }
  const changes = planChanges(plans ?? [])
  if (changes.length > 0) {
    lines.push('<details><summary>Plans that change</summary>', '')
    lines.push(...changes.slice(0, SHOWN_PLANS).map((change) => `- ${escapeMarkup(change)}`))
    if (changes.length > SHOWN_PLANS) lines.push(`- and ${changes.length - SHOWN_PLANS} more`)
    lines.push('', '</details>', '')
  }
  lines.push(...notes.map((note) => `- ${escapeMarkup(note)}`))
  return `${lines.join('\n').trimEnd()}\n`
}

function findingMarkdown({
  severity,
  rule,
  subject,
  summary,
  evidence,
  safer,
  migration,
  line,
}: ReviewFinding): string[] {
  const where =
    migration === null ? '' : ` in ${escapeMarkup(migration)}${line === null ? '' : ` line ${line}`}`
  return [
    `${MARKS[severity]} **${severity}** \`${rule}\` ${escapeMarkup(subject)}${where}: ${escapeMarkup(summary)}`,
    ...(evidence.length === 0 ? [] : ['', escapeMarkup(formatEvidence(evidence))]),
    ...(safer.length === 0
      ? []
      : ['', 'Safer:', '', '```sql', ...safer.map((sql) => sql.replaceAll('```', '')), '```']),
  ]
}
