import fc from 'fast-check'
import { expect, test } from 'vitest'
import { changePoints } from './change-points.ts'

/** Noise that is the same each time: sines of irrational steps, between -1 and 1. */
const noise = (at: number) => (Math.sin(at * 12.9898) * 43758.5453) % 1
const series = (length: number, level: (at: number) => number) =>
  Array.from({ length }, (_, at) => level(at) + noise(at))
const indices = (...args: Parameters<typeof changePoints>) => changePoints(...args).map(({ index }) => index)

test('a step is found at its first point, with the levels on both sides', () => {
  const [change, ...more] = changePoints(series(60, (at) => (at < 40 ? 20 : 26)))
  expect(more).toEqual([])
  expect(change!.index).toBe(40)
  expect(change!.before).toBeCloseTo(20, 0)
  expect(change!.after).toBeCloseTo(26, 0)
  expect(change!.confidence).toBeGreaterThan(0.99)
})

test.each([
  ['no points', []],
  ['three points', [1, 1, 50]],
  ['a constant', Array(50).fill(7)],
  ['nothing but gaps', Array(20).fill(null)],
  ['noise', series(200, () => 20)],
  ['one wild point', series(100, (at) => (at === 50 ? 200 : 20))],
  ['a straight trend', series(100, (at) => at * 0.5)],
  ['a season', series(120, (at) => [0, 9, 3, 12, 1, 7, 5][at % 7]! * 3)],
])('%s: no change', (_name, values) => {
  expect(indices(values)).toEqual([])
})

test('a step within a season, and one after a gap', () => {
  const [seasonal] = indices(series(140, (at) => [0, 9, 3, 12, 1, 7, 5][at % 7]! + (at < 70 ? 0 : 15)))
  expect(Math.abs(seasonal! - 70)).toBeLessThanOrEqual(3)
  const gappy = series(60, (at) => (at < 30 ? 10 : 20)).map((value, at) => (at % 9 === 4 ? null : value))
  expect(indices(gappy)).toEqual([30])
})

test('a trend that bends', () => {
  const [bend, ...more] = indices(series(120, (at) => (at < 60 ? at : 120 - at)))
  expect(more).toEqual([])
  expect(Math.abs(bend! - 60)).toBeLessThanOrEqual(5)
})

test('dimensions share their change', () => {
  const one = series(60, (at) => (at < 25 ? 10 : 13))
  const other = series(60, (at) => (at < 25 ? 90 : 87))
  expect(indices([one, other])).toEqual([25])
})

test('a hundred thousand points are placed to the point', () => {
  expect(indices(series(100_000, (at) => (at < 60_123 ? 20 : 30)))).toEqual([60_123])
}, 120_000)

test('unit and zero of a series do not matter', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 10, max: 50 }),
      fc.constantFrom(0.001, 1000),
      fc.constantFrom(0, 512),
      (step, factor, zero) => {
        const values = series(60, (at) => (at < step ? 20 : 30))
        expect(indices(values.map((value) => value * factor + zero))).toEqual(indices(values))
      },
    ),
    { numRuns: 10 },
  )
})
