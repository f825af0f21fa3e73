import { expect, test } from 'vitest'
import { heightOf } from './tree-heights.ts'

test.each([
  [1, 8, false, 0],
  [2, 8, false, 0],
  [100, 8, false, 1],
  // 330 leaves of a bigint: more than 285 entries that create index puts into an inner page, fewer than the 407 that it holds
  [331, 8, false, 2],
  [331, 8, true, 1],
  [500, 8, true, 2],
  [172, 20, true, 1],
  [100_000, 8, false, 3],
])(
  'a B-tree of %d blocks and keys of %d bytes, grown: %s, has %d levels above its leaves',
  (blocks, bytes, hasGrown, height) => {
    expect(heightOf(blocks, bytes, hasGrown)).toBe(height)
  },
)
