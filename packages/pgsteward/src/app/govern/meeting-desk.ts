// Meetings of the change board: an agenda worked out from what is open, who was there, minutes.

import type { z } from 'zod'
import { refuseDone } from '../../govern/action-items.ts'
import type { BoardRules } from '../../govern/change/board-rules.ts'
import { changeOf } from '../../govern/change/change-state.ts'
import { agendaOf } from '../../govern/meeting/agenda.ts'
import { decisionsOf, meetingOf, meetingQuorum, refuseMeeting } from '../../govern/meeting/meeting-state.ts'
import { toldEntries } from '../../govern/record-words.ts'
import type {
  AgendaItemWire,
  MEETING_REQUESTS,
  MeetingDetailWire,
  MeetingRequest,
  MeetingWire,
  planMeetingWire,
} from '../../model/change-wire.ts'
import type { GovernanceRecord } from '../../model/governance.ts'
import type { RecordBook } from './record-book.ts'

type Body<R extends MeetingRequest> = z.output<(typeof MEETING_REQUESTS)[R]>

export class MeetingDesk {
  readonly #book: RecordBook
  readonly #rules: BoardRules

  constructor(book: RecordBook, rules: BoardRules) {
    this.#book = book
    this.#rules = rules
  }

  async list(): Promise<MeetingWire[]> {
    const [records, agenda] = await Promise.all([this.#book.all('meeting'), this.#agenda()])
    return records.map((record) => meetingOf(record, agenda))
  }

  async one(name: string): Promise<MeetingDetailWire> {
    return this.#told(await this.#book.get('meeting', name))
  }

  async plan({ actor, ...plan }: z.output<typeof planMeetingWire>): Promise<MeetingDetailWire> {
    return this.#told(await this.#book.open({ kind: 'meeting', targetId: null }, { actor, body: plan }))
  }

  async add<R extends MeetingRequest>(
    name: string,
    request: R,
    { actor, ...said }: Body<R> & { readonly actor: string },
  ): Promise<MeetingDetailWire> {
    const record = await this.#book.get('meeting', name)
    const meeting = meetingOf(record, await this.#agenda())
    const action = ACTIONS[request]
    refuseMeeting(meeting, action)
    let body: Record<string, unknown> = { ...said }
    if (request === 'hold') {
      const { present } = said as unknown as Body<'hold'>
      body = { present, agenda: meeting.agenda, quorum: meetingQuorum(present, this.#rules) }
    } else if (request === 'minutes')
      body.decisions = decisionsOf(
        meeting.agenda,
        (await this.#book.all('change')).map(changeOf),
        meeting.name,
      )
    else if (request === 'action-done')
      refuseDone(record, meeting.actions, (said as unknown as Body<'action-done'>).action)
    return this.#told(await this.#book.add(record, { actor, action, body }))
  }

  /** The meeting that is being held, where this change is on its agenda. */
  async underWayOn(change: string): Promise<string | null> {
    return (await this.#withChange(change)).find(({ state }) => state === 'held')?.name ?? null
  }

  async namesOn(change: string): Promise<readonly string[]> {
    return (await this.#withChange(change)).map(({ name }) => name)
  }

  async #withChange(change: string): Promise<readonly MeetingWire[]> {
    return (await this.#book.all('meeting'))
      .map((record) => meetingOf(record, []))
      .filter(({ agenda }) => agenda.some((item) => item.change === change))
  }

  async #agenda(): Promise<readonly AgendaItemWire[]> {
    const [changes, meetings] = await Promise.all([this.#book.all('change'), this.#book.all('meeting')])
    const held = meetings.flatMap(({ entries }) => entries.filter(({ action }) => action === 'held'))
    const last = Math.max(...held.map(({ at }) => at.getTime()))
    return agendaOf(changes.map(changeOf), held.length === 0 ? null : new Date(last).toISOString())
  }

  async #told(record: GovernanceRecord): Promise<MeetingDetailWire> {
    return { ...meetingOf(record, await this.#agenda()), entries: toldEntries(record) }
  }
}

const ACTIONS = {
  move: 'moved',
  hold: 'held',
  minutes: 'minutes',
  'action-done': 'action-done',
  close: 'closed',
} as const satisfies Record<MeetingRequest, string>
