import { expect, test } from 'vitest'
import { freshHeapBytes } from './fresh-heap.ts'
import { oneHot } from './tuple-bytes.ts'

const bigint = { width: 8, alignment: 8, nullFraction: 0, remainders: oneHot(8) }
const shape = { blockBytes: 8192, fillfactor: 1, rows: 1_000_000, columns: [bigint], droppedColumns: 0 }
const pagesOf = (over: Partial<typeof shape>) => freshHeapBytes({ ...shape, ...over }) / 8192

test('226 rows of one bigint share a page', () => {
  expect(pagesOf({})).toBe(Math.ceil(1_000_000 / 226))
})

test('the fill factor leaves its part of each page free', () => {
  expect(pagesOf({ fillfactor: 0.5 })).toBe(Math.ceil(1_000_000 / Math.floor((4096 - 24) / 36)))
})

test('a bit a column is kept where there are nulls, which costs from the ninth column on', () => {
  const nine = Array.from({ length: 9 }, () => bigint)
  const full = pagesOf({ columns: nine })
  expect(full).toBe(Math.ceil(1_000_000 / Math.floor(8168 / (24 + 72 + 4))))
  // a dropped column is a null in every row
  expect(pagesOf({ columns: nine, droppedColumns: 1 })).toBe(
    Math.ceil(1_000_000 / Math.floor(8168 / (32 + 72 + 4))),
  )
  expect(pagesOf({ columns: nine.map((column) => ({ ...column, nullFraction: 0.9 })) })).toBeLessThan(full)
})

test('a row that no page could share with another takes one', () => {
  expect(pagesOf({ rows: 10, columns: [{ ...bigint, width: 7000 }] })).toBe(10)
})
