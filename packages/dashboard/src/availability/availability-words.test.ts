import { expect, test } from 'vitest'
import { budgetWords, dayKind, seenWords, tookWords, uptimeText } from './availability-words.ts'

const plain = (text: string) => text.replaceAll('\u00a0', ' ')
const MINUTE = 60_000

test.each([
  [1, '100 %'],
  [0.9999996, '> 99.999 %'],
  [0.99954, '99.954 %'],
  [0.000001, '< 0.001 %'],
  [0, '0 %'],
  [null, '–'],
])('uptime %s is %s', (ratio, text) => {
  expect(plain(uptimeText(ratio))).toBe(text)
})

test('what was not seen is told beside what was down', () => {
  const uptime = {
    windowMs: 1_440 * MINUTE,
    ratio: 1,
    coveredRatio: 1,
    coveredMs: 1_440 * MINUTE,
    downMs: 0,
    plannedMs: 0,
    attempts: 2_880,
    failures: 0,
    meanMs: 4,
    maxMs: 9,
  }
  expect(seenWords(uptime, 'http')).toBe('never down')
  const half = { ...uptime, coveredRatio: 0.5, coveredMs: 720 * MINUTE, downMs: 3 * MINUTE, ratio: 0.99 }
  expect(plain(seenWords(half, 'http'))).toBe('down 3 min, 12 h seen')
  expect(seenWords({ ...uptime, ratio: null }, 'http')).toBe('nothing seen')
  expect(seenWords({ ...uptime, failures: 7 }, 'requests')).toBe('7 of 2,880 failed')
})

test('a budget tells what is left, how long it lasts, and when it is overspent', () => {
  const budget = {
    windowMs: 30 * 1_440 * MINUTE,
    unit: 'ms' as const,
    allowed: 43 * MINUTE,
    spent: 3 * MINUTE,
    left: 40 * MINUTE,
    leftRatio: 0.93,
    lastsMs: null,
    burns: [],
  }
  expect(plain(budgetWords(budget))).toBe('40 min of 43 min left')
  expect(plain(budgetWords({ ...budget, lastsMs: 180 * MINUTE }))).toBe(
    '40 min of 43 min left, gone in 3 h at this rate',
  )
  expect(plain(budgetWords({ ...budget, spent: 50 * MINUTE, left: -7 * MINUTE }))).toBe(
    'overspent: 50 min of 43 min',
  )
  expect(budgetWords({ ...budget, unit: 'count', allowed: 10, spent: 4, left: 6 })).toBe(
    '6 of 10 failures left',
  )
  expect(budgetWords({ ...budget, allowed: 0 })).toBe('no requests yet')
})

test('phases are told where there are several', () => {
  expect(plain(tookWords({ tookMs: 12, phases: { answer: 8, connect: 4 } }))).toBe(
    '12 ms: connection 4 ms, answer 8 ms',
  )
  expect(plain(tookWords({ tookMs: 12, phases: {} }))).toBe('12 ms')
  expect(tookWords({ tookMs: null, phases: {} })).toBe('')
})

test('a day keeps its objective, or does not, or nobody saw it', () => {
  const kinds = [{ ratio: 1 }, { ratio: 0.9995 }, { ratio: 0.9 }, { ratio: null }, undefined]
  expect(kinds.map((day) => dayKind(day, 0.999))).toEqual(['good', 'some', 'bad', 'unseen', 'unseen'])
})
