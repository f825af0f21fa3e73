// Changes: opened, voted on, decided by the rule of the board, applied, verified. What maintenance does for them is added by itself.

import type { z } from 'zod'
import { type BoardRules, mayNotVote, standardRule, tallyOf } from '../../govern/change/board-rules.ts'
import type { ChangeAction } from '../../govern/change/change-entries.ts'
import { changeOf, refuseChange } from '../../govern/change/change-state.ts'
import { toldEntries } from '../../govern/record-words.ts'
import { refused } from '../../govern/refused.ts'
import type {
  CHANGE_REQUESTS,
  ChangeDetailWire,
  ChangeRequest,
  ChangesWire,
  ChangeWire,
  openChangeWire,
} from '../../model/change-wire.ts'
import type { GovernanceRecord } from '../../model/governance.ts'
import type { MeetingDesk } from './meeting-desk.ts'
import type { RecordBook } from './record-book.ts'

const ACTIONS: Readonly<Record<ChangeRequest, ChangeAction>> = {
  amend: 'amended',
  vote: 'voted',
  decide: 'decided',
  apply: 'applied',
  verify: 'verified',
  'roll-back': 'rolled-back',
  close: 'closed',
}

type Body<R extends ChangeRequest> = z.output<(typeof CHANGE_REQUESTS)[R]>

export class ChangeDesk {
  readonly #book: RecordBook
  readonly #rules: BoardRules
  readonly #meetings: MeetingDesk
  readonly #hasTarget: (id: string) => void

  /** `hasTarget` throws where there is no such target. */
  constructor(book: RecordBook, rules: BoardRules, meetings: MeetingDesk, hasTarget: (id: string) => void) {
    this.#book = book
    this.#rules = rules
    this.#meetings = meetings
    this.#hasTarget = hasTarget
  }

  async list(): Promise<ChangesWire> {
    const records = await this.#book.all('change')
    return { changes: records.map(changeOf), board: [...this.#rules.board] }
  }

  async one(name: string): Promise<ChangeDetailWire> {
    return this.#told(await this.#book.get('change', name))
  }

  async open({ target, actor, ...proposal }: z.output<typeof openChangeWire>): Promise<ChangeDetailWire> {
    if (target !== null) this.#hasTarget(target)
    const record = await this.#book.open({ kind: 'change', targetId: target }, { actor, body: proposal })
    return this.#told(await this.#decideStandard(record))
  }

  async add<R extends ChangeRequest>(
    name: string,
    request: R,
    { actor, ...body }: Body<R> & { readonly actor: string },
  ): Promise<ChangeDetailWire> {
    const record = await this.#book.get('change', name)
    const change = changeOf(record)
    refuseChange(change, ACTIONS[request])
    if (request === 'vote') return this.#vote(record, change, actor, body)
    if (request === 'decide') return this.#decide(record, change, actor, body as unknown as Body<'decide'>)
    const added = await this.#book.add(record, { actor, action: ACTIONS[request], body })
    return this.#told(request === 'amend' ? await this.#decideStandard(added) : added)
  }

  async #vote(
    record: GovernanceRecord,
    change: ChangeWire,
    actor: string,
    body: object,
  ): Promise<ChangeDetailWire> {
    this.#mayVote(change, actor)
    const voted = await this.#book.add(record, { actor, action: 'voted', body: { ...body } })
    const tally = tallyOf(changeOf(voted), this.#rules)
    // those who are still to vote cannot turn it
    if (tally.outcome === null || !tally.isCertain) return this.#told(voted)
    return this.#told(
      await this.#book.add(voted, {
        actor: 'pgsteward',
        action: 'decided',
        body: await this.#decision(change, tally.outcome, 'The votes decide it.', tally.words, false),
      }),
    )
  }

  async #decide(
    record: GovernanceRecord,
    change: ChangeWire,
    actor: string,
    { decision, reason, emergency }: Body<'decide'>,
  ): Promise<ChangeDetailWire> {
    const tally = tallyOf(change, this.#rules)
    if (decision === 'deferred' || emergency) this.#mayVote(change, actor)
    if (emergency && decision !== 'approved')
      throw refused(change.name, 'an emergency is approved or none', 'Leave out the emergency.')
    if (!emergency && decision !== 'deferred' && tally.outcome !== decision)
      throw refused(
        change.name,
        `the votes do not say ${decision}: ${tally.words}`,
        'Have more members vote, defer it, or approve it as an emergency, which the next meeting looks back on.',
      )
    const rule = emergency
      ? `an emergency; ${tally.words}`
      : decision === 'deferred'
        ? 'deferred by a member'
        : tally.words
    const body = await this.#decision(change, decision, reason, rule, emergency)
    return this.#told(await this.#book.add(record, { actor, action: 'decided', body }))
  }

  async #decideStandard(record: GovernanceRecord): Promise<GovernanceRecord> {
    const change = changeOf(record)
    const rule = standardRule(change, this.#rules)
    if (rule === null) return record
    const body = await this.#decision(
      change,
      'approved',
      'The configuration approves it beforehand.',
      rule,
      false,
    )
    return this.#book.add(record, { actor: 'pgsteward', action: 'decided', body })
  }

  async #decision(
    { name }: ChangeWire,
    decision: Body<'decide'>['decision'],
    reason: string,
    rule: string,
    emergency: boolean,
  ): Promise<Record<string, unknown>> {
    return { decision, reason, rule, emergency, meeting: await this.#meetings.underWayOn(name) }
  }

  #mayVote({ name, requestedBy }: ChangeWire, actor: string): void {
    const because = mayNotVote(actor, requestedBy, this.#rules)
    if (because !== null)
      throw refused(
        name,
        because,
        this.#rules.board.length === 0
          ? 'Somebody else has to.'
          : `The board: ${this.#rules.board.join(', ')}.`,
      )
  }

  async #told(record: GovernanceRecord): Promise<ChangeDetailWire> {
    const change = changeOf(record)
    return {
      ...change,
      tally: tallyOf(change, this.#rules),
      entries: toldEntries(record),
      meetings: [...(await this.#meetings.namesOn(change.name))],
    }
  }
}
