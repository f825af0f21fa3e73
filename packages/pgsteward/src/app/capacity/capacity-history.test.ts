import { expect, test } from 'vitest'
import type { Series } from '../../model/fact.ts'
import { peakOf, summed } from './capacity-history.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const series = (points: readonly (readonly [number, number])[], labels = {}): Series => ({
  name: 'pool.used',
  unit: 'count',
  labels,
  points: points.map(([at, value]) => [new Date(at), value]),
})

test('processes that report at moments of their own are added up, each by its mean', () => {
  const one = series([
    [0, 2],
    [20_000, 4],
    [70_000, 8],
  ])
  const other = series([[45_000, 10]])
  expect(summed([one, other], 60_000)).toEqual([
    { atMs: 0, value: 13 },
    { atMs: 60_000, value: 8 },
  ])
})

test('a peak is the days’ busiest hours, times how far the busiest minutes stand above theirs', () => {
  // 20 days: 10 a second, 50 in the tenth hour
  const hours = Array.from({ length: 20 * 24 }, (_, at) => ({
    atMs: at * HOUR,
    value: at % 24 === 10 ? 50 : 10,
  }))
  // a tenth of the busiest hour's minutes at twice the rate; a busier ratio in a quiet hour does not count
  const minutes = [
    ...Array.from({ length: 60 }, (_, at) => ({
      atMs: 19 * DAY + 10 * HOUR + at * 60_000,
      value: at % 10 === 0 ? 90 : 45,
    })),
    ...Array.from({ length: 60 }, (_, at) => ({
      atMs: 19 * DAY + 3 * HOUR + at * 60_000,
      value: at % 10 === 0 ? 20 : 1,
    })),
  ]
  const { peak, busyHour, mean, days } = peakOf(hours, minutes)!
  expect([busyHour, days]).toEqual([50, 20])
  expect(mean).toBeCloseTo((23 * 10 + 50) / 24, 9)
  expect(peak).toBeCloseTo((50 * 90) / 49.5, 9)
})

test('without minutes the hours stand alone, and nothing is no peak', () => {
  expect(peakOf([{ atMs: 0, value: 7 }], [])).toMatchObject({ peak: 7, busyHour: 7 })
  expect(peakOf([], [])).toBeNull()
})
