import { expect, test } from 'vitest'
import { judge, type Run, timingOf } from './compare-runs.ts'

const runs = (...times: readonly number[]): readonly Run[] =>
  times.map((ms) => ({ ms, blocks: ms * 10, hasTimedOut: false }))
const cut: Run = { ms: 1000, blocks: 0, hasTimedOut: true }

test('a timing has the median, the ends and the blocks of the median run', () => {
  expect(timingOf(runs(3, 1, 2))).toEqual({
    runs: 3,
    medianMs: 2,
    leastMs: 1,
    mostMs: 3,
    blocks: 20,
    hasTimedOut: false,
  })
  expect(timingOf(runs(4, 1, 2, 3)).medianMs).toBe(2.5)
})

test.each<[what: string, readonly Run[], readonly Run[], verdict: string, ratio: number | null]>([
  ['wholly below is faster', runs(1, 2, 1, 2, 1), runs(10, 11, 12, 10, 11), 'faster', 11],
  ['wholly above is slower', runs(10, 11, 12, 10), runs(1, 2, 1, 2), 'slower', 1.5 / 10.5],
  ['overlapping is inconclusive', runs(1, 2, 9, 2), runs(8, 10, 11, 12), 'inconclusive', 5.25],
  ['three runs are too few', runs(1, 1, 1), runs(9, 9, 9), 'inconclusive', 9],
  [
    'within 5 % there is no difference',
    runs(100, 101, 102, 103),
    runs(104, 105, 106, 107),
    'no difference',
    105.5 / 101.5,
  ],
  ['without running into the limit is faster', runs(1, 1, 1, 1), [cut], 'faster', 1000],
  ['with running into the limit says nothing', [cut], runs(1, 1, 1, 1), 'inconclusive', 0.001],
])('V1: %s', (_, withIndex, without, verdict, ratio) => {
  const judged = judge(timingOf(withIndex), timingOf(without), 'as planned')
  expect(judged.verdict).toBe(verdict)
  expect(judged.ratio).toBeCloseTo(ratio!)
})

test('V1: another plan than the one that would be chosen supports no verdict', () => {
  const [fast, slow] = [timingOf(runs(1, 1, 1, 1, 1)), timingOf(runs(9, 9, 9, 9, 9))]
  expect(judge(fast, slow, 'nearest')).toMatchObject({ ratio: 9, verdict: 'inconclusive' })
  expect(judge(fast, null, null)).toMatchObject({ ratio: null, verdict: 'inconclusive' })
})
