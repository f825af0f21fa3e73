import { expect, test } from 'vitest'
import { memoryOf } from '../../test/application/memory.ts'
import type { Series } from '../model/fact.ts'
import { tableRowGrowth } from './table-row-growth.ts'

const NOW = new Date('2026-05-31T00:00:00Z')
/** One value a day, the last one today. */
const series = (...values: readonly number[]): Series => ({
  name: 'table.rows',
  unit: 'count',
  labels: { key: 'public.parcel' },
  points: values.map(
    (value, place) => [new Date(NOW.getTime() - (values.length - 1 - place) * 86_400_000), value] as const,
  ),
})
const growth = async (each: Series) =>
  (await tableRowGrowth.read(memoryOf({ series: { 'table.rows': [each] } }), 'shop', NOW))?.get(
    'public.parcel',
  )

const days = (count: number, at: (day: number) => number) =>
  Array.from({ length: count }, (_, day) => at(day))

test.each([
  ['steady growth', days(9, (day) => day * 10), 10],
  ['one import does not decide', days(30, (day) => day * 10 + (day > 12 ? 9000 : 0)), 10],
  ['weekends count', days(30, (day) => (Math.floor(day / 7) * 5 + Math.min(5, day % 7)) * 70), 50],
  ['what is deleted as fast as it comes is not growth', days(15, () => 50), 0],
  ['less than a week', days(7, (day) => day * 10), undefined],
])('%s', async (_, values, perDay) => {
  expect(await growth(series(...values))).toBe(perDay)
})
