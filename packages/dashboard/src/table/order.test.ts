import { describe, expect, it } from 'vitest'
import { matches, parseSort, sortRows } from './order.ts'

describe('sortRows', () => {
  it('sorts numbers as numbers, in both directions', () => {
    expect(sortRows([10, 9, 100], (n) => n, 'asc')).toEqual([9, 10, 100])
    expect(sortRows([10, 9, 100], (n) => n, 'desc')).toEqual([100, 10, 9])
  })

  it('sorts names as people do', () => {
    expect(sortRows(['part_10', 'Part_2', 'part_1'], (n) => n, 'asc')).toEqual([
      'part_1',
      'Part_2',
      'part_10',
    ])
  })

  it('puts what has no value last either way', () => {
    expect(sortRows([null, 1, 2], (n) => n, 'asc')).toEqual([1, 2, null])
    expect(sortRows([null, 1, 2], (n) => n, 'desc')).toEqual([2, 1, null])
  })

  it('keeps the order of equals and leaves its input alone', () => {
    const rows = [
      { id: 'a', n: 1 },
      { id: 'b', n: 1 },
    ]
    expect(sortRows(rows, (row) => row.n, 'desc').map((row) => row.id)).toEqual(['a', 'b'])
    const input = [2, 1]
    sortRows(input, (n) => n, 'asc')
    expect(input).toEqual([2, 1])
  })
})

describe('matches', () => {
  it('wants every word, in any order and case', () => {
    expect(matches('users PUBLIC', 'public', 'users_pkey')).toBe(true)
    expect(matches('users audit', 'public', 'users_pkey')).toBe(false)
    expect(matches('  ', 'anything')).toBe(true)
  })
})

describe('parseSort', () => {
  const fallback = { column: 'size', direction: 'desc' } as const
  it.each([
    ['name.asc', { column: 'name', direction: 'asc' }],
    ['bogus.asc', fallback],
    ['name', fallback],
    [null, fallback],
  ])('reads %s', (text, sort) => {
    expect(parseSort(text, ['name', 'size'], fallback)).toEqual(sort)
  })
})
