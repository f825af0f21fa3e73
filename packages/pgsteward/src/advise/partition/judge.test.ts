import { expect, test } from 'vitest'
import type { PartitionStatement } from '../../model/partition-advice.ts'
import { costRatioOf, judge } from './judge.ts'

const statement = (
  shareOfTime: number,
  costBefore: number,
  costAfter: number,
  isReplacedByDrop = false,
): PartitionStatement => ({
  id: `${shareOfTime}`,
  sql: '',
  shareOfTime,
  costBefore,
  costAfter,
  partitionsScanned: 1,
  partitions: 10,
  isReplacedByDrop,
})
const verdict = (
  statements: readonly PartitionStatement[],
  over: { rows?: number; blockers?: number } = {},
) => judge({ rows: 20_000_000, leastRows: 10_000_000, blockers: 0, ...over, statements })

test.each([
  [
    'most gain',
    [statement(0.9, 100, 10), statement(0.1, 8, 16)],
    'worthwhile',
    /would take 29 % of the time/,
  ],
  [
    'a purge becomes a drop, the rest stays',
    [statement(0.05, 100, 100, true), statement(0.95, 10, 10.2)],
    'worthwhile',
    /deleted by age/,
  ],
  [
    'nothing changes',
    [statement(1, 100, 99)],
    'not worthwhile',
    /much the same \(99 %\), and nothing is deleted by age/,
  ],
  ['lookups probe every partition', [statement(1, 8, 200)], 'not worthwhile', /25 times as long/],
  [
    'what a purge saves, lookups lose',
    [statement(0.05, 1, 1, true), statement(0.95, 8, 16)],
    'not worthwhile',
    /1\.9 times/,
  ],
  ['no statement is known', [], 'not worthwhile', /no statement/i],
] as const)('%s', (_, statements, is, because) => {
  expect(verdict(statements)).toEqual({ is, because: expect.stringMatching(because) })
})

test('a table of fewer rows is better left, whatever it would gain', () => {
  expect(verdict([statement(1, 100, 10)], { rows: 9_000_000 })).toEqual({
    is: 'not worthwhile',
    because: expect.stringContaining('9,000,000 rows: below 10,000,000'),
  })
})

test('blockers and statements that lose are told along', () => {
  const { because } = verdict([statement(0.9, 100, 10), statement(0.1, 10, 20)], { blockers: 2 })
  expect(because).toMatch(/1 statement with 10 % of the time would get worse/)
  expect(because).toMatch(/2 blockers have to be settled first/)
})

test('costs are weighed by time, and what a drop replaces costs nothing', () => {
  expect(costRatioOf([statement(0.5, 10, 5), statement(0.5, 10, 20)])).toBe(1.25)
  expect(costRatioOf([statement(0.5, 10, 10), statement(0.5, 10, 20, true)])).toBe(0.5)
  expect(costRatioOf([statement(1, 0, 0)])).toBe(1)
  expect(costRatioOf([])).toBeNull()
})
