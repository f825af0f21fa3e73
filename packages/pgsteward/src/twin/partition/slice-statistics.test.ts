import { expect, test } from 'vitest'
import type { ColumnStatistics } from '../statistics/statistics-file.ts'
import { endsOfValues, keyValues, shareWithin, sliceColumn, sliceKey } from './slice-statistics.ts'

const statistics = (over: Partial<ColumnStatistics>): ColumnStatistics => ({
  number: 1,
  inherited: false,
  nullFraction: 0,
  averageWidth: 8,
  distinct: -1,
  mostCommonValues: null,
  mostCommonFrequencies: null,
  histogram: null,
  lowest: null,
  highest: null,
  correlation: 1,
  mostCommonElements: null,
  mostCommonElementFrequencies: null,
  elementCountHistogram: null,
  rangeLengthHistogram: null,
  rangeEmptyFraction: null,
  rangeBoundsHistogram: null,
  ...over,
})
const NUMBERS = statistics({ histogram: ['0', '10', '30', '100'] })
const valuesOf = (each: ColumnStatistics, type = 'bigint') => keyValues(each, type)!

test.each([
  [0, 10, 1 / 3],
  [0, 20, 1 / 2],
  [20, 65, 1 / 3],
  [-5, 200, 1],
  [200, 300, 0],
])('between %d and %d lies %d of the rows', (from, to, share) => {
  expect(shareWithin(valuesOf(NUMBERS), { from, to })).toBeCloseTo(share)
})

test('most common values count whole, beside the buckets', () => {
  const dates = statistics({
    mostCommonValues: ['2026-01-01', '2026-03-01'],
    mostCommonFrequencies: [0.4, 0.2],
    histogram: ['2026-01-01', '2026-01-11', '2026-01-21'],
  })
  const values = valuesOf(dates, 'date')
  const [january, february] = [Date.UTC(2026, 0), Date.UTC(2026, 1)]
  expect(shareWithin(values, { from: january, to: february })).toBeCloseTo(0.8)
  expect(shareWithin(values, { from: january, to: Date.UTC(2026, 0, 6) })).toBeCloseTo(0.5)
  expect(endsOfValues(values)).toEqual({ lowest: january, highest: Date.UTC(2026, 2) })
})

test('the real ends widen the outermost buckets', () => {
  expect(endsOfValues(valuesOf({ ...NUMBERS, lowest: '-50', highest: '400' }))).toEqual({
    lowest: -50,
    highest: 400,
  })
})

test.each([
  ['no statistics', undefined],
  ['infinity', statistics({ histogram: ['2026-01-01 00:00:00+00', 'infinity'] })],
  ['nothing but null', statistics({ nullFraction: 1 })],
])('%s are no values', (_, each) => {
  expect(keyValues(each, 'timestamp with time zone')).toBeNull()
})

test("the key's histogram is cut at the range, and ends before the next begins", () => {
  const slice = { from: 10, to: 30, share: 1 / 3, order: [1 / 3, 2 / 3] as const, tableRows: 300 }
  const cut = sliceKey(NUMBERS, 'bigint', valuesOf(NUMBERS), slice)
  expect(cut.histogram).toEqual(['10', '17', '23', '29'])
  expect(cut).toMatchObject({ distinct: -1, lowest: '10', highest: '29', mostCommonValues: null })
})

const HALF = { from: 0, to: 50, share: 0.5, order: [0, 0.5] as const, tableRows: 1000 }
const IDS = statistics({ histogram: ['0', '100', '200', '300', '400'] })

test.each([
  [
    'that grows with the key has its part of the values',
    { correlation: 0.99 },
    ['0', '50', '100', '150', '200'],
  ],
  ['that falls has the other one', { correlation: -0.99 }, ['200', '250', '300', '350', '400']],
  ['that has nothing to do with it has them all', { correlation: 0.1 }, ['0', '100', '200', '300', '400']],
])('another column %s', (_, over, histogram) => {
  expect(sliceColumn({ ...IDS, ...over }, 'bigint', 1, HALF).histogram).toEqual(histogram)
})

test.each([
  ['a state of few rows each is in every part', 5, 5],
  ['rows of ten each: some fall wholly into the other half', 100, 99.9],
  ['nearly unique values', 900, 483],
  ['a share of the rows stays one', -1, -1],
])('%s', (_, distinct, within) => {
  const cut = sliceColumn(statistics({ distinct, correlation: 0 }), 'bigint', 1, HALF)
  expect(cut.distinct).toBeCloseTo(within, 0)
})
