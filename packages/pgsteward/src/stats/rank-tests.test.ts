import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hodgesLehmann, hodgesLehmannShift } from './hodges-lehmann.ts'
import { mannWhitney, mannWhitneyLower, signedRank, signedRankLower } from './rank-tests.ts'

test.each([
  [3, 1 / 20],
  [4, 1 / 70],
  [5, 1 / 252],
])('%d runs a side that are all above reach p = %d at best', (count, p) => {
  const base = Array.from({ length: count }, (_, index) => index)
  expect(
    mannWhitney(
      base,
      base.map((value) => value + 100),
    ),
  ).toBeCloseTo(p, 12)
  expect(
    mannWhitney(
      base.map((value) => value + 100),
      base,
    ),
  ).toBe(1)
})

test.each([
  [3, 1 / 8],
  [6, 1 / 64],
  [9, 1 / 512],
])('%d pairs that all point one way reach p = %d at best', (count, p) => {
  expect(signedRank(Array.from({ length: count }, (_, index) => index + 1))).toBeCloseTo(p, 12)
})

test('a textbook U', () => {
  // base 1, 3, 5, head 2, 4, 6: U = 6 of 9, of 20 orders 7 have as much
  expect(mannWhitney([1, 3, 5], [2, 4, 6])).toBeCloseTo(0.35, 12)
})

test('a bound is one that the test does not reject, and the next one it does', () => {
  const value = fc.double({ min: -10, max: 10, noNaN: true })
  fc.assert(
    fc.property(fc.uniqueArray(value, { minLength: 6, maxLength: 12 }), (values) => {
      const lower = signedRankLower(values, 0.025)!
      expect(signedRank(values.map((each) => each - lower - 1e-9))).toBeGreaterThan(0.025)
      expect(signedRank(values.map((each) => each - lower + 1e-9))).toBeLessThanOrEqual(0.05)
    }),
  )
})

test('too few values have no bound', () => {
  expect(signedRankLower([1, 2, 3], 0.025)).toBeNull()
  expect(mannWhitneyLower([1, 2, 3], [4, 5, 6], 0.025)).toBeNull()
  expect(mannWhitneyLower([1, 2, 3, 4, 5], [6, 7, 8, 9, 10], 0.025)).toBe(2)
})

test('one wild run does not move the estimate far', () => {
  expect(hodgesLehmann([1, 1.1, 0.9, 1, 50])).toBeCloseTo(1.05, 10)
  expect(hodgesLehmannShift([1, 1, 1, 1, 90], [2, 2, 2, 2, 2])).toBe(1)
})
