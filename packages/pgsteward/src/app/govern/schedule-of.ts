// The schedule that the configuration means: weekdays found, times as minutes, days of absence as instants.

import type { Gap, OnCallSchedule, Rotation } from '../../govern/on-call/schedule.ts'
import { addDays, instantOf, weekdayOf } from '../../stats/local-time.ts'
import { minuteOfDay, WEEKDAYS, type WeeklyWindow } from '../../stats/weekly-window.ts'
import type { OnCallConfig, RotationConfig } from './on-call-config.ts'
import type { TeamConfig } from './team-config.ts'

const DAY_MS = 86_400_000

export function scheduleOf(
  team: TeamConfig,
  { timeZone, rotations, gaps, weeklyGaps }: OnCallConfig,
): OnCallSchedule {
  return {
    rotations: rotations.map((rotation) => rotationOf(rotation, timeZone)),
    absences: Object.entries(team).flatMap(([person, { away, timeZone: home }]) =>
      away.map(({ from, until }) => ({
        person,
        from: instantOf(from, 0, home),
        until: instantOf(addDays(until, 1), 0, home),
      })),
    ),
    gaps: [
      ...weeklyGaps.map((gap): Gap => ({ because: gap.because, weekly: hoursOf(gap, timeZone) })),
      ...gaps.map(
        ({ because, from, until }): Gap => ({
          because,
          spell: { from: new Date(from), until: new Date(until) },
        }),
      ),
    ],
  }
}

function rotationOf(config: RotationConfig, timeZone: string): Rotation {
  const { name, people, secondary, shift, since, handOff, hours } = config
  const home = config.timeZone ?? timeZone
  const shiftDays = shift / DAY_MS
  return {
    name,
    people,
    secondary: secondary ?? null,
    shiftDays,
    firstDate: shiftDays % 7 === 0 ? onOrAfter(since, WEEKDAYS.indexOf(handOff.on ?? 'mon')) : since,
    handOffMinute: minuteOfDay(handOff.at)!,
    timeZone: home,
    hours: hours?.map((each) => hoursOf(each, home)) ?? null,
  }
}

type HoursConfig = NonNullable<RotationConfig['hours']>[number]

function hoursOf({ days, from, to, timeZone }: HoursConfig, home: string): WeeklyWindow {
  return { days, fromMinute: minuteOfDay(from)!, toMinute: minuteOfDay(to)!, timeZone: timeZone ?? home }
}

function onOrAfter(date: string, weekday: number): string {
  return addDays(date, (weekday - weekdayOf(date) + 7) % 7)
}
