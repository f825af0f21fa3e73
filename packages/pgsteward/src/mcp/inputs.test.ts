import { expect, test } from 'vitest'
import { pageOf, valuesOf, windowOf } from './inputs.ts'

test('X5 the pages of a list are the list', () => {
  const all = Array.from({ length: 7 }, (_, place) => place)
  const read: number[] = []
  let cursor: string | undefined
  for (let pages = 0; pages < 4; pages++) {
    const { items, total, nextCursor } = pageOf(all, 3, cursor)
    expect(total).toBe(7)
    read.push(...items)
    if (nextCursor === null) break
    cursor = nextCursor
  }
  expect(read).toEqual(all)
  expect(pageOf(all, 3, '99')).toEqual({ items: [], total: 7, nextCursor: null })
})

test.each(['-1', 'abc', '1.5', '9999999999', ''])('X5 the cursor "%s" is none of ours', (cursor) => {
  expect(() => pageOf([1], 1, cursor)).toThrow('is none of ours')
})

test('X5 a range reaches back from now, and what is none says how to write one', () => {
  const now = new Date('2026-01-02T00:00:00Z')
  expect(windowOf('24h', now)).toEqual({ from: new Date('2026-01-01T00:00:00Z'), to: now })
  for (const range of ['0s', 'yesterday', '-1h'])
    expect(() => windowOf(range, now)).toThrow('is not a duration')
})

test('X5 values go as a driver sends them, and null stays null', () => {
  expect(valuesOf([7, 'a', true, null])).toEqual(['7', 'a', 'true', null])
  expect(valuesOf(undefined)).toBeNull()
})
