import { expect, test } from 'vitest'
import { CallBudget } from './call-budget.ts'

const grant = (name: string) => ({
  name,
  by: 'token' as const,
  role: 'viewer' as const,
  scopes: new Set(['read'] as const),
  targets: null,
})

test('X5 so many calls a minute are answered, then one each time a share of the minute has passed, for each caller alone', () => {
  let seconds = 0
  const budget = new CallBudget(3, () => new Date(seconds * 1000))
  const answers = () => [1, 2, 3, 4].map(() => budget.take(grant('loop')) === null)
  expect(answers()).toEqual([true, true, true, false])
  expect(budget.take(grant('other'))).toBeNull()
  expect(budget.take(grant('loop'))).toEqual({
    because: '"loop" asked 3 times within a minute; the next call is answered in 20 s',
    isFirst: false,
  })
  seconds = 20
  expect(answers()).toEqual([true, false, false, false])
  seconds = 3600
  expect(answers()).toEqual([true, true, true, false])
})

test('X5 of refusals in a row the first is marked, for the log', () => {
  const budget = new CallBudget(1, () => new Date(0))
  expect(budget.take(grant('loop'))).toBeNull()
  expect(budget.take(grant('loop'))?.isFirst).toBe(true)
  expect(budget.take(grant('loop'))?.isFirst).toBe(false)
})
