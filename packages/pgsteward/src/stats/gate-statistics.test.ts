import { expect, test } from 'vitest'
import { adjustedPValues } from './benjamini-hochberg.ts'
import { quantile } from './order-statistics.ts'
import { detectableShift, repetitionsNeeded } from './power.ts'
import { medianAbsoluteDeviation, scaleOfSteps } from './robust-scale.ts'
import { compareProportions } from './two-proportions.ts'

test('Benjamini and Hochberg’s adjusted p-values keep the order and leave out what was not tested', () => {
  const adjusted = adjustedPValues([0.01, null, 0.04, 0.03, 0.005])
  expect(adjusted[1]).toBeNull()
  const expected = [0.02, 0, 0.04, 0.04, 0.02]
  for (const index of [0, 2, 3, 4]) expect(adjusted[index]).toBeCloseTo(expected[index]!, 12)
})

test('quantiles lie between order statistics, and wild values do not widen a robust scale', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
  expect(medianAbsoluteDeviation([1, 2, 3, 4, 1000])).toBeCloseTo(1.4826, 3)
  const stepOf = (level: number) => [1, 2, 1, 2, 1, 2, level, level + 1, level, level + 1, level]
  expect(scaleOfSteps(stepOf(11))).toBe(scaleOfSteps(stepOf(9_999)))
  expect(scaleOfSteps(stepOf(11))).toBeGreaterThan(0)
})

test('more repetitions see less, and the number needed is the first that does', () => {
  const alpha = () => 0.01
  expect(repetitionsNeeded(0.1, 0.2, alpha)).toBe(5)
  expect(repetitionsNeeded(0.2, 0.2, alpha)).toBeGreaterThan(5)
  expect(repetitionsNeeded(10, 0.01, alpha)).toBeNull()
  expect(repetitionsNeeded(0.1, 0, alpha)).toBeNull()
  expect(detectableShift(0.02, 8, 0.01, 0.05)).toBeCloseTo(0.05 + (2.8965 + 0.8889) * 0.02, 4)
})

test.each([
  [
    'a rise in all runs',
    [
      [1000, 1],
      [1000, 0],
      [1000, 2],
    ],
    [
      [1000, 30],
      [1000, 28],
      [1000, 33],
    ],
    true,
  ],
  [
    'no rise',
    [
      [1000, 5],
      [1000, 6],
      [1000, 4],
    ],
    [
      [1000, 6],
      [1000, 4],
      [1000, 5],
    ],
    false,
  ],
  [
    'one burst in one run, such as base has too',
    [
      [1000, 0],
      [1000, 80],
      [1000, 0],
    ],
    [
      [1000, 0],
      [1000, 0],
      [1000, 120],
    ],
    false,
  ],
] as const)('failures: %s', (_name, base, head, isRise) => {
  const of = (runs: readonly (readonly [number, number])[]) =>
    runs.map(([count, errors]) => ({ count, errors }))
  expect(compareProportions(of(base), of(head))!.pValue < 0.01).toBe(isRise)
})

test('without requests there is nothing to compare', () => {
  expect(compareProportions([], [{ count: 10, errors: 0 }])).toBeNull()
})
