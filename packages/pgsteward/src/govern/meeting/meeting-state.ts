// What a meeting is now, worked out from its entries; and what may be added to it.

import type { AgendaItemWire, ChangeWire, MeetingWire } from '../../model/change-wire.ts'
import { type GovernanceRecord, recordName } from '../../model/governance.ts'
import { actionItems } from '../action-items.ts'
import { type BoardRules, quorumOf } from '../change/board-rules.ts'
import { readBody } from '../read-body.ts'
import { refused } from '../refused.ts'
import { MEETING_BODIES, type MeetingAction } from './meeting-entries.ts'

/** `agenda`: of a meeting that is still to be held. */
export function meetingOf(record: GovernanceRecord, agenda: readonly AgendaItemWire[]): MeetingWire {
  const meeting: MeetingWire = {
    name: recordName(record),
    state: 'planned',
    title: 'A meeting',
    meetsAt: record.entries[0]!.at.toISOString(),
    place: '',
    agenda: [...agenda],
    present: [],
    hasQuorum: null,
    quorumWords: '',
    minutes: null,
    actions: actionItems(record, (action, body) =>
      action === 'minutes' ? (readBody(MEETING_BODIES.minutes, body)?.actions ?? []) : [],
    ),
  }
  for (const { action, body, at, actor } of record.entries) {
    if (action === 'opened' || action === 'moved') {
      const plan = readBody(MEETING_BODIES.moved, body)
      if (plan !== null) Object.assign(meeting, plan)
    } else if (action === 'held') {
      const held = readBody(MEETING_BODIES.held, body)
      if (held !== null)
        Object.assign(meeting, {
          state: 'held',
          present: held.present,
          agenda: held.agenda,
          hasQuorum: held.quorum.isReached,
          quorumWords: held.quorum.words,
        })
    } else if (action === 'minutes') {
      const said = readBody(MEETING_BODIES.minutes, body)
      if (said !== null)
        Object.assign(meeting, {
          state: 'minuted',
          minutes: { at: at.toISOString(), by: actor, notes: said.notes, decisions: said.decisions },
        })
    } else if (action === 'closed') meeting.state = meeting.state === 'planned' ? 'cancelled' : 'closed'
  }
  return meeting
}

const ALLOWED: Readonly<Record<Exclude<MeetingAction, 'opened'>, readonly MeetingWire['state'][]>> = {
  moved: ['planned'],
  held: ['planned'],
  minutes: ['held', 'minuted'],
  'action-done': ['minuted', 'closed'],
  closed: ['planned', 'minuted'],
}
const HINTS: Readonly<Record<Exclude<MeetingAction, 'opened'>, string>> = {
  moved: 'Plan another meeting.',
  held: 'Plan another meeting.',
  minutes: 'Say first who was there: pgsteward meeting hold.',
  'action-done': 'Action items come with its minutes: pgsteward meeting minutes.',
  closed: 'Write its minutes first: pgsteward meeting minutes.',
}

/** Throws 'record-changed' where this may not be done to a meeting that stands so. */
export function refuseMeeting({ name, state }: MeetingWire, action: Exclude<MeetingAction, 'opened'>): void {
  if (!ALLOWED[action].includes(state)) throw refused(name, `it is ${state}`, HINTS[action])
}

/** Whether those who came are enough to decide. */
export function meetingQuorum(
  present: readonly string[],
  rules: Pick<BoardRules, 'board' | 'quorum'>,
): { readonly isReached: boolean; readonly words: string } {
  const { board } = rules
  const quorum = quorumOf(rules, board.length === 0 ? null : board.length)
  const there = board.length === 0 ? present : board.filter((name) => present.includes(name))
  const missing = board.filter((name) => !present.includes(name))
  const isReached = there.length >= quorum
  return {
    isReached,
    words:
      `${there.length} of ${board.length === 0 ? 'anybody' : `${board.length} members`} there, it takes ${quorum}` +
      (missing.length === 0 ? '' : `; missing: ${missing.join(', ')}`),
  }
}

/** What was decided about the changes of its agenda since it began, for its minutes. */
export function decisionsOf(
  agenda: readonly AgendaItemWire[],
  changes: readonly ChangeWire[],
  name: string,
): { change: string; title: string; words: string }[] {
  return agenda.map(({ change: named, title }) => {
    const decision = changes.find((change) => change.name === named)?.decision ?? null
    const words =
      decision === null || (decision.meeting !== name && !decision.isEmergency)
        ? 'Nothing was decided.'
        : `${decision.decision}${decision.isEmergency ? ' as an emergency' : ''}: ${decision.reason} (${decision.rule})`
    return { change: named, title, words }
  })
}
