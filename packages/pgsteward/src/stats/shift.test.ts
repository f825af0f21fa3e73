import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pAbove, pBelow, type ShiftSample, shiftMoments, shiftOf } from './shift.ts'

const logs = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 2, maxLength: 9 })

test('paired: Student’s bounds with few pairs', () => {
  // mean 0.2, standard deviation 0.1, t(2, 5 %) = 2.920
  const shift = shiftOf({ kind: 'paired', differences: [0.1, 0.2, 0.3] }, 0.05)!
  expect(shift.estimate).toBeCloseTo(0.2, 10)
  expect(shift.lower).toBeCloseTo(0.2 - (2.92 * 0.1) / Math.sqrt(3), 4)
  expect(shift.upper).toBeCloseTo(0.2 + (2.92 * 0.1) / Math.sqrt(3), 4)
})

test('of nine pairs that agree but for a wild one, ranks keep the support', () => {
  const differences = [0.2, 0.22, 0.19, 0.21, 0.2, 0.23, 0.18, 0.2, 3]
  expect(pAbove({ kind: 'paired', differences }, 0.05)).toBeCloseTo(2 / 512, 10)
})

test('head of one occasion counts once, however many runs it has', () => {
  const base = [0, 0.1, -0.1, 0.05, -0.05]
  const few = shiftMoments({ kind: 'predicted', base, head: [0.3] })!
  const many = shiftMoments({ kind: 'predicted', base, head: [0.3, 0.3, 0.3, 0.3, 0.3] })!
  expect(many.standardError).toBe(few.standardError)
  expect(few.standardError).toBeGreaterThan(Math.sqrt(0.00625))
})

test.each<[string, ShiftSample]>([
  ['one pair', { kind: 'paired', differences: [1] }],
  ['one against one', { kind: 'predicted', base: [0], head: [1] }],
  ['nothing', { kind: 'unpaired', base: [], head: [1, 2] }],
])('%s knows no spread', (_name, sample) => {
  expect(shiftOf(sample, 0.05)).toBeNull()
  expect(pAbove(sample, 0)).toBe(1)
})

test('exchanged sides mirror estimate, bounds and p-values', () => {
  fc.assert(
    fc.property(logs, logs, fc.double({ min: 0, max: 0.5, noNaN: true }), (base, head, margin) => {
      for (const [one, other] of [
        [
          { kind: 'unpaired', base, head },
          { kind: 'unpaired', base: head, head: base },
        ],
        [
          { kind: 'paired', differences: base },
          { kind: 'paired', differences: base.map((each) => -each) },
        ],
      ] as const) {
        const [forth, back] = [shiftOf(one, 0.05)!, shiftOf(other, 0.05)!]
        expect(forth.estimate).toBeCloseTo(-back.estimate, 8)
        expect(forth.lower).toBeCloseTo(-back.upper, 6)
        expect(pAbove(one, margin)).toBeCloseTo(pBelow(other, margin), 8)
      }
    }),
  )
})

test('a higher margin is never easier to exceed, and the estimate lies within its bounds', () => {
  fc.assert(
    fc.property(logs, (differences) => {
      const sample = { kind: 'paired', differences } as const
      const { estimate, lower, upper } = shiftOf(sample, 0.05)!
      expect(lower).toBeLessThanOrEqual(estimate)
      expect(upper).toBeGreaterThanOrEqual(estimate)
      expect(pAbove(sample, 0.2)).toBeGreaterThanOrEqual(pAbove(sample, 0.1) - 1e-9)
    }),
  )
})
