import { expect, test } from 'vitest'
import { compareMeans, weightedMean } from './weighted-mean.ts'

const even = (...means: number[]) => means.map((mean) => ({ weight: 10, mean }))

test('weights count, empty buckets do not', () => {
  expect(weightedMean([])).toBe(null)
  expect(weightedMean([{ weight: 0, mean: 7 }])).toBe(null)
  expect(
    weightedMean([
      { weight: 1, mean: 10 },
      { weight: 3, mean: 2 },
    ]),
  ).toEqual({ mean: 4, standardError: null })
})

test('of buckets of one weight the error is that of their mean', () => {
  // standard deviation 1, four buckets
  expect(weightedMean(even(9, 10, 10, 11))!.standardError).toBeCloseTo(Math.sqrt(2 / 3) / 2, 10)
  expect(weightedMean(even(5, 5, 5))!.standardError).toBe(0)
})

test.each([
  ['a tenth of it', even(10, 11, 9), even(1, 1.1, 0.9), 'lower'],
  ['twice as much', even(10, 11, 9), even(20, 21, 19), 'higher'],
  ['a twentieth less, however sure', even(10, 10, 10), even(9.5, 9.5, 9.5), 'alike'],
  ['a third less within a wide spread', even(2, 20, 8), even(1, 15, 4), 'alike'],
  ['half of it, where the spread is not known', even(10), even(5), 'lower'],
] as const)('%s', (_name, before, after, expected) => {
  expect(compareMeans(weightedMean(before)!, weightedMean(after)!, 0.1)).toBe(expected)
})
