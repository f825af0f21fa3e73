// Who is on call: at a moment, and as the shifts of a spell. Between two points at which anything changes nothing does, so a spell is
// judged once for each pair of neighbouring points, by the same rules as a moment.

import type { OnCallRole } from '../../model/on-call-wire.ts'
import { type Spell, spellsOf } from '../../stats/local-time.ts'
import type {
  Duty,
  DutyReason,
  OnCallNow,
  OnCallSchedule,
  OnCallShift,
  Override,
  Rotation,
} from './schedule.ts'
import { type RotationShift, shiftsOf } from './shifts-of.ts'

/** `overrides`: those that were not withdrawn, in the order in which they were made: a later one changes what an earlier one left. */
export function onCallAt(schedule: OnCallSchedule, overrides: readonly Override[], at: Date): OnCallNow {
  const moment = { from: at, until: new Date(at.getTime() + 1) }
  return judge(expand(schedule, overrides, moment), at)
}

/** Without a gap from `from` to `until`. Neighbours differ in something. */
export function shiftsBetween(
  schedule: OnCallSchedule,
  overrides: readonly Override[],
  window: Spell,
): readonly OnCallShift[] {
  const expanded = expand(schedule, overrides, window)
  const shifts: OnCallShift[] = []
  for (const [at, from] of expanded.points.entries()) {
    const until = expanded.points[at + 1]
    if (until === undefined) break
    const now = judge(expanded, from)
    const before = shifts.at(-1)
    if (before !== undefined && isSame(before, now)) shifts[shifts.length - 1] = { ...before, until }
    else shifts.push({ from, until, ...now })
  }
  return shifts
}

/** A schedule within a window, all recurring times as instants. */
interface Expanded {
  readonly schedule: OnCallSchedule
  readonly rotations: readonly {
    readonly rotation: Rotation
    readonly hours: readonly Spell[] | null
    readonly shifts: readonly RotationShift[]
  }[]
  readonly gaps: readonly (Spell & { readonly because: string })[]
  readonly overrides: readonly Override[]
  /** At which anything may change, from the window's beginning to its end. */
  readonly points: readonly Date[]
}

function expand(schedule: OnCallSchedule, all: readonly Override[], window: Spell): Expanded {
  const touches = (spell: Spell) => spell.from < window.until && spell.until > window.from
  const rotations = schedule.rotations.map((rotation) => ({
    rotation,
    hours: rotation.hours?.flatMap((weekly) => spellsOf(weekly, window)) ?? null,
    shifts: shiftsOf(rotation, window),
  }))
  const gaps = schedule.gaps.flatMap((gap) =>
    ('weekly' in gap ? spellsOf(gap.weekly, window) : [gap.spell].filter(touches)).map((spell) => ({
      ...spell,
      because: gap.because,
    })),
  )
  const overrides = all.filter(touches)
  const spells: readonly Spell[] = [
    ...rotations.flatMap(({ hours, shifts }) => [...(hours ?? []), ...shifts]),
    ...gaps,
    ...schedule.absences.filter(touches),
    ...overrides,
  ]
  const inside = spells
    .flatMap(({ from, until }) => [from.getTime(), until.getTime()])
    .filter((ms) => ms > window.from.getTime() && ms < window.until.getTime())
  const points = [...new Set([window.from.getTime(), ...inside, window.until.getTime()])]
  return {
    schedule,
    rotations,
    gaps,
    overrides,
    points: points.toSorted((one, other) => one - other).map((ms) => new Date(ms)),
  }
}

function judge({ schedule, rotations, gaps, overrides }: Expanded, at: Date): OnCallNow {
  const holds = (spell: Spell) => spell.from <= at && at < spell.until
  const { rotation, shifts } = rotations.find(({ hours }) => hours === null || hours.some(holds))!
  const inForce = overrides.filter(holds)
  const gap = gaps.find(holds)
  // an override is somebody who wants to be called: it fills a gap, with the rotation's people beside
  if (gap !== undefined && inForce.length === 0)
    return { gap: gap.because, rotation: rotation.name, primary: null, secondary: null }
  const away = new Set(schedule.absences.filter(holds).map(({ person }) => person))
  const planned = pairOf(schedule, rotation, shifts.find(holds)!.number, away)
  return { gap: null, rotation: rotation.name, ...inForce.reduce(overridden, planned) }
}

type Pair = Readonly<Record<OnCallRole, Duty>>

function pairOf(
  { rotations }: OnCallSchedule,
  rotation: Rotation,
  number: number,
  away: ReadonlySet<string>,
): Pair {
  const others = rotations.flatMap(({ people, secondary }) => [...people, ...(secondary ?? [])])
  const order = rotated(rotation.people, number)
  const primary = choose([...order, ...others], away, null)
  const own = rotation.secondary === null ? [] : rotated(rotation.secondary, number)
  const next = rotated(order, order.indexOf(primary.person) + 1)
  return { primary, secondary: choose([...own, ...next, ...others], away, primary.person) }
}

/** The first who is there. Where nobody is, the first all the same: a page that reaches somebody on holiday beats one that reaches nobody. */
function choose(order: readonly string[], away: ReadonlySet<string>, taken: string | null): Duty {
  const asked = order.filter((person) => person !== taken)
  const first = asked[0]!
  const person = asked.find((each) => !away.has(each))
  if (person === undefined) return { person: first, because: { kind: 'nobody-else' } }
  return { person, because: person === first ? { kind: 'rotation' } : { kind: 'stand-in', for: first } }
}

/** Whoever has the other role already changes places: nobody is both. */
function overridden(pair: Pair, { role, person, name }: Override): Pair {
  if (pair[role].person === person) return pair
  const other = role === 'primary' ? 'secondary' : 'primary'
  const because: DutyReason = { kind: 'override', name }
  const swapped: Pair =
    pair[other].person === person
      ? { ...pair, [other]: { person: pair[role].person, because: { kind: 'swap', name } } }
      : pair
  return { ...swapped, [role]: { person, because } }
}

function rotated(people: readonly string[], by: number): readonly string[] {
  const at = ((by % people.length) + people.length) % people.length
  return [...people.slice(at), ...people.slice(0, at)]
}

function isSame(shift: OnCallShift, now: OnCallNow): boolean {
  return (
    shift.gap === now.gap &&
    shift.rotation === now.rotation &&
    isSameDuty(shift.primary, now.primary) &&
    isSameDuty(shift.secondary, now.secondary)
  )
}

function isSameDuty(one: Duty | null, other: Duty | null): boolean {
  return one?.person === other?.person && JSON.stringify(one?.because) === JSON.stringify(other?.because)
}
