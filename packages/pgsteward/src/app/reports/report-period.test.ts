import fc from 'fast-check'
import { expect, test } from 'vitest'
import { beginOfDay, daysOf, periodFor, periodsBefore, previousPeriod } from './report-period.ts'

const now = new Date('2026-11-23T13:05:00Z')
const HOUR = 3_600_000
const hours = ({ from, to }: { from: Date; to: Date }) => (to.getTime() - from.getTime()) / HOUR

test.each([
  ['2026-11-22', 'UTC', '2026-11-22T00:00:00.000Z'],
  ['2026-11-22', 'Europe/Berlin', '2026-11-21T23:00:00.000Z'],
  ['2026-11-22', 'America/New_York', '2026-11-22T05:00:00.000Z'],
  ['2026-11-22', 'Asia/Kolkata', '2026-11-21T18:30:00.000Z'],
  ['2026-11-22', 'Pacific/Kiritimati', '2026-11-21T10:00:00.000Z'],
  ['2026-11-22', 'Etc/GMT+12', '2026-11-22T12:00:00.000Z'],
  // clocks go forward over midnight: the day begins at one
  ['2026-04-24', 'Africa/Cairo', '2026-04-23T22:00:00.000Z'],
])('%s begins in %s at %s', (date, zone, begin) => {
  expect(beginOfDay(date, zone).toISOString()).toBe(begin)
})

test.each([
  ['2026-03-29', 23],
  ['2026-10-25', 25],
  ['2026-11-22', 24],
])('%s has %d hours in Berlin', (date, length) => {
  expect(hours(periodFor('day', date, 'Europe/Berlin', now))).toBe(length)
})

test('a week over a change of clocks is an hour longer, and its days join without a gap', () => {
  const week = periodFor('week', '2026-10-25', 'Europe/Berlin', now)
  expect(hours(week)).toBe(7 * 24 + 1)
  const days = daysOf(week)
  expect(days.map(hours)).toEqual([24, 24, 24, 24, 24, 24, 25])
  expect(days[0]!.from).toEqual(week.from)
  expect(days.at(-1)!.to).toEqual(week.to)
})

test.each([
  ['day', 'last', '2026-11-22', '22 November 2026'],
  ['day', '2026-02-28', '2026-02-28', '28 February 2026'],
  ['week', 'last', '2026-W47', 'Week 47 of 2026, 16 to 22 November 2026'],
  ['week', '2026-W01', '2026-W01', 'Week 1 of 2026, 29 December 2025 to 4 January 2026'],
  ['week', '2025-12-31', '2026-W01', 'Week 1 of 2026, 29 December 2025 to 4 January 2026'],
  ['week', '2021-01-01', '2020-W53', 'Week 53 of 2020, 28 December 2020 to 3 January 2021'],
  ['week', '2026-10-01', '2026-W40', 'Week 40 of 2026, 28 September to 4 October 2026'],
  ['month', 'last', '2026-10', 'October 2026'],
  ['month', '2026-02', '2026-02', 'February 2026'],
] as const)('%s %s is %s', (length, wanted, name, label) => {
  expect(periodFor(length, wanted, 'UTC', now)).toMatchObject({ name, label, isOver: true })
})

test('what is not over ends now, and says until when by the clock of the place', () => {
  expect(periodFor('day', 'current', 'Europe/Berlin', now)).toMatchObject({
    to: now,
    isOver: false,
    label: '23 November 2026, until 14:05',
  })
  expect(periodFor('week', 'current', 'UTC', now).label).toBe(
    'Week 48 of 2026, 23 to 29 November 2026, until 2026-11-23 13:05',
  )
})

test('shortly after midnight the last day is that of the place', () => {
  const midnight = new Date('2026-11-22T23:30:00Z')
  expect(periodFor('day', 'last', 'Europe/Berlin', midnight).name).toBe('2026-11-22')
  expect(periodFor('day', 'last', 'UTC', midnight).name).toBe('2026-11-21')
})

test('a period goes with the one before as far as it goes itself', () => {
  const today = periodFor('day', 'current', 'UTC', now)
  expect(previousPeriod(today)).toMatchObject({
    name: '2026-11-22',
    to: new Date('2026-11-22T13:05:00Z'),
  })
  expect(previousPeriod(periodFor('month', '2026-03', 'UTC', now)).to).toEqual(
    new Date('2026-03-01T00:00:00Z'),
  )
  const cut = periodsBefore(periodFor('week', 'current', 'UTC', now), 3)
  expect(cut.map(({ name, to }) => [name, to.toISOString()])).toEqual([
    ['2026-W47', '2026-11-16T13:05:00.000Z'],
    ['2026-W46', '2026-11-09T13:05:00.000Z'],
    ['2026-W45', '2026-11-02T13:05:00.000Z'],
  ])
  const weeks = periodsBefore(periodFor('week', '2026-W02', 'Europe/Berlin', now), 3)
  expect(weeks.map(({ name }) => name)).toEqual(['2026-W01', '2025-W52', '2025-W51'])
})

test.each(['2026-02-30', '2026-W54', 'yesterday', '2026-13', '2025-W53', '2026-11-24'])(
  '%s is refused in words',
  (wanted) => {
    expect(() => periodFor('day', wanted, 'UTC', now)).toThrow(/no day, week or month|has not begun/)
  },
)

test('periods of every length and place join without a gap or an overlap', () => {
  const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Africa/Cairo', 'Pacific/Auckland')
  const moment = fc.date({ min: new Date('2020-01-01'), max: new Date('2026-10-01'), noInvalidDate: true })
  fc.assert(
    fc.property(zone, moment, fc.constantFrom('day', 'week', 'month'), (timeZone, at, length) => {
      const last = periodFor(length, 'last', timeZone, at)
      const current = periodFor(length, 'current', timeZone, at)
      expect(last.to).toEqual(current.from)
      expect(previousPeriod(last).to).toEqual(last.from)
      expect(current.to.getTime() === at.getTime() || current.isOver).toBe(true)
      const days = daysOf(last)
      expect(days[0]!.from).toEqual(last.from)
      expect(days.at(-1)!.to).toEqual(last.to)
      for (const [place, day] of days.slice(1).entries()) expect(day.from).toEqual(days[place]!.to)
      expect(days.map(hours).every((each) => each >= 23 && each <= 25)).toBe(true)
    }),
    { numRuns: 60 },
  )
})
