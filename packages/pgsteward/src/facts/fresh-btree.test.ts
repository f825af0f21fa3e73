import { describe, expect, test } from 'vitest'
import { type BtreeShape, freshBtreeBytes } from './fresh-btree.ts'
import { oneHot } from './tuple-bytes.ts'

const bigint = { width: 8, alignment: 8, nullFraction: 0, remainders: oneHot(8) }
const int = { width: 4, alignment: 4, nullFraction: 0, remainders: oneHot(4) }
const shape: BtreeShape = {
  blockBytes: 8192,
  fillfactor: 0.9,
  entries: 1_000_000,
  columns: [bigint],
  keyColumns: 1,
  isDeduplicated: false,
  distinctKeys: 1_000_000,
  commonShares: [],
}
const pagesOf = (over: Partial<BtreeShape>) => freshBtreeBytes({ ...shape, ...over }) / 8192

describe('as PostgreSQL builds them', () => {
  test('a million unique bigints: 366 a leaf', () => {
    expect(pagesOf({})).toBe(2745)
  })

  test('an empty one is its metapage', () => {
    expect(pagesOf({ entries: 0, distinctKeys: 0 })).toBe(1)
  })

  test('a million rows of 20 integers: nine posting lists of 132 rows a leaf', () => {
    const pages = pagesOf({ columns: [int], isDeduplicated: true, distinctKeys: 20 })
    expect(pages).toBeGreaterThan(1_000_000 / 1188)
    expect(pages).toBeLessThan((1_000_000 / 1188) * 1.02)
  })
})

test('the commonest keys count with their own number of rows', () => {
  const even = pagesOf({ isDeduplicated: true, distinctKeys: 500_000 })
  const skewed = pagesOf({ isDeduplicated: true, distinctKeys: 500_000, commonShares: [0.4, 0.1] })
  expect(skewed).toBeLessThan(even * 0.9)
  // all rows but half a million share two keys
  expect(skewed).toBeCloseTo(pagesOf({ entries: 500_000, distinctKeys: 500_000 }) + 500_000 / 1188, -2)
})

test('nulls are one key, and without deduplication an entry with a header alone', () => {
  const columns = [{ ...bigint, nullFraction: 0.9 }]
  const merged = pagesOf({ columns, isDeduplicated: true, distinctKeys: 100_000 })
  expect(merged).toBeLessThan(pagesOf({ columns }) / 2)
  expect(pagesOf({ columns })).toBeCloseTo(pagesOf({}), -2)
})

test('few rows a key save less than many', () => {
  const merged = (distinctKeys: number) => pagesOf({ isDeduplicated: true, distinctKeys })
  expect(merged(1_000_000)).toBe(pagesOf({}))
  expect(merged(900_000)).toBeLessThan(merged(1_000_000))
  expect(merged(300_000)).toBeLessThan(merged(900_000))
  expect(merged(3_000)).toBeLessThan(merged(300_000))
})

test('a key too long to be listed within a tenth of a page is not merged', () => {
  const columns = [{ ...bigint, width: 1000 }]
  expect(pagesOf({ columns, isDeduplicated: true, distinctKeys: 10 })).toBeCloseTo(pagesOf({ columns }), -4)
})

test('included columns widen leaves, not separators', () => {
  const narrow = pagesOf({})
  const wide = pagesOf({ columns: [bigint, bigint], keyColumns: 1 })
  expect(wide / narrow).toBeCloseTo(28 / 20, 1)
})

test('a lower fill factor takes more leaves', () => {
  expect(pagesOf({ fillfactor: 0.45 }) / pagesOf({})).toBeCloseTo(2, 1)
})

test('hundreds of millions of entries are estimated from the first pages', () => {
  const size = pagesOf({ entries: 4e9, isDeduplicated: true, distinctKeys: 1e9 })
  expect(size / pagesOf({ entries: 4e6, isDeduplicated: true, distinctKeys: 1e6 })).toBeCloseTo(1000, -1)
})
