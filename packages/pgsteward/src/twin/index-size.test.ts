import { expect, test } from 'vitest'
import { brinBlocks, btreeBlocks } from './index-size.ts'
import { heightOf } from './statistics/tree-heights.ts'

const key = (width: number, distinct: number | null, canDeduplicate = true) => ({
  width,
  distinct,
  canDeduplicate,
})

// Right sides: PostgreSQL 18 after create index on a million rows
test.each([
  ['a unique bigint', [key(8, 1_000_000)], 2745],
  ['an integer of ten values', [key(4, 10)], 850],
  ['a numeric of ten values is not merged', [key(5, 10, false)], 2749],
])('%s', (_, keys, blocks) => {
  const predicted = btreeBlocks({ rows: 1_000_000, keys, includedWidth: 0, hasInclude: false })
  expect(predicted / blocks).toBeGreaterThan(0.97)
  expect(predicted / blocks).toBeLessThan(1.03)
})

test('an index on nothing is its metapage', () => {
  expect(btreeBlocks({ rows: 0, keys: [key(8, null)], includedWidth: 0, hasInclude: false })).toBe(1)
})

test.each([
  [2, 0],
  [3, 1],
  [276, 1],
  [2745, 2],
  [274_194, 3],
])('a B-tree of %d blocks on a bigint has %d levels above its leaves', (blocks, height) => {
  expect(heightOf(blocks, 8)).toBe(height)
})

test('a BRIN index of a terabyte is small', () => {
  expect(brinBlocks(2 ** 27, 128, 1)).toBeLessThan(7000)
})
