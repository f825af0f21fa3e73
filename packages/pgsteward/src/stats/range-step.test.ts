import { describe, expect, test } from 'vitest'
import { numberRanges, timeRanges } from './range-step.ts'

const YEAR = 365.25

describe('the length of a range of time', () => {
  test.each([
    ['fifty million rows a year over three years', { days: 3 * YEAR, rowsPerDay: 137_000 }, 'month', 36],
    ['five million a year over six years', { days: 6 * YEAR, rowsPerDay: 13_700 }, 'year', 6],
    ['three hundred million in ninety days', { days: 90, rowsPerDay: 3_300_000 }, 'day', 90],
    ['too few rows for any: as few ranges as make sense', { days: YEAR, rowsPerDay: 800 }, 'quarter', 4],
    ['a short span', { days: 3, rowsPerDay: 50_000 }, 'day', 3],
    [
      'a day would hold the right number, in too many ranges',
      { days: 2000, rowsPerDay: 9_000_000 },
      'month',
      66,
    ],
  ] as const)('%s', (_, span, every, ranges) => {
    expect(timeRanges({ ...span, askedDays: null })).toMatchObject({ every, ranges })
  })

  test('among those that hold the right number, what is asked for decides', () => {
    const span = { days: 2 * YEAR, rowsPerDay: 40_000 }
    expect(timeRanges({ ...span, askedDays: null })).toMatchObject({ every: 'quarter', by: 'rows' })
    expect(timeRanges({ ...span, askedDays: 31 })).toMatchObject({ every: 'month', by: 'asked' })
    expect(timeRanges({ ...span, askedDays: 1 })).toMatchObject({ every: 'quarter', by: 'rows' })
  })
})

describe('the length of a range of numbers', () => {
  test.each([
    ['dense', 100_000_000, 1, 100_000_000, 5_000_000, 20],
    ['one in ten', 20_000_000, 1, 200_000_000, 50_000_000, 4],
    ['so many rows that the number of ranges is what limits', 5e9, 1, 5e9, 5e7, 100],
    ['a few', 300_000, 1, 300_000, 100_000, 3],
    ['one', 1, 7, 7, 1, 1],
  ])('%s', (_, rows, lowest, highest, size, ranges) => {
    expect(numberRanges(rows, lowest, highest)).toMatchObject({ size, ranges })
  })
})
