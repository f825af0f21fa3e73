// Known findings for somebody who was just woken: the worst first, since when, how it is known, what happened around then, what to do.

import { SEVERITIES } from '../model/finding.ts'
import type { FindingState } from '../model/open-finding.ts'
import type { AroundEventWire, ToldFindingWire } from '../model/wire.ts'
import { formatDuration, formatEvidence, formatValue } from '../report/format.ts'
import type { Terminal } from './command.ts'
import { paint } from './paint.ts'
import { plain, severityWord } from './render-check.ts'

export interface FindingsListing {
  readonly findings: readonly ToldFindingWire[]
  readonly now: Date
  /** Of the moments that are shown. */
  readonly timeZone: string
  /** Each in full; else only the latest of a kind are. */
  readonly isVerbose: boolean
}

const SEVERITY_WORDS = {
  critical: ['critical', 'critical'],
  warning: ['warning', 'warnings'],
  info: ['note', 'notes'],
} as const
const STATE_WORDS: Readonly<Record<FindingState, string>> = {
  open: '',
  pending: ' [not for long enough yet]',
  muted: ' [muted]',
  resolved: ' [over]',
}
const INDENT = ' '.repeat(9)
const MOST_EVENTS = 6
/** Of one check: a database that stands still has dozens of slow statements, and the first tell as much. */
const IN_FULL = 2

type Screen = Pick<Terminal, 'isColoured' | 'width'>

export function renderFindings(listing: FindingsListing, screen: Screen): string {
  const { findings, now, timeZone, isVerbose } = listing
  const { bold, dim } = paint(screen.isColoured)
  const targets = new Set(findings.map((finding) => finding.targetId))
  const moment = momentWords(now, timeZone)
  const over = findings.filter((finding) => finding.state === 'resolved')
  const standing = latestFirst(findings.filter((finding) => finding.state !== 'resolved'))
  const inFull = isVerbose ? new Set(standing) : firstOfEach(standing)
  const brief = standing.filter((finding) => finding.severity !== 'info' && !inFull.has(finding)).length
  const lines = [
    `${bold(counted(standing))}${targets.size === 1 ? ` on ${plain([...targets][0]!)}` : ''}${over.length === 0 ? '' : `, ${over.length} over`}  ${dim(`${moment(now)} ${zoneName(timeZone, now)}`)}`,
    '',
    ...[...standing, ...over].flatMap((finding) =>
      findingLines(finding, {
        now,
        moment,
        isInFull: inFull.has(finding),
        isOfSeveral: targets.size > 1,
        isColoured: screen.isColoured,
        width: screen.width,
      }),
    ),
    ...(brief === 0 ? [] : [dim(`${brief} more of the same kinds in short; --verbose tells all of each.`)]),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}

/** What broke out just now before what has been so for weeks, within each severity. */
function latestFirst(findings: readonly ToldFindingWire[]): readonly ToldFindingWire[] {
  return findings.toSorted(
    (a, b) =>
      SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
      b.firstSeenAt.localeCompare(a.firstSeenAt),
  )
}

function firstOfEach(findings: readonly ToldFindingWire[]): ReadonlySet<ToldFindingWire> {
  const groups = Map.groupBy(findings, ({ checkId, severity }) => `${checkId} ${severity}`)
  return new Set([...groups.values()].flatMap((group) => group.slice(0, IN_FULL)))
}

function counted(findings: readonly ToldFindingWire[]): string {
  const parts = (['critical', 'warning', 'info'] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length
    return count === 0 ? [] : [`${count} ${SEVERITY_WORDS[severity][count === 1 ? 0 : 1]}`]
  })
  return parts.length === 0 ? 'Nothing open' : parts.join(', ')
}

interface Telling extends Screen {
  readonly now: Date
  readonly moment: (at: Date) => string
  readonly isInFull: boolean
  readonly isOfSeveral: boolean
}

function findingLines(finding: ToldFindingWire, telling: Telling): readonly string[] {
  const { isColoured, width, isInFull, isOfSeveral } = telling
  const { bold, dim, green } = paint(isColoured)
  const inset = (text: string) => wrapped(plain(text), width - INDENT.length).map((line) => INDENT + line)
  const heading = (text: string) => `${INDENT}${dim(text)}`
  const target = isOfSeveral ? ` ${dim(`on ${plain(finding.targetId)}`)}` : ''
  const head = [
    `${severityWord(finding.severity, isColoured)} ${bold(plain(finding.summary))}${STATE_WORDS[finding.state]}${target}`,
    `${INDENT}${sinceWords(finding, telling)}`,
  ]
  // a note is read in the morning; what is over needs nobody
  if (finding.severity === 'info' || finding.state === 'resolved' || !isInFull)
    return [...head, ...inset(formatEvidence(finding.evidence)).slice(0, 2), heading(plain(finding.key)), '']
  const happened = finding.events.filter((event) => event.kind !== 'finding').slice(-MOST_EVENTS)
  return [
    ...head,
    ...evidenceLines(finding, width),
    ...(finding.events.length === 0 ? [] : [heading('around that time')]),
    ...happened.flatMap((event) => eventLines(event, finding, telling)),
    ...togetherLines(finding, telling),
    ...(finding.remedy === undefined && finding.fix === null ? [] : [heading('what to do')]),
    ...(finding.remedy?.sql ?? []).map((sql) => `${INDENT}  ${green(`${plain(sql)};`)}`),
    ...(finding.remedy === undefined
      ? []
      : inset(`Lock: ${finding.remedy.lock}. ${finding.remedy.caution}`).map((line) => `  ${line}`)),
    ...(finding.remedy !== undefined || finding.fix === null
      ? []
      : wrapped(plain(finding.fix), width - INDENT.length - 2).map((line) => `${INDENT}  ${line}`)),
    heading(`${finding.checkId}  ${plain(finding.key)}`),
    '',
  ]
}

function sinceWords(finding: ToldFindingWire, { now, moment }: Telling): string {
  const began = new Date(finding.firstSeenAt)
  if (finding.resolvedAt !== null) {
    const ended = new Date(finding.resolvedAt)
    return `from ${moment(began)} to ${moment(ended)}, ${formatDuration(ended.getTime() - began.getTime())}`
  }
  const lasts = now.getTime() - began.getTime()
  return `since ${moment(began)}, for ${formatDuration(Math.max(lasts, 0))}`
}

/** One line each, values in a column; the statement last, since it is long. */
function evidenceLines(finding: ToldFindingWire, width: number): readonly string[] {
  const labelWidth = Math.min(40, Math.max(0, ...finding.evidence.map(({ label }) => label.length)))
  return finding.evidence.flatMap(({ label, value, unit }) => {
    const room = Math.max(20, width - INDENT.length - labelWidth - 4)
    const [first = '', ...rest] = wrapped(plain(formatValue(value, unit)), room)
    return [
      `${INDENT}  ${plain(label).padEnd(labelWidth)}  ${first}`,
      ...rest.slice(0, 3).map((line) => `${INDENT}  ${' '.repeat(labelWidth)}  ${line}`),
    ]
  })
}

function eventLines(event: AroundEventWire, finding: ToldFindingWire, telling: Telling): readonly string[] {
  const at = new Date(event.at)
  const apart = new Date(finding.firstSeenAt).getTime() - at.getTime()
  const distance =
    Math.abs(apart) < 1000
      ? 'at once'
      : `${formatDuration(Math.round(Math.abs(apart) / 1000) * 1000)} ${apart > 0 ? 'before' : 'after'}`
  const [subject, detail] = [plain(event.subject), plain(event.detail)]
  const what = subject === '' ? detail : `${subject}: ${detail}`
  const start = `${INDENT}  ${telling.moment(at)}  ${distance.padEnd(16)} ${event.kind.padEnd(10)}  `
  const [first = '', ...rest] = wrapped(what, Math.max(30, telling.width - start.length))
  return [start + first, ...rest.map((line) => ' '.repeat(start.length) + line)]
}

/** By check, in one line: what they say stands in the list itself. */
function togetherLines(finding: ToldFindingWire, { width }: Telling): readonly string[] {
  const others = finding.events.filter((event) => event.kind === 'finding')
  if (others.length === 0) return []
  const checks = [...Map.groupBy(others, ({ subject }) => subject)].map(([checkId, group]) =>
    group.length === 1 ? checkId : `${checkId} (${group.length})`,
  )
  const text = `${others.length === 1 ? 'another finding came' : 'other findings came'} with it: ${checks.join(', ')}`
  return wrapped(plain(text), width - INDENT.length - 2).map((line) => `${INDENT}  ${line}`)
}

/** The time of day alone for what happened within a day. */
function momentWords(now: Date, timeZone: string): (at: Date) => string {
  const parts = (at: Date) => at.toLocaleString('sv-SE', { timeZone })
  return (at) => {
    const text = parts(at)
    const isNear = Math.abs(now.getTime() - at.getTime()) < 12 * 3_600_000
    return isNear && at.getTime() !== now.getTime() ? text.slice(11) : text
  }
}

function zoneName(timeZone: string, at: Date): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'short' }).formatToParts(at)
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? timeZone
}

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.replace(/\s+/g, ' ').trim().split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
