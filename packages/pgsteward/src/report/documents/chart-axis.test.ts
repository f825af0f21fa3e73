import { expect, test } from 'vitest'
import { timeTicks, valueAxis } from './chart-axis.ts'

test.each([
  [0, 187, 'ms', ['0', '50 ms', '100 ms', '150 ms', '200 ms']],
  [0, 5_400_000, 'ms', ['0', '30 min', '1 h', '1 h 30 min']],
  [3e9, 9e9, 'bytes', ['0', '4 GB', '8 GB', '12 GB']],
  [0.97, 0.995, 'ratio', ['90 %', '95 %', '100 %']],
  [0.001, 0.02, 'ratio', ['0', '0.5 %', '1 %', '1.5 %', '2 %']],
  [0, 0, 'count', ['0', '1']],
  [0, 0.14, 'count', ['0', '0.05', '0.1', '0.15']],
  [-20, 30, 'count', ['-20', '0', '20', '40']],
] as const)('from %d to %d %s', (least, greatest, unit, labels) => {
  expect(valueAxis(least, greatest, unit).ticks.map(({ label }) => label)).toEqual(labels)
})

const labels = (from: string, to: string, timeZone: string, most: number) =>
  timeTicks(new Date(from), new Date(to), timeZone, most).map(({ label }) => label)

test('a day has hours of the place', () => {
  expect(labels('2026-11-21T23:00:00Z', '2026-11-22T23:00:00Z', 'Europe/Berlin', 5)).toEqual([
    '22 Nov',
    '06:00',
    '12:00',
    '18:00',
    '23 Nov',
  ])
  expect(labels('2026-11-22T02:00:00Z', '2026-11-22T03:30:00Z', 'Asia/Kolkata', 4)).toEqual([
    '07:30',
    '08:00',
    '08:30',
    '09:00',
  ])
})

test('where clocks are put back, ticks stay at the hours that clocks show', () => {
  const ticks = timeTicks(
    new Date('2026-10-24T22:00:00Z'),
    new Date('2026-10-25T23:00:00Z'),
    'Europe/Berlin',
    5,
  )
  expect(ticks.map(({ at, label }) => [at.toISOString().slice(0, 16), label])).toEqual([
    ['2026-10-24T22:00', '25 Oct'],
    ['2026-10-25T05:00', '06:00'],
    ['2026-10-25T11:00', '12:00'],
    ['2026-10-25T17:00', '18:00'],
    ['2026-10-25T23:00', '26 Oct'],
  ])
})

test('weeks begin on Mondays, and years are named at their beginning', () => {
  expect(labels('2026-10-31T23:00:00Z', '2026-11-30T23:00:00Z', 'Europe/Berlin', 6)).toEqual([
    '2 Nov',
    '9 Nov',
    '16 Nov',
    '23 Nov',
    '30 Nov',
  ])
  expect(labels('2026-10-15T00:00:00Z', '2027-03-15T00:00:00Z', 'UTC', 8)).toContain('2027')
})
