import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normalCdf, normalQuantile } from './normal.ts'
import { tCritical, tTail } from './student-t.ts'

test.each([
  [0, 0.5],
  [1.959963984540054, 0.975],
  [-3, 0.0013498980316301],
  [-6, 9.865876450377e-10],
])('the normal distribution at %d', (z, ratio) => {
  expect(normalCdf(z)).toBeCloseTo(ratio, 12)
  expect(normalQuantile(ratio)).toBeCloseTo(z, 6)
})

// tables of Student's t, one-sided
test.each([
  [0.05, 1, 6.3138],
  [0.05, 2, 2.92],
  [0.025, 4, 2.7764],
  [0.01, 8, 2.8965],
  [0.001, 2, 22.327],
  [0.05, 1000, 1.6464],
])('Student’s t that is exceeded with %d at %d degrees of freedom', (tail, degrees, t) => {
  expect(tCritical(tail, degrees)).toBeCloseTo(t, 3)
  expect(tTail(t, degrees)).toBeCloseTo(tail, 4)
})

test('both sides of Student’s t make one', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -50, max: 50, noNaN: true }),
      fc.integer({ min: 1, max: 200 }),
      (t, degrees) => {
        expect(tTail(t, degrees) + tTail(-t, degrees)).toBeCloseTo(1, 10)
      },
    ),
  )
})
