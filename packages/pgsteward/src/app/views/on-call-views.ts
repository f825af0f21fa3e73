// Answers about on-call, and what people enter.

import type { z } from 'zod'
import type { HandOffState } from '../../govern/on-call/hand-off-state.ts'
import type { OverrideState } from '../../govern/on-call/override-state.ts'
import { StewardError } from '../../model/error.ts'
import type {
  HandOffDraftWire,
  HandOffWire,
  handOffAcknowledgeWire,
  handOffRequestWire,
  OnCallNowWire,
  OnCallWire,
  OverrideWire,
  overrideRequestWire,
  withdrawRequestWire,
} from '../../model/on-call-wire.ts'
import type { Spell } from '../../stats/local-time.ts'
import { notConfigured, nowAnswer, nowWindow, shiftAnswer } from '../govern/on-call-answers.ts'
import { calendarWindow, onCallCalendar } from '../govern/on-call-calendar.ts'
import { reachOf } from '../govern/on-call-setup.ts'
import type { Steward } from '../steward.ts'

const DAY_MS = 86_400_000
const WEEKS_AHEAD_MS = 28 * DAY_MS
const ACKNOWLEDGED_DAYS = 30
const LONGEST_WINDOW_MS = 400 * DAY_MS
const MOST_OVERRIDES = 50
const MOST_HAND_OFFS = 20

export class OnCallViews {
  readonly #steward: Steward
  readonly #now: () => Date

  constructor(steward: Steward, now: () => Date) {
    this.#steward = steward
    this.#now = now
  }

  async now(): Promise<OnCallNowWire> {
    const { onCall, config } = this.#steward
    const now = this.#now()
    if (onCall.setup === null) return notConfigured(now)
    return nowAnswer(config, onCall.setup, await onCall.shifts(nowWindow(now)), now, true)
  }

  /** Default: from now for four weeks. */
  async all(from: Date | null, until: Date | null): Promise<OnCallWire> {
    const { onCall, config } = this.#steward
    const now = this.#now()
    const people = Object.entries(config.team).map(([id, { name, timeZone }]) => ({ id, name, timeZone }))
    const nothing = { shifts: [], overrides: [], handOffs: [], timeToAcknowledge: null, timeZone: null }
    if (onCall.setup === null) return { now: notConfigured(now), people, ...nothing }
    const window = windowOf(from ?? now, until)
    const [current, shifts, overrides, handOffs, answered] = await Promise.all([
      this.now(),
      onCall.shifts(window),
      onCall.overrides(),
      onCall.handOffs(),
      onCall.timeToAcknowledge(new Date(now.getTime() - ACKNOWLEDGED_DAYS * DAY_MS)),
    ])
    return {
      now: current,
      timeZone: onCall.setup.timeZone,
      people,
      shifts: shifts.map((shift) => shiftAnswer(config, shift)),
      overrides: overrides.slice(0, MOST_OVERRIDES).map((each) => this.#override(each)),
      handOffs: handOffs.slice(0, MOST_HAND_OFFS).map((each) => this.#handOff(each)),
      timeToAcknowledge: { days: ACKNOWLEDGED_DAYS, ...answered },
    }
  }

  async override(request: z.output<typeof overrideRequestWire>): Promise<OverrideWire> {
    const { role, person, from, until, because, actor } = request
    const made = await this.#steward.onCall.override(
      {
        role,
        person,
        from: from === undefined ? null : new Date(from),
        until: new Date(until),
        because: because ?? null,
      },
      actor,
    )
    return this.#override(made)
  }

  async withdraw(id: string, request: z.output<typeof withdrawRequestWire>): Promise<OverrideWire> {
    return this.#override(await this.#steward.onCall.withdraw(id, request.actor, request.because ?? null))
  }

  async handOffDraft(): Promise<HandOffDraftWire> {
    const draft = await this.#steward.onCall.handOffDraft()
    return { ...draft, ...this.#names(draft) }
  }

  async handOff({ to, note, actor }: z.output<typeof handOffRequestWire>): Promise<HandOffWire> {
    return this.#handOff(await this.#steward.onCall.handOff(to ?? null, note ?? null, actor))
  }

  async acknowledge(id: string, request: z.output<typeof handOffAcknowledgeWire>): Promise<HandOffWire> {
    return this.#handOff(await this.#steward.onCall.acknowledge(id, request.actor, request.note ?? null))
  }

  /** `person` null: everybody's. */
  async calendar(person: string | null): Promise<string> {
    const { onCall, config } = this.#steward
    if (person !== null && !Object.hasOwn(config.team, person))
      throw new StewardError('usage', `${person} is not in the team`, {
        hint: `There are: ${Object.keys(config.team).join(', ')}.`,
      })
    const now = this.#now()
    const shifts = await onCall.shifts(calendarWindow(now))
    return onCallCalendar(shifts, person, config, now)
  }

  #override(state: OverrideState): OverrideWire {
    const { name, role, person, from, until, madeBy, madeAt, because, withdrawn } = state
    return {
      id: name,
      role,
      person,
      personName: reachOf(this.#steward.config, person).name,
      from: from.toISOString(),
      until: until.toISOString(),
      madeBy,
      madeAt: madeAt.toISOString(),
      because,
      withdrawnBy: withdrawn?.by ?? null,
      isAhead: withdrawn === null && until > this.#now(),
    }
  }

  #handOff(state: HandOffState): HandOffWire {
    const { name, givenAt, acknowledged, ...rest } = state
    return {
      ...rest,
      ...this.#names(state),
      id: name,
      givenAt: givenAt.toISOString(),
      acknowledged: acknowledged === null ? null : { ...acknowledged, at: acknowledged.at.toISOString() },
    }
  }

  #names({ from, to }: { readonly from: string | null; readonly to: string }) {
    const { config } = this.#steward
    return { fromName: from === null ? null : reachOf(config, from).name, toName: reachOf(config, to).name }
  }
}

function windowOf(from: Date, until: Date | null): Spell {
  const end = until ?? new Date(from.getTime() + WEEKS_AHEAD_MS)
  if (end <= from || end.getTime() - from.getTime() > LONGEST_WINDOW_MS)
    throw new StewardError('usage', 'the time asked about is empty or longer than 400 days', {
      hint: 'Name an end after its beginning.',
    })
  return { from, until: end }
}
