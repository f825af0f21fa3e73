// What the configuration says about on-call, ready for use: by the desk, and by a command where no pgsteward runs.

import type { EscalationLevel, Reach } from '../../govern/on-call/escalation.ts'
import { shiftsBetween } from '../../govern/on-call/on-call-at.ts'
import type { OnCallSchedule, OnCallShift } from '../../govern/on-call/schedule.ts'
import type { EscalationStep } from '../../model/alert.ts'
import { StewardError } from '../../model/error.ts'
import type { Spell } from '../../stats/local-time.ts'
import type { Config } from '../config/config-schema.ts'
import { scheduleOf } from './schedule-of.ts'

export interface OnCallSetup {
  readonly schedule: OnCallSchedule
  /** From L1 on, which is told at once. */
  readonly levels: readonly EscalationLevel[]
  readonly aimMs: number
  readonly timeZone: string
}

/** Null: nobody is ever on call. */
export function onCallSetup({ team, onCall }: Pick<Config, 'team' | 'onCall'>): OnCallSetup | null {
  if (onCall === undefined) return null
  const { secondaryAfter, l3, executive } = onCall.escalation
  const named = (title: string, level: typeof l3): readonly EscalationLevel[] =>
    level === undefined
      ? []
      : [{ title, afterMs: level.after, people: level.people.map((id) => reachOf({ team }, id)) }]
  return {
    schedule: scheduleOf(team, onCall),
    levels: [
      { role: 'primary', afterMs: 0 },
      { role: 'secondary', afterMs: secondaryAfter },
      ...named('L3', l3),
      ...named('executive', executive),
    ],
    aimMs: onCall.acknowledgeWithin,
    timeZone: onCall.timeZone,
  }
}

/** By the configuration alone: without overrides. Throws 'usage' where nothing is configured. */
export function plannedShifts(
  config: Pick<Config, 'team' | 'onCall'>,
  window: Spell,
): readonly OnCallShift[] {
  const setup = onCallSetup(config)
  if (setup === null) throw noSchedule()
  return shiftsBetween(setup.schedule, [], window)
}

/** Whoever left the team is still named in records: by the id. */
export function reachOf({ team }: Pick<Config, 'team'>, person: string): Reach {
  const { name, channels } = team[person] ?? { name: person, channels: [] }
  return { name, channels }
}

/** In place of alerts.escalation: whom each step tells is asked when it comes. */
export function escalationOf({ levels }: OnCallSetup): readonly EscalationStep[] {
  return levels.slice(1).map(({ afterMs }) => ({ afterMs, channels: [] }))
}

export function noSchedule(): StewardError {
  return new StewardError('usage', 'no on-call schedule is configured', {
    hint: 'Name people under team and a rotation under onCall: docs/guides/on-call.md.',
  })
}
