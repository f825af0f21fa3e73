// The shifts of one rotation: they begin when the clocks of its place show its time of hand-off.

import { addDays, daysBetween, instantOf, type Spell } from '../../stats/local-time.ts'
import { wallClock } from '../../stats/weekly-window.ts'
import type { Rotation } from './schedule.ts'

export interface RotationShift extends Spell {
  /** 0 begins at the rotation's first date; before it they are negative. */
  readonly number: number
}

/** Those that touch the spell, in order, without a gap. */
export function shiftsOf(rotation: Rotation, { from, until }: Spell): readonly RotationShift[] {
  const { firstDate, shiftDays, handOffMinute, timeZone } = rotation
  const beginOf = (number: number) =>
    instantOf(addDays(firstDate, number * shiftDays), handOffMinute, timeZone)
  const days = daysBetween(firstDate, wallClock(from, timeZone).date)
  let number = Math.floor(days / shiftDays)
  // by the date alone it may be one too many (before the time of hand-off), or too few where clocks are put back over midnight
  while (beginOf(number) > from) number -= 1
  while (beginOf(number + 1) <= from) number += 1
  const shifts: RotationShift[] = []
  for (let begins = beginOf(number); begins < until; number += 1) {
    const ends = beginOf(number + 1)
    // a day that a place leaves out has no shift
    if (begins < ends) shifts.push({ number, from: begins, until: ends })
    begins = ends
  }
  return shifts
}
