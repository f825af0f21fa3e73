import type { CapacityLimitWire, CapacityPlanWire } from 'pgsteward/wire'
import { describe, expect, it } from 'vitest'
import { formatCapacity, headline, limitState, reachedWords } from './capacity-words.ts'

const NOW = '2026-03-10T12:00:00.000Z'
const none = {
  expectedAt: null,
  earliestAt: null,
  latestAt: null,
  searchedUntil: '2027-03-10T00:00:00.000Z',
}
const limit = (over: Partial<CapacityLimitWire> = {}): CapacityLimitWire => ({
  id: 'disk',
  label: 'disk',
  measure: 'storage',
  unit: 'bytes',
  value: 100,
  source: 'capacity.limits',
  now: 50,
  nowWithUsers: 50,
  usedRatio: 0.5,
  withUsers: none,
  ...none,
  ...over,
})
const plan = (limits: readonly CapacityLimitWire[], historyDays = 100) =>
  ({ limits, historyDays, at: NOW }) as unknown as CapacityPlanWire
const coming = { expectedAt: '2026-04-09T12:00:00.000Z', earliestAt: '2026-03-30T12:00:00.000Z' }

describe('dates', () => {
  it.each([
    [none, 'not by 2027-03-10'],
    [{ ...none, ...coming }, '2026-04-09, 2026-03-30 at the earliest'],
    [{ ...none, ...coming, earliestAt: coming.expectedAt }, '2026-04-09'],
    [{ ...none, earliestAt: coming.earliestAt }, 'not expected by 2027-03-10, 2026-03-30 at the earliest'],
    [{ ...none, expectedAt: NOW, earliestAt: NOW }, 'now'],
    [{ ...none, searchedUntil: null }, 'too little history to tell'],
  ])('%j', (reached, words) => {
    expect(reachedWords(reached, NOW)).toBe(words)
  })
})

describe('the sentence on top', () => {
  it.each([
    [[limit({ usedRatio: 1.2, ...coming }), limit(coming)], 'disk: at the limit now.'],
    [[limit(coming), limit()], 'The first limit is disk: expected on 2026-04-09, in 30 days.'],
    [[limit()], 'No limit is expected to be reached by 2027-03-10.'],
    [[limit({ searchedUntil: null })], '3 days of history: dates of limits need a week.'],
  ])('%#', (limits, words) => {
    expect(headline(plan(limits, 3.2))).toBe(words)
  })

  it('a limit of which nothing is known is neither free nor coming', () => {
    expect(limitState(limit({ searchedUntil: null }))).toBe('unknown')
  })
})

it('values by their unit', () => {
  expect([formatCapacity(3.1234, 'count'), formatCapacity(76.2, 'count')]).toEqual(['3.1', '76'])
  expect(formatCapacity(0.8, 'ratio')).toMatch(/^80.%$/)
})
