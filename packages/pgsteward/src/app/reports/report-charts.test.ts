import { expect, test } from 'vitest'
import type { Series } from '../../model/fact.ts'
import { bucketMs, chartBlock, summedLine } from './report-charts.ts'

const HOUR = 3_600_000
const T0 = Date.parse('2026-11-22T00:00:00Z')
const window = { from: new Date(T0), to: new Date(T0 + 24 * HOUR) }
const series = (...points: readonly (readonly [hour: number, value: number])[]): Series => ({
  name: 'a',
  unit: 'count',
  labels: {},
  points: points.map(([hour, value]) => [new Date(T0 + hour * HOUR), value]),
})

test.each([
  [1, 0.25],
  [7, 2],
  [31, 24],
  [400, 96],
])('%d days are drawn by %d hours', (days, hours) => {
  expect(bucketMs({ from: window.from, to: new Date(T0 + days * 24 * HOUR) })).toBe(hours * HOUR)
})

test('means of a bucket, added over series, and a gap where nothing is known', () => {
  const line = summedLine('all', [series([0.1, 1], [0.2, 3], [0.6, 5]), series([0.15, 10])], window)
  expect(line.points).toHaveLength(96)
  expect(line.points.slice(0, 3)).toEqual([
    ['2026-11-22T00:15:00.000Z', 12],
    ['2026-11-22T00:30:00.000Z', null],
    ['2026-11-22T00:45:00.000Z', 5],
  ])
})

test('means of hours are drawn by the hour', () => {
  const line = summedLine('all', [series([1, 4], [3, 6])], window)
  expect(line.points).toHaveLength(24)
  expect(line.points.slice(0, 3).map(([, value]) => value)).toEqual([4, null, 6])
})

test('without a value there is no chart', () => {
  const given = { title: 'A', unit: 'count', link: null } as const
  expect(chartBlock(given, window, [summedLine('all', [], window)])).toBeNull()
  expect(chartBlock(given, window, [summedLine('all', [series([1, 4])], window)])).toMatchObject({
    chart: { title: 'A', series: [{ label: 'all' }], levels: [], marks: [] },
  })
})
