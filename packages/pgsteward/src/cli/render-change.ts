// Changes and meetings for a terminal.

import type { ChangeDetailWire, ChangeWire, MeetingDetailWire, MeetingWire } from '../model/change-wire.ts'
import type { ActionItemWire, ToldEntryWire } from '../model/record-wire.ts'
import type { paint } from './paint.ts'
import { plain } from './render-check.ts'
import { shownMoment } from './shown-moment.ts'

type Paint = ReturnType<typeof paint>

/** Closed ones only where `isAll`. */
export function changeListLines(all: readonly ChangeWire[], isAll: boolean, paints: Paint): string {
  const changes = all.filter(({ state }) => isAll || state !== 'closed')
  if (all.length === 0)
    return 'No change was asked for yet: pgsteward change template > change.md, then change open --file change.md\n'
  if (changes.length === 0)
    return `No change is open; --all shows ${all.length === 1 ? 'the one that is' : `the ${all.length} that are`} closed.\n`
  return changes.map((change) => `${headOf(change, paints)}\n`).join('')
}

function headOf(
  { name, state, title, risk, requestedBy, closedAs }: ChangeWire,
  { bold, dim }: Paint,
): string {
  return `${bold(name)}  ${closedAs ?? state}  ${plain(title)}  ${dim(`${risk} risk, by ${plain(requestedBy)}`)}`
}

export function changeLines(change: ChangeDetailWire, paints: Paint): string {
  const { wished, findings, jobs, migrations, tally, decision, meetings } = change
  const { dim } = paints
  const lines = [
    headOf(change, paints),
    ...(change.targetId === null ? [] : [`  target: ${plain(change.targetId)}`]),
    ...(wished === null ? [] : [`  wished: ${shownMoment(wished.from)} to ${shownMoment(wished.until)}`]),
    ...findings.map((key) => `  finding: ${plain(key)}`),
    ...jobs.map((id) => `  maintenance job: ${plain(id)}`),
    ...migrations.map((path) => `  migration: ${plain(path)}`),
    ...meetings.map((name) => `  on the agenda of ${name}`),
    `  votes: ${tally.words}`,
    ...tally.uncounted.map(({ because }) => dim(`  not counted: ${plain(because)}`)),
    ...(decision === null
      ? []
      : [`  ${decision.decision} by ${plain(decision.by)}: ${plain(decision.reason)}`]),
    ...change.applied
      .filter(({ isUndecided }) => isUndecided)
      .map(({ at }) => paints.yellow(`  applied at ${shownMoment(at)} though nobody had approved it`)),
    '',
    ...entryLines(change.entries, paints),
  ]
  return `${lines.join('\n')}\n`
}

export function entryLines(entries: readonly ToldEntryWire[], { bold, dim }: Paint): readonly string[] {
  return entries.flatMap(({ at, actor, words: [first = '', ...rest] }) => [
    `${dim(shownMoment(at))}  ${bold(plain(actor))} ${plain(first)}`,
    ...rest.flatMap((text) => text.split('\n').map((each) => `    ${plain(each)}`)),
  ])
}

export function meetingListLines(meetings: readonly MeetingWire[], paints: Paint): string {
  if (meetings.length === 0) return 'No meeting was planned yet: pgsteward meeting plan --at TIME\n'
  return meetings.map((meeting) => `${meetingHead(meeting, paints)}\n`).join('')
}

function meetingHead({ name, state, title, meetsAt, agenda }: MeetingWire, { bold, dim }: Paint): string {
  const items = `${agenda.length} ${agenda.length === 1 ? 'change' : 'changes'} on the agenda`
  return `${bold(name)}  ${state}  ${plain(title)}, ${shownMoment(meetsAt)}  ${dim(items)}`
}

export function meetingLines(meeting: MeetingDetailWire, paints: Paint): string {
  const { agenda, present, quorumWords, minutes, actions, entries } = meeting
  const lines = [
    meetingHead(meeting, paints),
    ...(meeting.place === '' ? [] : [`  at: ${plain(meeting.place)}`]),
    ...(present.length === 0 ? [] : [`  there: ${plain(present.join(', '))} (${plain(quorumWords)})`]),
    ...agenda.map(({ change, risk, because, title }) => `  ${change}  ${risk}  ${because}  ${plain(title)}`),
    ...(minutes === null ? [] : minutes.decisions.map(({ change, words }) => `  ${change}: ${plain(words)}`)),
    ...actionLines(actions),
    '',
    ...entryLines(entries, paints),
  ]
  return `${lines.join('\n')}\n`
}

export function actionLines(actions: readonly ActionItemWire[]): readonly string[] {
  return actions.map(({ number, what, owner, due, doneAt }) => {
    const who = owner === null ? '' : `, ${plain(owner)}`
    const when =
      doneAt !== null ? `, done ${shownMoment(doneAt)}` : due === null ? '' : `, by ${shownMoment(due)}`
    return `  ${doneAt === null ? '[ ]' : '[x]'} ${number}. ${plain(what)}${who}${when}`
  })
}
