import { expect, test } from 'vitest'
import { proportionAbove } from './one-proportion.ts'

const days = (...all: readonly (readonly [count: number, errors: number])[]) =>
  all.map(([count, errors]) => ({ count, errors }))
const even = (count: number, errors: number) => days(...Array<[number, number]>(7).fill([count, errors]))

test('nothing has no share', () => {
  expect(proportionAbove([], 0.01)).toBeNull()
  expect(proportionAbove(even(0, 0), 0.01)).toBeNull()
})

test('far above the limit on each day is no chance', () => {
  const { ratio, pValue } = proportionAbove(even(10_000, 100), 0.005)!
  expect(ratio).toBeCloseTo(0.01, 12)
  expect(pValue).toBeLessThan(0.001)
})

test('three of two hundred may be chance where one is allowed', () => {
  expect(proportionAbove(days([200, 3]), 0.005)!.pValue).toBeCloseTo(0.0226, 3)
  expect(proportionAbove(days([200, 2]), 0.005)!.pValue).toBeGreaterThan(0.05)
})

test('the same share is supported less where one day made it', () => {
  const burst = days([1_000, 0], [1_000, 0], [1_000, 0], [1_000, 70], [1_000, 0], [1_000, 0], [1_000, 0])
  expect(proportionAbove(burst, 0.005)!.pValue).toBeGreaterThan(0.05)
  expect(proportionAbove(even(1_000, 10), 0.005)!.pValue).toBeLessThan(0.001)
})

test('under the limit it is never supported', () => {
  expect(proportionAbove(even(10_000, 49), 0.005)!.pValue).toBeGreaterThan(0.5)
})
