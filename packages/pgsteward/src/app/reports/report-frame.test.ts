import { expect, test } from 'vitest'
import { keptWindow, type ReportFrame } from './report-frame.ts'

const DAY = 86_400_000
const frame = {
  madeAt: new Date('2026-11-23T06:00:00Z'),
  config: { store: { keepHourly: 35 * DAY } },
} as unknown as ReportFrame
const window = (from: string, to: string) => ({ from: new Date(from), to: new Date(to) })

test('a day of Berlin within what is kept by hours is exact', () => {
  const day = window('2026-11-01T23:00:00Z', '2026-11-02T23:00:00Z')
  expect(keptWindow(frame, day)).toBe(day)
})

test('an older one is that of UTC which it overlaps most', () => {
  const day = window('2026-08-01T22:00:00Z', '2026-08-02T22:00:00Z')
  expect(keptWindow(frame, day)).toEqual(window('2026-08-02T00:00:00Z', '2026-08-03T00:00:00Z'))
})

test('one of UTC stays as it is', () => {
  const day = window('2026-08-02T00:00:00Z', '2026-08-03T00:00:00Z')
  expect(keptWindow(frame, day)).toBe(day)
})
