// A review of migrations for people in a terminal: what is dangerous first, then every statement in a line or two.

import type { Severity } from '../model/finding.ts'
import type { ReviewedStatement, ReviewFinding, ReviewReport } from '../model/review.ts'
import { formatBytes, formatEvidence } from '../report/format.ts'
import { headlineOf, lockLine, planChanges, spanText } from '../report/review-words.ts'
import { withoutControls } from '../report/without-controls.ts'
import type { Terminal } from './command.ts'
import { paint } from './paint.ts'

const SHOWN_PLANS = 10

export function renderReview(report: ReviewReport, terminal: Pick<Terminal, 'isColoured'>): string {
  const { bold, dim } = paint(terminal.isColoured)
  const { findings, statements, plans } = report
  const several = report.migrations.length > 1
  const lines = [bold(plain(headlineOf(report))), dim(plain(sourceLine(report))), '']
  for (const finding of findings) lines.push(...findingLines(finding, several, terminal), '')
  if (statements.length > 0) lines.push(bold('Statement by statement'))
  let migration = ''
  for (const statement of statements) {
    if (several && statement.migration !== migration) lines.push(`${plain(statement.migration)}`)
    migration = statement.migration
    lines.push(...statementLines(statement, terminal))
  }
  const changes = planChanges(plans ?? [])
  if (changes.length > 0) lines.push('', bold('Plans that change'))
  lines.push(...changes.slice(0, SHOWN_PLANS).map((change) => `  ${plain(change)}`))
  if (changes.length > SHOWN_PLANS)
    lines.push(dim(`  and ${changes.length - SHOWN_PLANS} more; --json has them all`))
  if (report.notes.length > 0) lines.push('', ...report.notes.map((note) => dim(plain(note))))
  return `${lines.join('\n').trimEnd()}\n`
}

function sourceLine({ target, sizesAt, planner, runner }: ReviewReport): string {
  const transactions = runner === 'psql' ? 'each statement commits by itself' : `as ${runner} runs it`
  if (target === null || planner === null)
    return `By PostgreSQL's manual; sizes are not known; ${transactions}.`
  const host = planner.kind === 'pglite' ? ', PGlite' : ''
  return `Sizes of ${target} at ${sizesAt}; seen on a twin (PostgreSQL ${Math.floor(planner.versionNum / 10_000)}${host}); ${transactions}.`
}

function findingLines(
  finding: ReviewFinding,
  several: boolean,
  { isColoured }: Pick<Terminal, 'isColoured'>,
): string[] {
  const { bold, dim, green } = paint(isColoured)
  const { severity, rule, subject, summary, evidence, safer, line, migration } = finding
  const where = line === null ? '' : several ? `${migration}:${line}` : `line ${line}`
  return [
    `${coloured(severity, isColoured)}  ${bold(plain(subject))}  ${dim(plain([rule, where].filter(Boolean).join(', ')))}`,
    `  ${plain(summary)}`,
    ...(evidence.length === 0 ? [] : [`  ${dim(plain(formatEvidence(evidence)))}`]),
    ...(safer.length === 0
      ? []
      : ['  safer:', ...safer.map((sql) => `    ${green(plain(withSemicolon(sql)))}`)]),
  ]
}

/** Before a comment at the end. */
export function withSemicolon(sql: string): string {
  if (sql.startsWith('--')) return sql
  const at = sql.indexOf(' -- ')
  return at < 0 ? `${sql};` : `${sql.slice(0, at)};${sql.slice(at)}`
}

function statementLines(
  statement: ReviewedStatement,
  { isColoured }: Pick<Terminal, 'isColoured'>,
): string[] {
  const { dim, red } = paint(isColoured)
  const { line, does, locks, work, takes, error, transaction } = statement
  const sizes = work.flatMap(({ table, sizeBytes }) =>
    sizeBytes === null ? [] : [`${table} ${formatBytes(sizeBytes)}`],
  )
  const facts = [
    ...locks.map(lockLine),
    ...work.map(({ kind, table }) => `${kind.replace('-', ' ')} of ${table}`),
    ...(work.length === 0 || takes === null
      ? []
      : [`${spanText(takes)}${sizes.length === 0 ? '' : ` (${sizes.join(', ')})`}`]),
    ...(transaction === 'shared' && locks.some(({ blocks }) => blocks !== 'nothing')
      ? ['held to the end of the transaction']
      : []),
  ]
  return [
    `  ${String(line).padStart(3)}  ${plain(does)}`,
    ...(facts.length === 0 ? [] : [dim(`       ${plain(facts.join('; '))}`)]),
    ...(error === null ? [] : [red(`       refused: ${plain(error)}`)]),
  ]
}

function coloured(severity: Severity, isColoured: boolean): string {
  const { red, yellow, cyan } = paint(isColoured)
  return { critical: red, warning: yellow, info: cyan }[severity](severity.padEnd(8))
}

function plain(text: string): string {
  return withoutControls(text)
}
