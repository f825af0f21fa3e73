import { expect, test } from 'vitest'
import { whenReached } from './when-reached.ts'

const points = [1, 2, 3, 4].map((day) => ({
  atMs: day,
  value: 10 * day,
  lower: 10 * day - 10,
  upper: 10 * day + 10,
}))

test('a limit above is reached from below: at the earliest by the upper bound', () => {
  expect(whenReached(points, 0, 30)).toEqual({ expectedMs: 3, earliestMs: 2, latestMs: 4 })
})

test('a limit that is not reached within the horizon is not', () => {
  expect(whenReached(points, 0, 45)).toEqual({ expectedMs: null, earliestMs: 4, latestMs: null })
  expect(whenReached(points, 0, 100)).toEqual({ expectedMs: null, earliestMs: null, latestMs: null })
})

test('a limit below is reached from above', () => {
  const falling = points.map(({ atMs, value, lower, upper }) => ({
    atMs,
    value: -value,
    lower: -upper,
    upper: -lower,
  }))
  expect(whenReached(falling, 0, -30)).toEqual({ expectedMs: 3, earliestMs: 2, latestMs: 4 })
})
