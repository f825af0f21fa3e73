// Shifts as events of a calendar: one for each spell in which somebody has a role, however often the other role changes meanwhile.

import { dutyWords } from '../../govern/on-call/on-call-words.ts'
import type { Duty, OnCallShift } from '../../govern/on-call/schedule.ts'
import { ON_CALL_ROLES, type OnCallRole } from '../../model/on-call-wire.ts'
import { type CalendarEvent, icalendar } from '../../report/icalendar.ts'
import type { Spell } from '../../stats/local-time.ts'
import type { Config } from '../config/config-schema.ts'
import { reachOf } from './on-call-setup.ts'

const DAY_MS = 86_400_000
/** What somebody looks up in a calendar: last week's nights, and the weeks to plan. */
const BACK_MS = 14 * DAY_MS
const AHEAD_MS = 92 * DAY_MS
/** The longest shift that makes sense. */
const SHIFT_MS = 35 * DAY_MS

/** What `onCallCalendar` wants to know. Wider than what it shows: a shift that is cut at the edge would move with each reading. */
export function calendarWindow(now: Date): Spell {
  return {
    from: new Date(now.getTime() - BACK_MS - SHIFT_MS),
    until: new Date(now.getTime() + AHEAD_MS + SHIFT_MS),
  }
}

/** `person` null: everybody's. */
export function onCallCalendar(
  shifts: readonly OnCallShift[],
  person: string | null,
  { team }: Pick<Config, 'team'>,
  now: Date,
): string {
  const nameOf = (each: string) => reachOf({ team }, each).name
  const shown = ON_CALL_ROLES.flatMap((role) => eventsOf(role, shifts, { team }))
    .filter((event) => person === null || event.person === person)
    .filter(
      ({ from, until }) =>
        until.getTime() > now.getTime() - BACK_MS && from.getTime() < now.getTime() + AHEAD_MS,
    )
    .toSorted((one, other) => one.from.getTime() - other.from.getTime())
  return icalendar(person === null ? 'On call' : `On call: ${nameOf(person)}`, shown, now)
}

function eventsOf(
  role: OnCallRole,
  shifts: readonly OnCallShift[],
  config: Pick<Config, 'team'>,
): readonly (CalendarEvent & { readonly person: string })[] {
  const nameOf = (each: string) => reachOf(config, each).name
  const runs: { from: Date; until: Date; rotation: string; duty: Duty }[] = []
  for (const { from, until, rotation, [role]: duty } of shifts) {
    if (duty === null) continue
    const last = runs.at(-1)
    if (last !== undefined && last.until.getTime() === from.getTime() && last.duty.person === duty.person)
      last.until = until
    else runs.push({ from, until, rotation, duty })
  }
  return runs.map(({ from, until, rotation, duty }) => {
    const because = dutyWords(duty.because, nameOf)
    return {
      uid: `on-call-${role}-${from.toISOString().replaceAll(/[^\dTZ]/g, '')}@pgsteward`,
      person: duty.person,
      from,
      until,
      summary: `On call: ${nameOf(duty.person)} (${role})`,
      contact: contactOf(config, duty.person),
      takesTime: false,
      description: because === '' ? `Rotation: ${rotation}` : `Rotation: ${rotation}\n${because}`,
    }
  })
}

function contactOf({ team }: Pick<Config, 'team'>, person: string): string {
  const email = team[person]?.email
  return email === undefined ? '' : `${reachOf({ team }, person).name}, ${email}`
}
