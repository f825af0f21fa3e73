// A plan check for people in a terminal: the verdict, then what broke a condition, then what was met.

import type { JudgedCondition, JudgedViolation, PlanCheckReport } from '../model/plan-check.ts'
import { formatEvidence } from '../report/format.ts'
import { basisLine, inOrder, placeOf, verdictLine } from '../report/plan-check-words.ts'
import { planChanges } from '../report/review-words.ts'
import { withoutControls } from '../report/without-controls.ts'
import type { Terminal } from './command.ts'
import { paint } from './paint.ts'
import { withSemicolon } from './render-review.ts'

const SHOWN = 10

export function renderPlanCheck(report: PlanCheckReport, terminal: Pick<Terminal, 'isColoured'>): string {
  const { bold, dim, red, green } = paint(terminal.isColoured)
  const { conditions, migrations, review, notes, verdict } = report
  const lines = [
    (verdict === 'fail' ? red : green)(bold(plain(verdictLine(report)))),
    dim(plain(basisLine(report))),
    ...migrations.pending.map((name) => dim(plain(`  new: ${name}`))),
    '',
  ]
  for (const condition of conditions)
    if (condition.violations.length > 0) lines.push(...conditionLines(condition, terminal), '')
  const met = conditions.filter(({ status, violations }) => status === 'ok' && violations.length === 0)
  if (met.length > 0) lines.push(dim(`met: ${met.map(({ id }) => id).join(', ')}`))
  const off = conditions.filter(({ status }) => status === 'off')
  if (off.length > 0) lines.push(dim(`off: ${off.map(({ id }) => id).join(', ')}`))
  const changes = planChanges(review.plans ?? [])
  if (changes.length > 0) lines.push('', bold('Plans that change'))
  lines.push(...changes.slice(0, SHOWN).map((change) => `  ${plain(change)}`))
  if (changes.length > SHOWN) lines.push(dim(`  and ${changes.length - SHOWN} more; --json has them all`))
  if (notes.length > 0) lines.push('', ...notes.map((note) => dim(plain(note))))
  return `${lines.join('\n').trimEnd()}\n`
}

function conditionLines(condition: JudgedCondition, terminal: Pick<Terminal, 'isColoured'>): string[] {
  const { bold, dim, red, yellow, green } = paint(terminal.isColoured)
  const { id, title, status } = condition
  const word = { fail: red('fail'), warn: yellow('warn'), ok: green('ok  '), off: dim('off ') }[status]
  const violations = inOrder(condition)
  const lines = [`${word}  ${bold(title)}  ${dim(id)}`]
  for (const violation of violations.slice(0, SHOWN)) lines.push(...violationLines(violation, terminal))
  if (violations.length > SHOWN)
    lines.push(dim(`      and ${violations.length - SHOWN} more; --json has them all`))
  return lines
}

function violationLines(violation: JudgedViolation, { isColoured }: Pick<Terminal, 'isColoured'>): string[] {
  const { dim, green } = paint(isColoured)
  const { summary, evidence, safer, waivedBecause } = violation
  if (waivedBecause !== null) return [dim(plain(`      ${placeOf(violation)}: waived, ${waivedBecause}`))]
  return [
    `      ${plain(`${placeOf(violation)}: ${summary}`)}`,
    ...(evidence.length === 0 ? [] : [dim(`        ${plain(formatEvidence(evidence))}`)]),
    ...safer.map((sql) => `        ${green(plain(withSemicolon(sql)))}`),
  ]
}

function plain(text: string): string {
  return withoutControls(text)
}
