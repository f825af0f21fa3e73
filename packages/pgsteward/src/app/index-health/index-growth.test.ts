import { expect, test } from 'vitest'
import { indexGrowth } from './index-growth.ts'

const at = (hour: number) => new Date(Date.UTC(2026, 2, 2, hour))
const series = (key: string, points: Readonly<Record<number, number>>) => ({
  name: 'table.indexSize',
  unit: 'bytes' as const,
  labels: { key },
  points: Object.entries(points).map(([hour, value]) => [at(Number(hour)), value] as const),
})

test('the indexes of a table grow from the first to the last reading', () => {
  expect(indexGrowth([series('a', { 0: 100, 50: 120, 100: 150 }), series('b', { 0: 10, 99: 10 })])).toEqual({
    bytes: 160,
    growthBytes: 50,
    from: at(0),
    to: at(100),
    tables: [
      { table: 'a', bytes: 150, growthBytes: 50 },
      { table: 'b', bytes: 10, growthBytes: 0 },
    ],
  })
})

test('a table that came counts whole, and one that went is gone', () => {
  const sizes = [series('a', { 0: 100, 100: 100 }), series('came', { 50: 7, 100: 8 })]
  expect(indexGrowth(sizes)).toMatchObject({ bytes: 108, growthBytes: 8 })
  expect(indexGrowth([...sizes, series('went', { 0: 30, 40: 30 })])).toMatchObject({
    bytes: 108,
    growthBytes: -22,
    tables: [
      { table: 'came', bytes: 8, growthBytes: 8 },
      { table: 'a', growthBytes: 0 },
      { table: 'went', bytes: 0, growthBytes: -30 },
    ],
  })
})

test('without a reading there is nothing to tell', () => {
  expect(indexGrowth([])).toBeNull()
})
