import { expect, test } from 'vitest'
import { dueDay } from './daily-moment.ts'

const HOUR = 3_600_000
const BERLIN = { minute: 8 * 60, timeZone: 'Europe/Berlin' }

test.each([
  { it: 'is not due before its moment', at: '2026-11-23T06:59:00Z', day: null },
  { it: 'is due from its moment on', at: '2026-11-23T07:00:00Z', day: '2026-11-23' },
  { it: 'is due while it is not too late', at: '2026-11-23T12:59:00Z', day: '2026-11-23' },
  { it: 'is not made up for once it is', at: '2026-11-23T13:01:00Z', day: null },
  { it: 'is an hour earlier by UTC in summer', at: '2026-07-01T06:00:00Z', day: '2026-07-01' },
])('$it', ({ at, day }) => {
  expect(dueDay(BERLIN, new Date(at), 6 * HOUR)).toBe(day)
})

test('after midnight that of the day before is still due', () => {
  const late = { minute: 23 * 60, timeZone: 'America/New_York' }
  // 01:30 of the 1st of March there
  expect(dueDay(late, new Date('2026-03-01T06:30:00Z'), 3 * HOUR)).toBe('2026-02-28')
  expect(dueDay(late, new Date('2026-03-01T06:30:00Z'), 2 * HOUR)).toBeNull()
})

test('a moment that clocks are put forward over is due when they are, and one that comes twice has one name', () => {
  const night = { minute: 2 * 60 + 30, timeZone: 'Europe/Berlin' }
  expect(dueDay(night, new Date('2026-03-29T00:59:00Z'), HOUR)).toBeNull()
  expect(dueDay(night, new Date('2026-03-29T01:00:00Z'), HOUR)).toBe('2026-03-29')
  for (const at of ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'])
    expect(dueDay(night, new Date(at), HOUR)).toBe('2026-10-25')
})
