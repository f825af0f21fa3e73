// A plan check as markdown: the comment on a pull request, or the summary of a job.

import type { JudgedViolation, PlanCheckReport } from '../model/plan-check.ts'
import { escapeMarkup } from './escape-markup.ts'
import { formatEvidence } from './format.ts'
import { basisLine, inOrder, placeOf, verdictLine } from './plan-check-words.ts'
import { lockLine, planChanges, spanText } from './review-words.ts'

const MARKS = { ok: '✅', warn: '⚠️', fail: '❌', off: '➖' } as const
/** GitHub cuts a comment at 65,536 characters. */
const SHOWN = 10

export function planCheckMarkdown(report: PlanCheckReport): string {
  const { conditions, review, migrations, notes } = report
  const lines = [
    '## Plan check',
    '',
    `**${escapeMarkup(verdictLine(report))}**`,
    '',
    escapeMarkup(basisLine(report)),
    '',
  ]
  if (migrations.pending.length > 0)
    lines.push(
      `Planned with: ${migrations.pending.map((name) => `\`${name.replaceAll('`', '')}\``).join(', ')}`,
      '',
    )
  for (const condition of conditions) {
    if (condition.status === 'off' || condition.violations.length === 0) continue
    const shown = inOrder(condition)
    lines.push(`### ${MARKS[condition.status]} ${escapeMarkup(condition.title)} (\`${condition.id}\`)`, '')
    lines.push(...shown.slice(0, SHOWN).flatMap(violationLines))
    if (shown.length > SHOWN) lines.push(`- and ${shown.length - SHOWN} more`)
    lines.push('')
  }
  const quiet = conditions.filter(({ status, violations }) => status === 'ok' && violations.length === 0)
  if (quiet.length > 0) lines.push(`${MARKS.ok} ${quiet.map(({ id }) => `\`${id}\``).join(', ')}`, '')
  if (review.statements.length > 0) {
    lines.push('<details><summary>The new migrations, statement by statement</summary>', '')
    lines.push('| Migration | Line | What it does | Locks | Predicted |', '|---|---:|---|---|---|')
    for (const { migration, line, does, locks, work, takes } of review.statements)
      lines.push(
        `| ${escapeMarkup(migration)} | ${line} | ${escapeMarkup(does)} | ${escapeMarkup(locks.map(lockLine).join('; ') || 'none that others notice')} | ${work.length === 0 || takes === null ? '' : spanText(takes)} |`,
      )
    lines.push('', '</details>', '')
  }
  const changes = planChanges(review.plans ?? [])
  if (changes.length > 0) {
    lines.push('<details><summary>Plans that change</summary>', '')
    lines.push(
      ...changes.slice(0, SHOWN * 2).map((change) => `- ${escapeMarkup(change)}`),
      '',
      '</details>',
      '',
    )
  }
  lines.push(...notes.map((note) => `- ${escapeMarkup(note)}`))
  return `${lines.join('\n').trimEnd()}\n`
}

function violationLines(violation: JudgedViolation): string[] {
  const { summary, evidence, safer, waivedBecause } = violation
  const line = `- **${escapeMarkup(placeOf(violation))}**: ${escapeMarkup(summary)}${evidence.length === 0 ? '' : ` (${escapeMarkup(formatEvidence(evidence))})`}`
  if (waivedBecause !== null)
    return [`- ~~${escapeMarkup(placeOf(violation))}~~ waived: ${escapeMarkup(waivedBecause)}`]
  if (safer.length === 0) return [line]
  return [line, '', '  ```sql', ...safer.map((sql) => `  ${sql.replaceAll('```', '')}`), '  ```', '']
}
