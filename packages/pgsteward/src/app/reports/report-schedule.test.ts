import { expect, test } from 'vitest'
import { dueName, reportMoment, type ScheduledKind } from './report-schedule.ts'

const due = (kind: ScheduledKind, text: string, at: string, zone = 'Europe/Berlin') =>
  dueName(reportMoment(kind, text)!, new Date(at), zone)

test.each([
  // 2026-11-23 is a Monday
  ['daily', '07:30', '2026-11-23T06:29:00Z', '2026-11-21'],
  ['daily', '07:30', '2026-11-23T06:30:00Z', '2026-11-22'],
  ['daily', '00:00', '2026-11-22T23:00:00Z', '2026-11-22'],
  ['weekly', 'Mon 09:00', '2026-11-23T07:59:00Z', '2026-W46'],
  ['weekly', 'Mon 09:00', '2026-11-23T08:00:00Z', '2026-W47'],
  ['weekly', 'Mon 09:00', '2026-11-29T22:00:00Z', '2026-W47'],
  ['weekly', 'Sun 09:00', '2026-11-23T08:00:00Z', '2026-W46'],
  ['index-health', 'wed 09:00', '2026-11-25T08:00:00Z', '2026-W47'],
  ['weekly', 'Mon 09:00', '2027-01-04T08:00:00Z', '2026-W53'],
  ['weekly', 'Mon 09:00', '2027-01-11T08:00:00Z', '2027-W01'],
  ['monthly', '1 09:00', '2026-12-01T07:59:00Z', '2026-10'],
  ['monthly', '1 09:00', '2026-12-01T08:00:00Z', '2026-11'],
  ['monthly', '1 09:00', '2027-01-31T08:00:00Z', '2026-12'],
  ['optimization', '5 09:00', '2027-01-04T08:00:00Z', '2026-11'],
] as const)('%s at %s: at %s that of %s is due', (kind, text, at, name) => {
  expect(due(kind, text, at)).toBe(name)
})

test('by the clocks of the place', () => {
  expect(due('daily', '07:30', '2026-11-22T12:00:00Z', 'Pacific/Kiritimati')).toBe('2026-11-21')
  expect(due('daily', '07:30', '2026-11-22T18:00:00Z', 'Pacific/Kiritimati')).toBe('2026-11-22')
  // half an hour after two, which this night skips
  expect(due('daily', '02:30', '2026-03-29T01:05:00Z')).toBe('2026-03-28')
})

test.each([
  ['daily', 'Mon 07:30'],
  ['daily', '24:00'],
  ['weekly', '09:00'],
  ['weekly', 'Noday 09:00'],
  ['monthly', '31 09:00'],
  ['monthly', 'Mon 09:00'],
] as const)('%s at %s is no moment', (kind, text) => {
  expect(reportMoment(kind, text)).toBeNull()
})
