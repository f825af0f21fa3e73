// On-call in action: the schedule with the overrides of the store, and what people enter.

import { onCallOf } from '../../govern/on-call/escalation.ts'
import type { HandOffGiven } from '../../govern/on-call/hand-off-entries.ts'
import {
  type HandOffState,
  handOffState,
  refuseAcknowledgement,
} from '../../govern/on-call/hand-off-state.ts'
import { onCallAt, shiftsBetween } from '../../govern/on-call/on-call-at.ts'
import type { OverrideMade } from '../../govern/on-call/override-entries.ts'
import {
  type OverrideState,
  overrideState,
  overridesOf,
  plannedSpell,
  refuseWithdrawal,
} from '../../govern/on-call/override-state.ts'
import type { OnCallNow, OnCallShift, Override } from '../../govern/on-call/schedule.ts'
import { type TimeToAcknowledge, timeToAcknowledge } from '../../govern/on-call/time-to-acknowledge.ts'
import type { OnCall } from '../../model/alert.ts'
import { StewardError } from '../../model/error.ts'
import { type GovernanceRecord, type RecordKind, readRecordName } from '../../model/governance.ts'
import type { HandOffSummary, OnCallRole } from '../../model/on-call-wire.ts'
import type { Spell } from '../../stats/local-time.ts'
import type { Store } from '../../store/store.ts'
import type { Config } from '../config/config-schema.ts'
import { noSchedule, type OnCallSetup, onCallSetup, reachOf } from './on-call-setup.ts'
import { shiftSummary } from './shift-summary.ts'

export interface OnCallDeskOptions {
  readonly config: Pick<Config, 'team' | 'onCall'>
  readonly store: Store
  readonly now: () => Date
}

export interface OverrideRequest {
  readonly role: OnCallRole
  readonly person: string
  /** null: now. */
  readonly from: Date | null
  readonly until: Date
  readonly because: string | null
}

/** More than anybody reads, and more overrides than anybody makes in a year. */
const MOST_RECORDS = 2_000
const DAY_MS = 86_400_000
/** A hand-off comes within it: the longest shift that makes sense. */
const NEXT_WITHIN_MS = 35 * DAY_MS

export class OnCallDesk {
  readonly #options: OnCallDeskOptions
  readonly #setup: OnCallSetup | null

  constructor(options: OnCallDeskOptions) {
    this.#options = options
    this.#setup = onCallSetup(options.config)
  }

  /** Null: nothing is configured. */
  get setup(): OnCallSetup | null {
    return this.#setup
  }

  /** For each reconciling anew: overrides hold from the moment in which they are made. */
  async forAlerts(): Promise<OnCall> {
    const setup = this.#setup
    if (setup === null) return () => null
    const overrides = await this.#inForce()
    const known = new Map<number, OnCallNow>()
    return onCallOf(
      setup.levels,
      (at) => {
        // of a thousand critical findings each asks about the same moment
        const now = known.get(at.getTime()) ?? onCallAt(setup.schedule, overrides, at)
        known.set(at.getTime(), now)
        return now
      },
      (person) => reachOf(this.#options.config, person),
    )
  }

  /** Throws 'usage' where nothing is configured. */
  async shifts(window: Spell): Promise<readonly OnCallShift[]> {
    return shiftsBetween(this.#configured().schedule, await this.#inForce(), window)
  }

  /** The latest first; withdrawn ones too. */
  async overrides(): Promise<readonly OverrideState[]> {
    return (await this.#records('override')).map(overrideState)
  }

  /** The latest first. */
  async handOffs(): Promise<readonly HandOffState[]> {
    return (await this.#records('hand-off')).map(handOffState)
  }

  async override(request: OverrideRequest, actor: string): Promise<OverrideState> {
    this.#configured()
    this.#known(request.person)
    const { now, store } = this.#options
    const at = now()
    const { from, until } = plannedSpell(request, at)
    const body: OverrideMade = {
      role: request.role,
      person: request.person,
      from: from.toISOString(),
      until: until.toISOString(),
      because: request.because,
    }
    const record = await store.openRecord({
      kind: 'override',
      targetId: null,
      origin: null,
      opening: { at, actor, action: 'made', body },
    })
    return overrideState(record!)
  }

  async withdraw(name: string, actor: string, because: string | null): Promise<OverrideState> {
    const record = await this.#record('override', name)
    const at = this.#options.now()
    refuseWithdrawal(overrideState(record), at)
    return overrideState(await this.#add(record, { at, actor, action: 'withdrawn', body: { because } }))
  }

  /** What would be handed over now: from whoever is primary, to whoever is next. */
  async handOffDraft(): Promise<Omit<HandOffGiven, 'note'>> {
    const { store, now } = this.#options
    const at = now()
    const around = {
      from: new Date(at.getTime() - NEXT_WITHIN_MS),
      until: new Date(at.getTime() + NEXT_WITHIN_MS),
    }
    const shifts = await this.shifts(around)
    const current = shifts.findIndex(({ from, until }) => from <= at && at < until)
    const person = shifts[current]!.primary?.person ?? null
    const isTheirs = (shift: OnCallShift | undefined) => (shift?.primary?.person ?? null) === person
    let first = current
    while (first > 0 && isTheirs(shifts[first - 1])) first -= 1
    const next = shifts.slice(current).find((shift) => shift.primary !== null && !isTheirs(shift))
    if (next === undefined || next.primary === null)
      throw new StewardError('usage', 'nobody takes over within five weeks', {
        hint: 'The rotation under onCall has one person at a time; make an override where somebody else takes over.',
      })
    const shift = { from: shifts[first]!.from, until: next.from }
    return {
      from: person,
      to: next.primary.person,
      shift: { from: shift.from.toISOString(), until: shift.until.toISOString() },
      summary: await this.#summary(store, shift.from, at),
    }
  }

  /** `to` null: whoever is next. */
  async handOff(to: string | null, note: string | null, actor: string): Promise<HandOffState> {
    const draft = await this.handOffDraft()
    if (to !== null) this.#known(to)
    if (to !== null && to === draft.from)
      throw new StewardError('usage', `${reachOf(this.#options.config, to).name} is on call already`, {
        hint: 'Hand over to somebody else, or to whoever is next: leave the name out.',
      })
    const body: HandOffGiven = { ...draft, to: to ?? draft.to, note }
    const record = await this.#options.store.openRecord({
      kind: 'hand-off',
      targetId: null,
      origin: null,
      opening: { at: this.#options.now(), actor, action: 'given', body: { ...body } },
    })
    return handOffState(record!)
  }

  async acknowledge(name: string, actor: string, note: string | null): Promise<HandOffState> {
    const record = await this.#record('hand-off', name)
    refuseAcknowledgement(handOffState(record))
    const at = this.#options.now()
    return handOffState(await this.#add(record, { at, actor, action: 'acknowledged', body: { note } }))
  }

  async timeToAcknowledge(since: Date): Promise<TimeToAcknowledge> {
    const { store, now } = this.#options
    return timeToAcknowledge(await store.answeredAlerts(since), this.#configured().aimMs, now())
  }

  #summary(store: Store, from: Date, until: Date): Promise<HandOffSummary> {
    return shiftSummary(store, { from, until }, this.#configured().aimMs)
  }

  #configured(): OnCallSetup {
    if (this.#setup === null) throw noSchedule()
    return this.#setup
  }

  #known(person: string): void {
    const ids = Object.keys(this.#options.config.team)
    if (!ids.includes(person))
      throw new StewardError('usage', `${person} is not in the team`, {
        hint: `There are: ${ids.join(', ')}.`,
      })
  }

  async #inForce(): Promise<readonly Override[]> {
    return overridesOf(await this.#records('override'))
  }

  #records(kind: RecordKind): Promise<readonly GovernanceRecord[]> {
    return this.#options.store.records({ kinds: [kind], limit: MOST_RECORDS })
  }

  async #record(kind: RecordKind, name: string): Promise<GovernanceRecord> {
    const ref = readRecordName(name)
    const record = ref?.kind === kind ? await this.#options.store.record(ref) : null
    if (record !== null) return record
    throw new StewardError('record-unknown', `there is no ${kind} ${name}`, {
      hint:
        kind === 'override' ? 'They are named OVR-3: `pgsteward oncall schedule`.' : 'They are named HND-3.',
    })
  }

  async #add(record: GovernanceRecord, entry: Parameters<Store['addEntry']>[1]): Promise<GovernanceRecord> {
    const added = await this.#options.store.addEntry(record, entry, record.entries.at(-1)!.seq)
    return { ...record, entries: [...record.entries, added] }
  }
}
