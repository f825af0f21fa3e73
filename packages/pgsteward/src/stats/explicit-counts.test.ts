import { expect, test } from 'vitest'
import { countDurations } from './duration-histogram.ts'
import { explicitCounts } from './explicit-counts.ts'

test('durations stand below the first bound that they do not exceed, and above all in the last count', () => {
  const counts = countDurations([0, 3, 40, 40, 95, 900, 70_000])
  expect(explicitCounts(counts, [5, 50, 100, 1000])).toEqual([2, 2, 1, 1, 1])
})

test('nothing is lost and nothing is counted twice', () => {
  const durations = Array.from({ length: 2000 }, (_, index) => 1.01 ** index / 1000)
  const counts = explicitCounts(countDurations(durations), [1, 2, 5, 10, 100])
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2000)
  expect(counts.every((count) => count >= 0)).toBe(true)
})
