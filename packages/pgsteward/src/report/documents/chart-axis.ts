// Where ticks of a chart stand and what they say: sizes in powers of two, long durations in minutes and hours, time by the clocks of a place.

import type { ReportChart } from '../../model/report.ts'
import { wallClock } from '../../stats/weekly-window.ts'
import { formatValue } from '../format.ts'

export interface Tick<Value> {
  readonly at: Value
  readonly label: string
}

export interface ValueAxis {
  readonly from: number
  readonly to: number
  readonly ticks: readonly Tick<number>[]
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/**
 * From zero, with the last tick at the top. A share that stays above one half begins at the tenth below it, since 99 and 98 % differ.
 */
export function valueAxis(least: number, greatest: number, unit: ReportChart['unit'], wanted = 4): ValueAxis {
  const isHighShare = unit === 'ratio' && least > 0.5
  const from = isHighShare ? Math.min(0.9, Math.floor(least * 10) / 10) : Math.min(0, least)
  const to = isHighShare ? Math.max(1, greatest) : greatest > from ? greatest : from + 1
  const step = stepOf((to - from) / wanted, unit)
  const first = Math.floor(from / step + 1e-9)
  const last = Math.ceil(to / step - 1e-9)
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => {
    const at = Number(((first + index) * step).toPrecision(12))
    return { at, label: at === 0 ? '0' : formatValue(at, unit) }
  })
  return { from: first * step, to: last * step, ticks }
}

const LONG_STEPS = [1, 2, 5, 10, 15, 30]
  .map((minutes) => minutes * MINUTE)
  .concat([1, 2, 3, 6, 12].map((hours) => hours * HOUR))
  .concat([1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000].map((days) => days * DAY))

function stepOf(rough: number, unit: ReportChart['unit']): number {
  if (unit === 'bytes') return Math.max(1, 2 ** Math.ceil(Math.log2(rough)))
  if (unit === 'ms' && rough >= MINUTE / 2) {
    const step = LONG_STEPS.find((each) => each >= rough)
    if (step !== undefined) return step
  }
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough * (1 - 1e-9))!
  // averages of counts stay below one
  return unit === 'count' && rough >= 0.25 ? Math.max(1, step) : step
}

const CLOCK_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720].map((minutes) => minutes * MINUTE)
const DAY_STEPS = [1, 2, 7, 14]

/** At most `most` ticks, at hours, days (weeks begin on Mondays) or months of the place. */
export function timeTicks(from: Date, to: Date, timeZone: string, most: number): readonly Tick<Date>[] {
  const rough = (to.getTime() - from.getTime()) / most
  const clockStep = CLOCK_STEPS.find((each) => each >= rough)
  const days = midnights(from, to, timeZone)
  const isInside = ({ at }: Tick<Date>) => at >= from && at <= to
  if (clockStep !== undefined)
    return days.flatMap((day) => momentsOf(day, from, to, clockStep, timeZone)).filter(isInside)
  const dayStep = DAY_STEPS.find((each) => each * DAY >= rough)
  const wanted = days.filter(({ date }) => {
    if (dayStep === undefined) return date.endsWith('-01')
    // day 0 was a Thursday; weeks count from Mondays
    return (Math.round(Date.parse(date) / DAY) + (dayStep >= 7 ? 3 : 0)) % dayStep === 0
  })
  const every = dayStep === undefined ? Math.ceil(wanted.length / most) : 1
  return wanted
    .filter((_, index) => index % every === 0)
    .map(({ at, date }) => ({ at, label: dayStep === undefined ? monthText(date) : dayText(date) }))
    .filter(isInside)
}

interface Midnight {
  readonly at: Date
  readonly date: string
}

/** Of all local days that the spell touches. */
function midnights(from: Date, to: Date, timeZone: string): readonly Midnight[] {
  const first = Date.parse(wallClock(from, timeZone).date)
  const last = Date.parse(wallClock(to, timeZone).date)
  const count = Math.round((last - first) / DAY) + 1
  return Array.from({ length: count }, (_, index) => {
    const noon = new Date(first + index * DAY)
    const date = noon.toISOString().slice(0, 10)
    return { at: instantOf(date, 0, timeZone), date }
  })
}

/** When the clocks of the place show that minute of that day; where they skip it, the hour after. */
function instantOf(date: string, minute: number, timeZone: string): Date {
  const wanted = Date.parse(date) + minute * MINUTE
  let at = wanted
  // twice, since the offset may change between the guess and the moment
  for (let round = 0; round < 2; round += 1) {
    const clock = wallClock(new Date(at), timeZone)
    at += wanted - (Date.parse(clock.date) + clock.minute * MINUTE)
  }
  return new Date(at)
}

function momentsOf(
  { at: midnight, date }: Midnight,
  from: Date,
  to: Date,
  stepMs: number,
  timeZone: string,
): readonly Tick<Date>[] {
  const stepMinutes = stepMs / MINUTE
  // an hour more on either side, for days of 23 and 25 hours
  const least = Math.max(0, (from.getTime() - midnight.getTime() - HOUR) / MINUTE)
  const greatest = Math.min(1_439, (to.getTime() - midnight.getTime() + HOUR) / MINUTE)
  const ticks: Tick<Date>[] = []
  for (let minute = Math.ceil(least / stepMinutes) * stepMinutes; minute <= greatest; minute += stepMinutes)
    ticks.push({
      at: instantOf(date, minute, timeZone),
      label: minute === 0 ? dayText(date) : `${two(Math.floor(minute / 60))}:${two(minute % 60)}`,
    })
  return ticks
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (part: number) => String(part).padStart(2, '0')

function dayText(date: string): string {
  return `${Number(date.slice(8))} ${MONTHS[Number(date.slice(5, 7)) - 1]}`
}

function monthText(date: string): string {
  return date.slice(5, 7) === '01' ? date.slice(0, 4) : MONTHS[Number(date.slice(5, 7)) - 1]!
}
