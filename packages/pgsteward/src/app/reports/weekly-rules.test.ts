import { describe, expect, test } from 'vitest'
import { countDurations } from '../../stats/duration-histogram.ts'
import type { PeriodFigures } from './period-figures.ts'
import { type RuleResult, regressionRules, SUPPORT, slowerThanWeeks } from './weekly-rules.ts'

const NOTHING: PeriodFigures = {
  requests: null,
  queries: null,
  deliveries: null,
  statements: null,
  uptime: [],
}
const requests = (ms: number, count = 1_000, errors = 0): PeriodFigures => ({
  ...NOTHING,
  requests: {
    count,
    errors,
    totalMs: ms * count,
    maxMs: ms,
    durations: countDurations(Array(count).fill(ms)),
  },
})
const means = (ms: number, calls = 10_000): PeriodFigures => ({
  ...NOTHING,
  statements: { calls, totalExecMs: ms * calls, seconds: 600_000 },
})
const rule = (given: Parameters<typeof regressionRules>[0], id: RuleResult['id']) =>
  regressionRules(given).find((each) => each.id === id)!
const weeks = (week: PeriodFigures, ...before: readonly PeriodFigures[]) => ({ week, days: [week], before })

describe('latency over 10 % against the weeks before (R1)', () => {
  test.each<[string, number, readonly number[], string]>([
    ['a tenth more is within', 110, [100, 100, 100, 100], 'met'],
    ['a fifth more than steady weeks', 120, [100, 101, 99, 100], 'broken'],
    ['a fifth more than weeks that differ by as much', 120, [80, 118, 99, 101], 'not-supported'],
    ['twice as fast', 50, [100, 101, 99, 100], 'met'],
    ['two weeks alone', 150, [100, 100], 'unknown'],
    ['half a millisecond of three', 3.5, [3, 3, 3, 3], 'met'],
  ])('%s', (_, week, before, state) => {
    expect(rule(weeks(requests(week), ...before.map((ms) => requests(ms))), 'request-p95').state).toBe(state)
  })

  test('says how much, against what, and how sure', () => {
    const broken = rule(weeks(means(2.4), means(2), means(2.02), means(1.98), means(2)), 'statement-time')
    expect(broken).toMatchObject({ value: 2.4, was: 2, limit: 2.2, state: 'broken' })
    expect(broken.because).toMatch(
      /^\+20 % against the median of 4 weeks before, more than those weeks differ \(p /,
    )
  })

  test('of few requests nothing is said', () => {
    const few = rule(weeks(requests(500, 10), requests(100), requests(100), requests(100)), 'request-p95')
    expect(few).toMatchObject({ value: null, state: 'unknown' })
  })
})

describe('errors over 0.5 % and deliveries under 98 % (R1)', () => {
  const week = (days: readonly PeriodFigures[], whole: PeriodFigures) => ({ week: whole, days, before: [] })
  const days = (errors: readonly number[], count = 1_000) => errors.map((each) => requests(10, count, each))

  test.each<[string, readonly number[], string]>([
    ['none', [0, 0, 0, 0, 0, 0, 0], 'met'],
    ['half a per cent', [5, 5, 5, 5, 5, 5, 5], 'met'],
    ['one per cent each day', [10, 9, 11, 10, 10, 9, 11], 'broken'],
    ['one bad day', [0, 0, 60, 0, 0, 0, 0], 'not-supported'],
  ])('errors: %s', (_, errors, state) => {
    const all = errors.reduce((sum, each) => sum + each, 0)
    expect(rule(week(days(errors), requests(10, 7_000, all)), 'errors').state).toBe(state)
  })

  test.each<[string, number, string]>([
    ['all', 0, 'met'],
    ['98 %', 20, 'met'],
    ['97 %', 30, 'broken'],
  ])('deliveries: %s', (_, failed, state) => {
    const day = { ...NOTHING, deliveries: { all: 1_000, failed } }
    const whole = { ...NOTHING, deliveries: { all: 7_000, failed: 7 * failed } }
    expect(rule(week(Array(7).fill(day), whole), 'deliveries')).toMatchObject({
      state,
      limit: 0.98,
      value: (1_000 - failed) / 1_000,
    })
  })

  test('nobody tells', () => {
    expect(regressionRules(week([], NOTHING)).map(({ state, value }) => [state, value])).toEqual(
      Array(5).fill(['unknown', null]),
    )
  })
})

describe('of weeks that differ by chance alone', () => {
  let seed = 1
  const random = () => {
    seed = (seed * 1_664_525 + 1_013_904_223) >>> 0
    return (seed + 0.5) / 2 ** 32
  }
  const normal = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random())
  const week = (deviation: number) => 100 * Math.exp(deviation * normal())
  const found = (deviation: number, times: number) => {
    const weeks = Array.from({ length: 2_000 }, () => {
      const before = Array.from({ length: 4 }, () => week(deviation))
      return slowerThanWeeks(before, week(deviation) * times)!
    })
    return weeks.filter((pValue) => pValue <= SUPPORT).length / weeks.length
  }

  test.each([0.02, 0.1, 0.3])('one in twenty is called slower at most (%d)', (deviation) => {
    // three standard errors of 2,000 tries above it
    expect(found(deviation, 1)).toBeLessThan(0.065)
  })

  test('half as slow again is found among weeks that differ by a tenth', () => {
    expect(found(0.1, 1.5)).toBeGreaterThan(0.75)
  })
})
