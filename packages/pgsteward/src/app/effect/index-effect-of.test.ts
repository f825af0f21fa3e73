import { expect, test } from 'vitest'
import type { StatementPoint } from '../../store/store.ts'
import { type Compared, type ComparedStatement, effectOf } from './index-effect-of.ts'

/** A block a millisecond, unless said otherwise. */
const points = (calls: number, ...meansMs: number[]): readonly StatementPoint[] =>
  meansMs.map((meanMs, minute) => ({
    at: new Date(minute * 60_000),
    seconds: 60,
    calls,
    totalExecMs: calls * meanMs,
    rows: calls,
    sharedBlocksHit: calls * meanMs * 0.8,
    sharedBlocksRead: calls * meanMs * 0.2,
    tempBlocksWritten: 0,
  }))

const statement = (
  before: readonly StatementPoint[],
  after: readonly StatementPoint[],
  over: Partial<ComparedStatement> = {},
): ComparedStatement => ({ queryId: '1', text: 'select', before, after, predictedCostRatio: null, ...over })

const compare = (statements: readonly ComparedStatement[], over: Partial<Compared> = {}) =>
  effectOf({ statements, beforeSeconds: 180, afterSeconds: 180, disturbedBy: null, ...over })

const ofBlocks = (blocks: number, all: readonly StatementPoint[]): readonly StatementPoint[] =>
  all.map((point) => ({ ...point, sharedBlocksHit: point.calls * blocks, sharedBlocksRead: 0 }))

const slow = points(60, 10, 11, 9)
const fast = points(60, 1, 1.1, 0.9)

test.each([
  ['a statement that got faster', [statement(slow, fast)], 'improved'],
  ['one that got slower', [statement(fast, slow)], 'worse'],
  ['one that stayed', [statement(slow, points(60, 9.8, 10.9, 9.1))], 'no-change'],
  ['one whose time swings', [statement(points(60, 1, 30, 5), points(60, 1, 12, 8))], 'no-change'],
  [
    'a heavy one that stayed and a light one that got faster',
    [statement(points(6000, 10, 11, 9), points(6000, 10, 11, 9)), statement(slow, fast, { queryId: '2' })],
    'no-change',
  ],
  [
    'one that reads the same blocks in less time',
    [statement(ofBlocks(7, slow), ofBlocks(7, fast))],
    'no-change',
  ],
  ['one that is hardly called', [statement(points(5, 10, 11, 9), points(5, 1, 1, 1))], 'too-few-calls'],
  ['one that is called no more', [statement(slow, [])], 'too-few-calls'],
] as const)('%s: %s', (_name, statements, verdict) => {
  expect(compare(statements)).toMatchObject({ verdict })
})

test('figures are by the minute and by the call', () => {
  const { statements } = compare([statement(slow, fast)])
  expect(statements[0]!.before).toEqual({
    calls: 180,
    callsPerMinute: 60,
    meanMs: 10,
    totalMsPerMinute: 600,
    blocksPerCall: 10,
  })
})

test('ratios are weighted by the time of before, predicted and measured alike', () => {
  const { predictedCostRatio, measuredRatio } = compare([
    statement(points(60, 30, 30, 30), points(60, 3, 3, 3), { predictedCostRatio: 0.1 }),
    statement(points(60, 10, 10, 10), points(60, 10, 10, 10), { queryId: '2', predictedCostRatio: 0.5 }),
  ])
  expect(measuredRatio).toBeCloseTo((30 * 0.1 + 10 * 1) / 40, 10)
  expect(predictedCostRatio).toBeCloseTo((30 * 0.1 + 10 * 0.5) / 40, 10)
})

test('what else changed is named, and the figures stay', () => {
  expect(compare([statement(slow, fast)], { disturbedBy: 'the server was restarted' })).toMatchObject({
    verdict: 'disturbed',
    because: 'the server was restarted',
    statements: [{ verdict: 'improved' }],
  })
})

test('too few calls say how long was watched', () => {
  expect(compare([statement(points(5, 1), points(5, 1))], { afterSeconds: 3 * 3600 }).because).toBe(
    'fewer than 20 calls on either side of each statement, in 3 min before and 3 h after',
  )
})
