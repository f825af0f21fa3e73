// Who is to be on call when, as data: what the configuration says, and what was changed for a while.

import type { OnCallRole } from '../../model/on-call-wire.ts'
import type { Spell } from '../../stats/local-time.ts'
import type { WeeklyWindow } from '../../stats/weekly-window.ts'

/** People who take over from each other at the local time of a place. */
export interface Rotation {
  readonly name: string
  /** Ids, in the order in which they are primary. */
  readonly people: readonly string[]
  /** In the order in which they are secondary; null: whoever is primary next. */
  readonly secondary: readonly string[] | null
  readonly shiftDays: number
  /** Local date of a hand-off: there the first of `people` begins. The order goes on from it in both directions. */
  readonly firstDate: string
  /** Of the day. */
  readonly handOffMinute: number
  /** IANA name. */
  readonly timeZone: string
  /** When it is this rotation's turn; null: always. */
  readonly hours: readonly WeeklyWindow[] | null
}

/** Somebody is not there: whoever comes next stands in. */
export interface Absence extends Spell {
  readonly person: string
}

/** Nobody is on call, and that is meant. */
export type Gap = { readonly because: string } & (
  | { readonly spell: Spell }
  | { readonly weekly: WeeklyWindow }
)

/** With two different people in every rotation, and a last rotation that has no hours: so each moment is somebody's. */
export interface OnCallSchedule {
  /** The first whose hours it is counts. */
  readonly rotations: readonly Rotation[]
  readonly absences: readonly Absence[]
  readonly gaps: readonly Gap[]
}

/** Somebody takes a role for a while, whatever the rotation says. */
export interface Override extends Spell {
  /** OVR-3. */
  readonly name: string
  readonly role: OnCallRole
  readonly person: string
}

export type DutyReason =
  | { readonly kind: 'rotation' }
  | { readonly kind: 'stand-in'; readonly for: string }
  /** Away, and so is everybody else. */
  | { readonly kind: 'nobody-else' }
  | { readonly kind: 'override'; readonly name: string }
  /** Has the other role by that override, so it is the other one's. */
  | { readonly kind: 'swap'; readonly name: string }

export interface Duty {
  readonly person: string
  readonly because: DutyReason
}

/** Who is on call at a moment. */
export type OnCallNow =
  | { readonly gap: null; readonly rotation: string; readonly primary: Duty; readonly secondary: Duty }
  | { readonly gap: string; readonly rotation: string; readonly primary: null; readonly secondary: null }

export type OnCallShift = Spell & OnCallNow
