// Maintenance at once for a terminal: what would be done with every statement, and what came of it.

import type { MaintenancePlan, MaintenanceRun, StepRunAtOnce } from '../model/maintenance-at-once.ts'
import { formatBytes, formatDuration } from '../report/format.ts'
import type { paint } from './paint.ts'
import { plain, statementLines } from './render-check.ts'

type Paint = ReturnType<typeof paint>

export function planAtOnceLines(plan: MaintenancePlan, paints: Paint): string {
  const { bold, dim, green } = paints
  const lines = [bold(plain(plan.target))]
  if (plan.jobs.length === 0) lines.push('  Nothing is to be done.')
  for (const { because, steps, undo, lock, caution, isChosen, chosenBecause } of plan.jobs) {
    lines.push(
      '',
      `  ${isChosen ? green('would run') : dim('would not run')}  ${plain(because)}`,
      ...steps.flatMap(({ sql }) => statementLines(sql, '    ')),
      dim(`    ${isChosen ? 'because' : 'unless'}: ${plain(chosenBecause)}`),
      dim(`    lock: ${lock}. ${plain(caution)}`),
      ...(undo ?? []).map((sql) => dim(`    undo: ${plain(sql)};`)),
    )
  }
  lines.push(...peopleLines(plan, paints))
  return `${lines.join('\n')}\n`
}

export function runAtOnceLines(run: MaintenanceRun, paints: Paint): string {
  const { bold, dim } = paints
  const lines = [bold(plain(run.target))]
  for (const step of run.recovered)
    lines.push('  An earlier run was interrupted:', ...stepLines(step, paints))
  if (run.runs.length === 0) lines.push('  Nothing was to be done.')
  for (const { steps } of run.runs) for (const step of steps) lines.push(...stepLines(step, paints))
  const left = run.jobs.filter(({ isChosen }) => !isChosen)
  if (left.length > 0) lines.push('', '  Not chosen:')
  for (const { because, chosenBecause } of left)
    lines.push(`    ${plain(because)} ${dim(`(${plain(chosenBecause)})`)}`)
  lines.push(...peopleLines(run, paints), '', dim(`  Kept in ${plain(run.journal)}`))
  return `${lines.join('\n')}\n`
}

function peopleLines({ forPeople }: MaintenancePlan, { dim }: Paint): readonly string[] {
  if (forPeople.length === 0) return []
  return [
    '',
    '  For people:',
    ...forPeople.flatMap(({ summary, because }) => [
      `    ${plain(summary)}.`,
      dim(`      ${plain(because)}`),
    ]),
  ]
}

function stepLines(step: StepRunAtOnce, { green, yellow, red, dim }: Paint): readonly string[] {
  const { sql, outcome, because, tookMs, before, after, notices, cleaned } = step
  const colour = outcome === 'done' ? green : outcome === 'failed' ? red : yellow
  const sizes =
    before === null || after === null || before.sizeBytes === after.sizeBytes
      ? ''
      : `, ${formatBytes(before.sizeBytes)} -> ${formatBytes(after.sizeBytes)}`
  return [
    '',
    `  ${colour(outcome)}  ${plain(sql).replaceAll('\n', '\n  ')} ${dim(`(${formatDuration(tookMs)}${sizes})`)}`,
    `    ${plain(because)}`,
    ...cleaned.map((name) => `    dropped what an interrupted build left: ${plain(name)}`),
    ...notices.map((notice) => dim(`    ${plain(notice)}`)),
  ]
}
