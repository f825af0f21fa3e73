import { expect, test } from 'vitest'
import { backTest, meanError, originsOf } from './back-test.ts'
import type { Model } from './models.ts'

const LINE: Model = { trend: 'linear', season: null, isLogarithmic: false }

test('a trial knows nothing of what came after it', () => {
  const values = Array.from({ length: 60 }, (_, at) => at)
  const origins = originsOf(values.length, 10)!
  const before = backTest(values, LINE, origins)!
  const [first] = origins.known
  const changed = values.map((value, at) => (at >= first! ? value * 100 : value))
  const after = backTest(changed, LINE, origins)!
  expect(after[0]!.forecast).toEqual(before[0]!.forecast)
  expect(after.at(-1)!.forecast).not.toEqual(before.at(-1)!.forecast)
})

test('a line on a line is never off', () => {
  const values = Array.from({ length: 40 }, (_, at) => 3 + 2 * at)
  expect(meanError(backTest(values, LINE, originsOf(40, 10)!)!)).toBeCloseTo(0, 9)
})

test('the latter part of the series is tried, a third of it ahead at most', () => {
  const { known, ahead } = originsOf(90, 365)!
  expect(ahead).toBe(30)
  expect(known[0]).toBe(36)
  expect(known.at(-1)).toBe(82)
  expect(originsOf(8, 3)).toBeNull()
})

test('a season of which too little was seen is no model', () => {
  const values = Array.from({ length: 40 }, (_, at) => at % 7)
  expect(backTest(values, { ...LINE, season: 24 }, originsOf(40, 5)!)).toBeNull()
})
