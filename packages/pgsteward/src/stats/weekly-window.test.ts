import { describe, expect, test } from 'vitest'
import { isWithin, minuteOfDay, type WeeklyWindow } from './weekly-window.ts'

const sunday: WeeklyWindow = { days: ['sun'], fromMinute: 120, toMinute: 240, timeZone: 'Europe/Berlin' }
const overnight: WeeklyWindow = { days: ['fri'], fromMinute: 1_380, toMinute: 60, timeZone: 'UTC' }

describe('a window is kept by the wall clock of its place', () => {
  test.each([
    ['2026-11-22T00:59:59Z', false],
    ['2026-11-22T01:00:00Z', true],
    ['2026-11-22T02:59:59Z', true],
    ['2026-11-22T03:00:00Z', false],
    ['2026-11-23T01:30:00Z', false],
    // summer time: an hour earlier by UTC
    ['2026-07-05T00:00:00Z', true],
    ['2026-07-05T02:00:00Z', false],
    // 25 October, clocks back at 03:00: the hour from 2 to 3 comes twice
    ['2026-10-25T00:30:00Z', true],
    ['2026-10-25T01:30:00Z', true],
    ['2026-10-25T03:00:00Z', false],
    // 29 March, clocks forward at 02:00: it begins at 03:00
    ['2026-03-29T00:59:00Z', false],
    ['2026-03-29T01:00:00Z', true],
  ])('Sunday from 02:00 to 04:00 in Berlin, %s: %s', (at, expected) => {
    expect(isWithin(sunday, new Date(at))).toBe(expected)
  })

  test.each([
    ['2026-11-20T22:59:00Z', false],
    ['2026-11-20T23:00:00Z', true],
    ['2026-11-21T00:59:00Z', true],
    ['2026-11-21T01:00:00Z', false],
    ['2026-11-21T23:30:00Z', false],
  ])('Friday from 23:00 to 01:00, %s: %s', (at, expected) => {
    expect(isWithin(overnight, new Date(at))).toBe(expected)
  })

  test('one that ends where it begins lasts a day', () => {
    const day: WeeklyWindow = { days: ['sat'], fromMinute: 0, toMinute: 0, timeZone: 'UTC' }
    expect(isWithin(day, new Date('2026-11-21T00:00:00Z'))).toBe(true)
    expect(isWithin(day, new Date('2026-11-21T23:59:00Z'))).toBe(true)
    expect(isWithin(day, new Date('2026-11-22T00:00:00Z'))).toBe(false)
  })
})

test.each([
  ['02:00', 120],
  ['0:05', 5],
  ['24:00', 1_440],
  ['24:01', null],
  ['12:60', null],
  ['noon', null],
])('%s is %s', (text, minute) => {
  expect(minuteOfDay(text)).toBe(minute)
})
