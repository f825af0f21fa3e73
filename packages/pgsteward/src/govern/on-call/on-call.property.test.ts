// 10,000 generated schedules, most of them over a change of daylight saving: at every moment one primary and one secondary, or a gap
// that was declared.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instantOf } from '../../stats/local-time.ts'
import { isWithin, WEEKDAYS, type WeeklyWindow, wallClock } from '../../stats/weekly-window.ts'
import { onCallAt, shiftsBetween } from './on-call-at.ts'
import type { Gap, OnCallNow, OnCallSchedule, OnCallShift, Override, Rotation } from './schedule.ts'
import { shiftsOf } from './shifts-of.ts'

const SCHEDULES = 10_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const TEAM = ['anna', 'ben', 'cem', 'dora']

/** A zone and a day about which its clocks are changed, by an hour, half an hour, at midnight, or never. */
const CHANGES = [
  ['Europe/Berlin', '2026-03-29'],
  ['Europe/Berlin', '2026-10-25'],
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  ['America/Havana', '2026-03-08'],
  ['America/St_Johns', '2026-11-01'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Australia/Lord_Howe', '2026-10-04'],
  ['America/Santiago', '2026-04-05'],
  ['America/Santiago', '2026-09-06'],
  ['Atlantic/Azores', '2026-10-25'],
  ['Africa/Cairo', '2026-10-30'],
  ['Pacific/Apia', '2011-12-30'],
  ['Asia/Kolkata', '2026-06-15'],
] as const
const ZONES = [...new Set(CHANGES.map(([zone]) => zone))]

const zone = fc.constantFrom(...ZONES)
const minute = fc.oneof(
  fc.constantFrom(0, 90, 120, 135, 150, 179, 540, 1_439),
  fc.integer({ min: 0, max: 1_439 }),
)
const weekly: fc.Arbitrary<WeeklyWindow> = fc.record({
  days: fc.subarray([...WEEKDAYS], { minLength: 1 }),
  fromMinute: minute,
  toMinute: minute,
  timeZone: zone,
})
const people = fc.shuffledSubarray(TEAM, { minLength: 2 })

const rotationIn = (near: string) =>
  fc.record({
    people,
    secondary: fc.option(fc.shuffledSubarray(TEAM, { minLength: 2 })),
    shiftDays: fc.constantFrom(1, 1, 2, 3, 7, 14),
    firstDate: fc.integer({ min: -400, max: 40 }).map((days) => isoDate(near, days)),
    handOffMinute: minute,
    timeZone: zone,
  })

const caseOf = fc.constantFrom(...CHANGES).chain(([home, near]) => {
  const around = Date.parse(`${near}T00:00:00Z`)
  const moment = fc
    .integer({ min: -4 * 24 * 4, max: 5 * 24 * 4 })
    .map((quarters) => new Date(around + quarters * HOUR_MS * 0.25))
  const spell = fc
    .tuple(moment, fc.integer({ min: 1, max: 4 * 24 * 4 }))
    .map(([from, quarters]) => ({ from, until: new Date(from.getTime() + quarters * HOUR_MS * 0.25) }))
  const gap: fc.Arbitrary<Gap> = fc.oneof(
    spell.map((each) => ({ because: 'declared', spell: each })),
    weekly.map((each) => ({ because: 'declared', weekly: each })),
  )
  const layers = fc.tuple(
    fc.array(fc.tuple(rotationIn(near), fc.array(weekly, { minLength: 1, maxLength: 2 })), { maxLength: 2 }),
    rotationIn(near).map((last) => ({ ...last, timeZone: home })),
  )
  return fc.record({
    rotations: layers.map(([some, last]): readonly Rotation[] => [
      ...some.map(([rotation, hours], at) => ({ ...rotation, name: `layer ${at}`, hours })),
      { ...last, name: 'last', hours: null },
    ]),
    absences: fc.array(
      fc.tuple(fc.constantFrom(...TEAM), spell).map(([person, each]) => ({ person, ...each })),
      { maxLength: 8 },
    ),
    gaps: fc.array(gap, { maxLength: 1 }),
    overrides: fc.array(
      fc
        .tuple(fc.constantFrom(...TEAM), fc.constantFrom('primary' as const, 'secondary' as const), spell)
        .map(([person, role, each]): Override => ({ name: 'OVR-1', person, role, ...each })),
      { maxLength: 3 },
    ),
    window: spell,
    moments: fc.array(fc.nat(), { minLength: 2, maxLength: 2 }),
  })
})

test(`${SCHEDULES} schedules: each moment has one primary and one secondary, two people, or a declared gap`, {
  timeout: 120_000,
}, () => {
  const seen = { shifts: 0, gaps: 0, swaps: 0, standIns: 0, nobodyElse: 0, byTheClock: 0 }
  fc.assert(
    fc.property(caseOf, ({ window, moments, overrides, ...schedule }) => {
      const shifts = shiftsBetween(schedule, overrides, window)
      holdTogether(shifts, window)
      for (const shift of shifts) {
        judgeShift(schedule, overrides, shift)
        count(seen, shift)
      }
      for (const each of moments) {
        const at = new Date(window.from.getTime() + (each % (window.until.getTime() - window.from.getTime())))
        const { from, until, ...told } = shifts.find((shift) => shift.from <= at && at < shift.until)!
        expect(onCallAt(schedule, overrides, at)).toEqual(told)
        const byTheClock = turnByTheClock(schedule, at)
        if (byTheClock !== null) {
          expect(told.rotation).toBe(byTheClock)
          seen.byTheClock += 1
        }
      }
    }),
    { numRuns: SCHEDULES, seed: 20261123 },
  )
  // the cases that matter did come up
  for (const times of Object.values(seen)) expect(times).toBeGreaterThan(500)
})

test('2,000 rotations: every hand-off shows its time by the clocks of the place, or what comes where they skip it', {
  timeout: 60_000,
}, () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...CHANGES).chain(([home, near]) =>
        fc.tuple(
          fc.constant(near),
          rotationIn(near).map(
            (rotation): Rotation => ({ ...rotation, name: 'all', hours: null, timeZone: home }),
          ),
        ),
      ),
      ([near, rotation]) => {
        const around = Date.parse(`${near}T00:00:00Z`)
        const window = { from: new Date(around - 3 * DAY_MS), until: new Date(around + 4 * DAY_MS) }
        let number: number | null = null
        for (const shift of shiftsOf(rotation, window)) {
          // one that a place leaves out (Apia went over the date line) is passed over
          if (number !== null) expect([1, 2]).toContain(shift.number - number)
          number = shift.number
          const { date, minute: shown } = wallClock(shift.from, rotation.timeZone)
          if (shown === rotation.handOffMinute) {
            expect(shift.from).toEqual(instantOf(date, shown, rotation.timeZone))
          } else {
            // the wanted time was skipped: just before this it was not there yet, and no instant of the day shows it
            for (let back = -DAY_MS; back <= DAY_MS; back += 60_000) {
              const clock = wallClock(new Date(shift.from.getTime() + back), rotation.timeZone)
              if (clock.date === date) expect(clock.minute).not.toBe(rotation.handOffMinute)
            }
          }
        }
      },
    ),
    { numRuns: 2_000, seed: 20261124 },
  )
})

function holdTogether(
  shifts: readonly OnCallShift[],
  window: { readonly from: Date; readonly until: Date },
): void {
  if (shifts[0]!.from.getTime() !== window.from.getTime()) throw new Error('begins late')
  if (shifts.at(-1)!.until.getTime() !== window.until.getTime()) throw new Error('ends early')
  for (const [at, shift] of shifts.entries()) {
    if (shift.from >= shift.until) throw new Error('is empty')
    const next = shifts[at + 1]
    if (next !== undefined && next.from.getTime() !== shift.until.getTime()) throw new Error('leaves a hole')
  }
}

function judgeShift(schedule: OnCallSchedule, overrides: readonly Override[], shift: OnCallShift): void {
  const inForce = overrides.filter(({ from, until }) => from <= shift.from && shift.from < until)
  if (shift.gap !== null) {
    if (schedule.gaps.length === 0) throw new Error('a gap that nobody declared')
    if (inForce.length > 0) throw new Error('a gap in spite of an override')
    return
  }
  const { primary, secondary } = shift
  if (primary.person === secondary.person) throw new Error('one person is both')
  const latest = inForce.at(-1)
  if (latest !== undefined && shift[latest.role].person !== latest.person)
    throw new Error('the latest override does not hold')
  for (const { person, because } of [primary, secondary]) {
    const isAway = schedule.absences.some(
      (each) => each.person === person && each.from < shift.until && shift.from < each.until,
    )
    if (isAway && (because.kind === 'rotation' || because.kind === 'stand-in'))
      throw new Error('somebody who is away is planned')
    if (!isAway && because.kind === 'nobody-else') throw new Error('is there, and said to be away')
  }
}

/** Whose turn it is as the wall clocks of the places say at that minute; null: one of them is being changed about then. */
function turnByTheClock({ rotations }: OnCallSchedule, at: Date): string | null {
  const isChanging = (timeZone: string) => {
    const shownMs = (ms: number) => {
      const { date, minute: shown } = wallClock(new Date(ms), timeZone)
      return Date.parse(`${date}T00:00:00Z`) + shown * 60_000
    }
    return shownMs(at.getTime() + 2 * DAY_MS) - shownMs(at.getTime() - 2 * DAY_MS) !== 4 * DAY_MS
  }
  const windows = rotations.flatMap(({ hours }) => hours ?? [])
  if (windows.some(({ timeZone }) => isChanging(timeZone))) return null
  return rotations.find(({ hours }) => hours === null || hours.some((each) => isWithin(each, at)))!.name
}

function count(
  seen: Record<'shifts' | 'gaps' | 'swaps' | 'standIns' | 'nobodyElse', number>,
  now: OnCallNow,
): void {
  seen.shifts += 1
  if (now.gap !== null) {
    seen.gaps += 1
    return
  }
  const kinds = [now.primary.because.kind, now.secondary.because.kind]
  if (kinds.includes('swap')) seen.swaps += 1
  if (kinds.includes('stand-in')) seen.standIns += 1
  if (kinds.includes('nobody-else')) seen.nobodyElse += 1
}

function isoDate(near: string, days: number): string {
  return new Date(Date.parse(`${near}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}
