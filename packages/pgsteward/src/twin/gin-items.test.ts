import { expect, test } from 'vitest'
import { documentItems, elementItems, trigramItems, trigramsOf } from './gin-items.ts'
import type { ColumnStatistics } from './statistics/statistics-file.ts'

function statistics(over: Partial<ColumnStatistics>): ColumnStatistics {
  return {
    number: 1,
    inherited: false,
    nullFraction: 0,
    averageWidth: 20,
    distinct: -1,
    mostCommonValues: null,
    mostCommonFrequencies: null,
    histogram: null,
    lowest: null,
    highest: null,
    correlation: null,
    mostCommonElements: null,
    mostCommonElementFrequencies: null,
    elementCountHistogram: null,
    rangeLengthHistogram: null,
    rangeEmptyFraction: null,
    rangeBoundsHistogram: null,
    ...over,
  }
}

test('trigrams are those of pg_trgm, each word for itself', () => {
  expect([...trigramsOf('Ab, c')].sort()).toEqual(['  a', '  c', ' ab', ' c ', 'ab '])
  const repeated = trigramItems(statistics({ histogram: ['go go go', 'go go'] }), 1000)!
  expect(repeated).toEqual({ perRow: 3, distinct: 3, width: 4 })
})

test("a document's reference is as many items as rows, its kind a handful", () => {
  const histogram = Array.from({ length: 100 }, (_, i) => JSON.stringify({ kind: i % 3, ref: `R${i}` }))
  const items = documentItems(statistics({ histogram }), 50_000, true)!
  expect(items.perRow).toBe(2)
  expect(items.distinct).toBeGreaterThan(45_000)
  expect(items.distinct).toBeLessThan(55_000)
  expect(documentItems(statistics({ histogram }), 50_000, false)!.perRow).toBe(4)
})

test('elements are those that analyze lists; without any, nothing is known', () => {
  const listed = statistics({
    mostCommonElements: ['a', 'b', 'c', 'd'],
    mostCommonElementFrequencies: [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0],
    elementCountHistogram: [1, 2, 2],
  })
  expect(elementItems(listed, 1000)).toEqual({ perRow: 2, distinct: 4, width: 1 })
  expect(elementItems(statistics({}), 1000)).toBeNull()
  expect(trigramItems(statistics({}), 1000)).toBeNull()
})
