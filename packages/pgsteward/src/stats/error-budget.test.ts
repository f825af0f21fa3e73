import { expect, test } from 'vitest'
import { burnRate, errorBudget, lastsForMs } from './error-budget.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

test('99.9 % over 30 days allow 43.2 minutes (N5)', () => {
  const budget = errorBudget({ all: 30 * DAY, bad: 10.8 * MINUTE }, 0.999)
  expect(budget.allowed / MINUTE).toBeCloseTo(43.2, 6)
  expect(budget.left / MINUTE).toBeCloseTo(32.4, 6)
  expect(budget.leftRatio).toBeCloseTo(0.75, 6)
})

test('a budget can be overspent, and one of nothing is whole', () => {
  expect(errorBudget({ all: 1_000, bad: 3 }, 0.999).leftRatio).toBeCloseTo(-2, 6)
  expect(errorBudget({ all: 0, bad: 0 }, 0.999)).toEqual({ allowed: 0, spent: 0, left: 0, leftRatio: 1 })
})

test('what is bad all the time burns a thousand times as fast as 99.9 % allow', () => {
  expect(burnRate({ all: 60, bad: 60 }, 0.999)).toBeCloseTo(1_000, 6)
  expect(burnRate({ all: 1_000, bad: 1 }, 0.999)).toBeCloseTo(1, 6)
  expect(burnRate({ all: 0, bad: 0 }, 0.999)).toBe(0)
})

test('a burn of 14.4 spends a fiftieth of 30 days in an hour, and all of it in 50', () => {
  expect(lastsForMs(1, 14.4, 30 * DAY)! / (60 * MINUTE)).toBeCloseTo(50, 6)
  expect(lastsForMs(0.5, 1, 30 * DAY)).toBe(15 * DAY)
  expect(lastsForMs(-1, 1, 30 * DAY)).toBe(0)
  expect(lastsForMs(1, 0, 30 * DAY)).toBeNull()
})
