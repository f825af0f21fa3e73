// Maintenance for a terminal: what waits, with its statements as they would run; one job with its attempts.

import type {
  JobRunWire,
  MaintenanceJobDetailWire,
  MaintenanceJobWire,
  MaintenanceWire,
} from '../model/maintenance-wire.ts'
import { formatBytes, formatDuration } from '../report/format.ts'
import type { paint } from './paint.ts'
import { plain, statementLines } from './render-check.ts'

type Paint = ReturnType<typeof paint>

export function maintenanceLines(
  { targetId, isMaintained, window, jobs, planned }: MaintenanceWire,
  paints: Paint,
): string {
  const { bold, dim } = paints
  const lines = [bold(plain(targetId))]
  if (!isMaintained) {
    lines.push(dim('  Only ever read: its configuration names no role for maintenance.'))
    return `${lines.join('\n')}\n`
  }
  lines.push(dim(`  ${windowWords(window)}`))
  if (jobs.length === 0 && planned.length === 0) lines.push('  Nothing is to be done.')
  for (const job of jobs) lines.push('', ...jobHead(job, paints))
  for (const draft of planned)
    lines.push(
      '',
      `  ${bold('next')}  ${plain(draft.because)}  ${dim(draft.decidedByRule ? 'needs nobody' : 'will wait for a decision')}`,
      ...stepLines(draft, -1, paints),
    )
  return `${lines.join('\n')}\n`
}

export function jobLines(job: MaintenanceJobDetailWire, paints: Paint): string {
  const { dim } = paints
  const lines = [...jobHead(job, paints), dim(`    lock: ${job.lock}. ${plain(job.caution)}`)]
  if (job.undo !== null) lines.push(...job.undo.map((sql) => dim(`    undo: ${plain(sql)}`)))
  for (const run of job.runs) lines.push('', ...runLines(run, paints))
  return `${lines.join('\n')}\n`
}

function windowWords(window: MaintenanceWire['window']): string {
  if (window.isOpen) return `The window is open until ${window.until}.`
  const next =
    window.opensAt === null ? 'None opens within a fortnight' : `The next opens at ${window.opensAt}`
  return `Waits: ${plain(window.because)}. ${next}.`
}

function jobHead(job: MaintenanceJobWire, paints: Paint): readonly string[] {
  const { bold, dim } = paints
  const decided = job.decidedBy === null ? '' : `, decided by ${plain(job.decidedBy)}`
  const head = `  ${bold(job.id)}  ${stateWord(job, paints)}  ${plain(job.because)}  ${dim(`${plain(job.origin.key)}${decided}`)}`
  const again = job.notBefore === null ? '' : `, tried again from ${job.notBefore}`
  return [
    head,
    ...(job.last === null || job.state === 'done'
      ? []
      : [`    ${job.last.outcome}: ${plain(job.last.because)}${dim(`${again} (${job.attempts} tries)`)}`]),
    ...(job.progress === null ? [] : [`    ${plain(job.progress)}`]),
    ...stepLines(job, job.nextStep, paints),
  ]
}

function stepLines(
  { steps }: Pick<MaintenanceJobWire, 'steps'>,
  nextStep: number,
  { dim, green }: Paint,
): readonly string[] {
  return steps.map(
    ({ sql }, at) =>
      `    ${at < nextStep ? green('done ') : dim('     ')}${statementLines(sql, ' '.repeat(9)).join('\n').trimStart()}`,
  )
}

function stateWord({ state }: MaintenanceJobWire, { green, red, yellow, dim }: Paint): string {
  switch (state) {
    case 'proposed':
      return yellow('waits for a decision')
    case 'approved':
      return green('approved')
    case 'running':
      return green('running')
    case 'done':
      return green('done')
    case 'failed':
      return red('failed')
    case 'rejected':
      return dim('rejected')
  }
}

function runLines(run: JobRunWire, { bold, dim }: Paint): readonly string[] {
  const took = run.tookMs === null ? '' : ` in ${formatDuration(run.tookMs)}`
  const changed =
    run.after === null
      ? ''
      : `  ${formatBytes(run.before.sizeBytes)} -> ${formatBytes(run.after.sizeBytes)}${rowsWords(run)}`
  return [
    `  ${bold(run.startedAt)}  statement ${run.step + 1}: ${run.outcome ?? 'under way'}${took}${changed}`,
    ...(run.because === null ? [] : [`    ${plain(run.because)}`]),
    ...run.cleaned.map((name) => `    dropped what an interrupted build left: ${plain(name)}`),
    ...run.notices.map((notice) => dim(`    ${plain(notice)}`)),
  ]
}

function rowsWords({ before, after }: JobRunWire): string {
  if (after === null || after.rows === null) return ''
  const dead =
    before.deadRows === null || before.deadRows === after.deadRows
      ? ''
      : `, dead rows ${before.deadRows} -> ${after.deadRows ?? 0}`
  return `, ${after.rows} rows${dead}`
}
