import { expect, test } from 'vitest'
import type { PartitionDesign } from '../../model/partition.ts'
import { partitionBounds } from './partition-bounds.ts'

const design = (over: Partial<PartitionDesign>): PartitionDesign => ({
  table: { schema: 'public', name: 'parcel' },
  key: { column: 'at', type: 'timestamp with time zone' },
  step: { by: 'time', every: 'month' },
  keepMonths: null,
  ...over,
})
const LOWEST = Date.UTC(2025, 10, 17, 5)
const HIGHEST = Date.UTC(2026, 1, 3)

test.each([
  ['month', '2025-11-01', '2025-12-01', 4, '2025_11'],
  ['quarter', '2025-10-01', '2026-01-01', 2, '2025_q4'],
  ['year', '2025-01-01', '2026-01-01', 2, '2025'],
  ['week', '2025-11-17', '2025-11-24', 12, '2025_11_17'],
  ['day', '2025-11-17', '2025-11-18', 79, '2025_11_17'],
] as const)(
  'a %s begins at midnight UTC, and the ranges cover all values, three ahead and a default',
  (every, from, to, count, name) => {
    const bounds = partitionBounds(design({ step: { by: 'time', every } }), LOWEST, HIGHEST)
    expect(bounds).toHaveLength(count + 3 + 1)
    expect(bounds[0]).toMatchObject({
      name: `parcel_p${name}`,
      boundSql: `for values from ('${from} 00:00:00+00') to ('${to} 00:00:00+00')`,
    })
    for (const [place, each] of bounds.slice(1, -1).entries())
      expect(each.range!.from).toBe(bounds[place]!.range!.to)
    expect(bounds.at(-1)).toEqual({ name: 'parcel_default', boundSql: 'default', range: null })
  },
)

test('numbers begin at a multiple of the size', () => {
  const key = { column: 'id', type: 'bigint' }
  const bounds = partitionBounds(design({ key, step: { by: 'number', size: 1000 } }), 1500, 3200)
  expect(bounds.map(({ boundSql }) => boundSql)).toEqual([
    "for values from ('1000') to ('2000')",
    "for values from ('2000') to ('3000')",
    "for values from ('3000') to ('4000')",
    "for values from ('4000') to ('5000')",
    "for values from ('5000') to ('6000')",
    "for values from ('6000') to ('7000')",
    'default',
  ])
})

test('a value in the far future makes no thousands of partitions', () => {
  expect(partitionBounds(design({}), LOWEST, Date.UTC(9999, 0))).toHaveLength(400 + 3 + 1)
})

test('names have 63 bytes at most', () => {
  const bounds = partitionBounds(
    design({ table: { schema: 'public', name: 'ö'.repeat(31) } }),
    LOWEST,
    HIGHEST,
  )
  expect(Math.max(...bounds.map(({ name }) => Buffer.byteLength(name)))).toBeLessThanOrEqual(63)
  expect(new Set(bounds.map(({ name }) => name)).size).toBe(bounds.length)
})
