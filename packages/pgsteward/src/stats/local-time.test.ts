import { expect, test } from 'vitest'
import { addDays, daysBetween, instantOf, spellsOf, weekdayOf } from './local-time.ts'
import { wallClock } from './weekly-window.ts'

const NINE = 9 * 60

test('nine o’clock is nine o’clock on both sides of a change of daylight saving', () => {
  expect(instantOf('2026-10-24', NINE, 'Europe/Berlin')).toEqual(new Date('2026-10-24T07:00:00Z'))
  expect(instantOf('2026-10-25', NINE, 'Europe/Berlin')).toEqual(new Date('2026-10-25T08:00:00Z'))
  expect(instantOf('2026-03-29', NINE, 'Europe/Berlin')).toEqual(new Date('2026-03-29T07:00:00Z'))
  expect(instantOf('2026-11-01', NINE, 'America/New_York')).toEqual(new Date('2026-11-01T14:00:00Z'))
  expect(instantOf('2026-04-05', NINE, 'Australia/Lord_Howe')).toEqual(new Date('2026-04-04T22:30:00Z'))
})

test('of a time that is shown twice the first counts, one that is skipped comes as much later', () => {
  expect(instantOf('2026-10-25', 150, 'Europe/Berlin')).toEqual(new Date('2026-10-25T00:30:00Z'))
  expect(instantOf('2026-03-29', 150, 'Europe/Berlin')).toEqual(new Date('2026-03-29T01:30:00Z'))
  expect(instantOf('2026-11-01', 90, 'America/New_York')).toEqual(new Date('2026-11-01T05:30:00Z'))
  // half an hour: 02:00 to 02:30 is skipped
  expect(instantOf('2026-10-04', 135, 'Australia/Lord_Howe')).toEqual(new Date('2026-10-03T15:45:00Z'))
  // at midnight
  expect(instantOf('2026-03-08', 0, 'America/Havana')).toEqual(new Date('2026-03-08T05:00:00Z'))
  // a whole day: Samoa went over the date line
  expect(instantOf('2011-12-30', NINE, 'Pacific/Apia')).toEqual(instantOf('2011-12-31', NINE, 'Pacific/Apia'))
})

test('is the inverse of the wall clock, hour by hour through two years', () => {
  for (const timeZone of ['Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Australia/Lord_Howe']) {
    for (let ms = Date.parse('2025-01-01T00:15:00Z'); ms < Date.parse('2027-01-01'); ms += 7 * 3_600_000) {
      const { date, minute } = wallClock(new Date(ms), timeZone)
      const found = instantOf(date, minute, timeZone).getTime()
      // an hour that comes twice is named by its first
      expect([0, 1_800_000, 3_600_000]).toContain(ms - found)
    }
  }
})

test('days of the calendar', () => {
  expect(addDays('2028-02-28', 2)).toBe('2028-03-01')
  expect(daysBetween('2026-10-20', '2026-11-03')).toBe(14)
  expect(weekdayOf('2026-11-23')).toBe(1)
})

test('a weekly spell over the change is one piece, an hour longer or shorter', () => {
  const night = { days: ['sat'], fromMinute: 22 * 60, toMinute: 6 * 60, timeZone: 'Europe/Berlin' } as const
  const touching = (date: string) =>
    spellsOf(night, { from: new Date(`${date}T12:00:00Z`), until: new Date(`${addDays(date, 1)}T12:00:00Z`) })
  expect(touching('2026-10-24')).toEqual([
    { from: new Date('2026-10-24T20:00:00Z'), until: new Date('2026-10-25T05:00:00Z') },
  ])
  expect(touching('2026-03-28')).toEqual([
    { from: new Date('2026-03-28T21:00:00Z'), until: new Date('2026-03-29T04:00:00Z') },
  ])
  expect(touching('2026-11-02')).toEqual([])
})

test('a spell that is under way at the beginning is in it, one that ends there is not', () => {
  const day = { days: ['mon'], fromMinute: NINE, toMinute: 17 * 60, timeZone: 'UTC' } as const
  const at = (from: string, until: string) =>
    spellsOf(day, { from: new Date(`2026-11-23T${from}Z`), until: new Date(`2026-11-23T${until}Z`) }).length
  expect(at('12:00:00', '12:00:01')).toBe(1)
  expect(at('17:00:00', '18:00:00')).toBe(0)
  expect(at('08:00:00', '09:00:00')).toBe(0)
})
