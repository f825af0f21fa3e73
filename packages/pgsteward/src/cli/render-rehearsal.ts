// Rehearsals for a terminal: the list, and the report with planned and actual times.

import type { RehearsalDetailWire, RehearsalWire, RehearsedStepWire } from '../model/rehearsal-wire.ts'
import { formatDuration } from '../report/format.ts'
import type { paint } from './paint.ts'
import { plain } from './render-check.ts'
import { shownMoment } from './shown-moment.ts'

type Paint = ReturnType<typeof paint>

export function rehearsalListLines(rehearsals: readonly RehearsalWire[], paints: Paint): string {
  if (rehearsals.length === 0) return 'Nothing was rehearsed yet: pgsteward rehearsal run\n'
  return rehearsals.map((rehearsal) => `${headOf(rehearsal, paints)}\n`).join('')
}

function headOf(
  { name, title, release, state, verdict, startedAt, startedBy }: RehearsalWire,
  paints: Paint,
): string {
  const { bold, dim, green, red, yellow } = paints
  const word =
    verdict === null
      ? yellow(state)
      : verdict === 'passed' || verdict === 'rolled back'
        ? green(verdict)
        : red(verdict)
  return `${bold(name)}  ${word}  ${plain(title)}${release === '' ? '' : ` ${plain(release)}`}  ${dim(`${shownMoment(startedAt)}, by ${plain(startedBy)}`)}`
}

export function rehearsalLines(rehearsal: RehearsalDetailWire, paints: Paint): string {
  const { steps, verdictWords, rollbackBecause, expectedMs, tookMs, next } = rehearsal
  const { bold, dim } = paints
  const lines = [headOf(rehearsal, paints)]
  if (verdictWords !== '') lines.push(`  ${plain(verdictWords)}`)
  else if (rollbackBecause !== null) lines.push(`  Rolling back: ${plain(rollbackBecause)}.`)
  let section = ''
  for (const step of steps) {
    if (step.section !== section) lines.push('', bold(step.section))
    section = step.section
    lines.push(stepLine(step, step.number === next, paints))
  }
  const isTimed = steps.some((step) => step.tookMs !== null && step.expectedMs !== null)
  lines.push(
    '',
    dim(
      isTimed
        ? `${formatDuration(tookMs)} of ${formatDuration(expectedMs)} planned, of the steps that have both.`
        : 'No step was timed yet.',
    ),
  )
  return `${lines.join('\n')}\n`
}

export function stepLine(
  step: RehearsedStepWire,
  isNext: boolean,
  { bold, dim, red, yellow }: Paint,
): string {
  const { number, title, owner, state, expectedMs, tookMs, isSlow, note } = step
  const planned = expectedMs === null ? '' : ` of ${formatDuration(expectedMs)}`
  const took =
    tookMs === null
      ? expectedMs === null
        ? ''
        : dim(`(${formatDuration(expectedMs)} planned)`)
      : `${formatDuration(tookMs)}${planned}`
  const word =
    state === 'failed' ? red(state) : isNext ? bold(state === 'running' ? 'under way' : 'next') : state
  const text = `  ${String(number).padStart(2)}. ${plain(title)}${owner === null ? '' : dim(` (${plain(owner)})`)}  ${word}  ${isSlow ? yellow(took) : took}`
  return note === '' ? text.trimEnd() : `${text}\n      ${plain(note)}`
}
