// On-call for a terminal. Times are those of this machine.

import type {
  DutyWire,
  HandOffWire,
  OnCallNowWire,
  OnCallShiftWire,
  OverrideWire,
  TimeToAcknowledgeWire,
} from '../model/on-call-wire.ts'
import { formatDuration } from '../report/format.ts'
import type { paint } from './paint.ts'
import { plain } from './render-check.ts'

type Paint = ReturnType<typeof paint>

export function nowLines({ current, next, escalation }: OnCallNowWire, paints: Paint): string {
  const { bold, dim, yellow } = paints
  if (current === null) return 'Nobody: no on-call schedule is configured.\n'
  const lines: string[] = []
  if (current.gap !== null) lines.push(`${yellow('nobody')}     ${plain(current.gap)}`)
  for (const role of ['primary', 'secondary'] as const) {
    const duty = current[role]
    if (duty !== null) lines.push(`${role.padEnd(10)} ${bold(plain(duty.name))}${noteOf(duty, paints)}`)
  }
  lines.push(dim(`${plain(current.rotation)}, until ${moment(current.until)}`))
  if (next !== null) lines.push(dim(`then ${peopleOf(next)}`))
  lines.push('', ...escalation.map((level, at) => levelLine(level, at === 0, paints)))
  return `${lines.join('\n')}\n`
}

export interface Listed {
  readonly shifts: readonly OnCallShiftWire[]
  readonly overrides: readonly OverrideWire[]
  readonly timeToAcknowledge: TimeToAcknowledgeWire | null
}

export function scheduleLines({ shifts, overrides, timeToAcknowledge }: Listed, paints: Paint): string {
  const { bold, dim } = paints
  const lines = shifts.map(
    (shift) =>
      `${moment(shift.from)} to ${moment(shift.until)}  ${bold(peopleOf(shift))}${reasonsOf(shift, paints)}`,
  )
  const ahead = overrides.filter(({ isAhead }) => isAhead)
  if (ahead.length > 0) lines.push('', 'overrides', ...ahead.map((each) => `  ${overrideLine(each)}`))
  if (timeToAcknowledge !== null) lines.push('', dim(acknowledgeWords(timeToAcknowledge)))
  return `${lines.join('\n')}\n`
}

export function overrideLine({ id, personName, role, from, until, because, madeBy }: OverrideWire): string {
  const why = because === null ? '' : `: ${plain(because)}`
  return `${id}  ${plain(personName)} is ${role} from ${moment(from)} to ${moment(until)}, by ${plain(madeBy)}${why}`
}

export function handOffLines(handOff: HandOffWire, { bold, dim }: Paint): string {
  const { id, fromName, toName, note, summary, acknowledged } = handOff
  const { firing, openFindings, happened, silences } = summary
  const median =
    happened.medianToAcknowledgeMs === null
      ? ''
      : `, acknowledged after ${formatDuration(happened.medianToAcknowledgeMs)} (median)`
  const lines = [
    `${bold(id)}  ${plain(fromName ?? 'nobody')} hands over to ${bold(plain(toName))}`,
    `  ${openFindings.critical} critical and ${openFindings.warning} warnings are open`,
    `  in the shift: ${happened.opened} alerts opened, ${happened.resolved} over${median}`,
    ...firing.map(
      (alert) =>
        `  ${plain(alert.severity)}  ${plain(alert.summary)}  ${dim(alert.acknowledgedBy === null ? 'nobody has it in hand' : `${plain(alert.acknowledgedBy)} has it in hand`)}`,
    ),
    ...silences.map(({ because, until }) => `  silent until ${moment(until)}: ${plain(because)}`),
    ...(note === null ? [] : [`  ${plain(note)}`]),
    acknowledged === null
      ? dim(`  not acknowledged yet: pgsteward oncall hand-off --acknowledge ${id}`)
      : `  acknowledged by ${plain(acknowledged.by)}`,
  ]
  return `${lines.join('\n')}\n`
}

function acknowledgeWords({
  days,
  counted,
  withinAim,
  aimMs,
  medianMs,
  unanswered,
}: TimeToAcknowledgeWire): string {
  if (counted === 0) return `No critical alert waited for an answer in the last ${days} days.`
  const median = medianMs === null ? '' : `, median ${formatDuration(medianMs)}`
  const never = unanswered === 0 ? '' : `, ${unanswered} never`
  return `Critical alerts acknowledged within ${formatDuration(aimMs)} in the last ${days} days: ${withinAim} of ${counted}${median}${never}.`
}

function levelLine(
  { level, afterMs, names }: OnCallNowWire['escalation'][number],
  isFirst: boolean,
  { dim }: Paint,
): string {
  const when = isFirst ? 'at once' : `after ${formatDuration(afterMs)} more`
  return dim(
    `${level.padEnd(10)} ${when.padEnd(18)} ${names.length === 0 ? 'nobody now' : plain(names.join(', '))}`,
  )
}

function peopleOf({ gap, primary, secondary }: OnCallShiftWire): string {
  return gap === null
    ? `${plain(primary?.name ?? '')}, ${plain(secondary?.name ?? '')}`
    : `nobody: ${plain(gap)}`
}

function reasonsOf({ primary, secondary }: OnCallShiftWire, { dim }: Paint): string {
  const words = [primary, secondary]
    .filter((duty) => duty !== null && duty.because !== '')
    .map((duty) => `${plain(duty!.name)} ${plain(duty!.because)}`)
  return words.length === 0 ? '' : dim(`  ${words.join('; ')}`)
}

function noteOf({ because, isReachable }: DutyWire, { dim, yellow }: Paint): string {
  const why = because === '' ? '' : dim(`  ${plain(because)}`)
  return isReachable ? why : `${why}  ${yellow('has no channel: only the routes tell')}`
}

const SHOWN = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: '2-digit',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
})

/** Mon, 23 Nov, 09:00. */
function moment(iso: string): string {
  return SHOWN.format(new Date(iso))
}
