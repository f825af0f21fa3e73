import { expect, test } from 'vitest'
import { partitionRow, rangePartitionsRow } from '../../../test/rows.ts'
import { detachRemedy, expiredPartitions } from './next-partitions.ts'

const expired = (now: string, keepMonths: number, row = rangePartitionsRow()) =>
  expiredPartitions(row, new Date(now), keepMonths).map(({ name }) => name)

test('what ended as many months ago is expired, the oldest first, and the newest never', () => {
  expect(expired('2026-05-01T00:00:00Z', 3)).toEqual(['parcel_p2026_01'])
  expect(expired('2026-04-30T23:59:59Z', 3)).toEqual([])
  expect(expired('2026-07-15T00:00:00Z', 2)).toEqual([
    'parcel_p2026_01',
    'parcel_p2026_02',
    'parcel_p2026_03',
    'parcel_p2026_04',
  ])
  expect(expired('2030-01-01T00:00:00Z', 1)).toEqual(
    ['01', '02', '03', '04', '05'].map((month) => `parcel_p2026_${month}`),
  )
  // a month before the 31st of March is the end of February
  expect(expired('2026-03-31T00:00:00Z', 1)).toEqual(['parcel_p2026_01'])
})

test('numbers have no age', () => {
  const row = rangePartitionsRow({
    key: { column: 'id', type: 'bigint' },
    partitions: [
      partitionRow({ name: 'a', bound: "FOR VALUES FROM ('0') TO ('10')" }),
      partitionRow({ name: 'b', bound: "FOR VALUES FROM ('10') TO ('20')" }),
    ],
  })
  expect(expired('2030-01-01T00:00:00Z', 1, row)).toEqual([])
})

test('they are detached concurrently where PostgreSQL lets that be, and attached again with their bounds', () => {
  const row = rangePartitionsRow()
  const [january] = row.partitions
  const alone = { ...row, partitions: row.partitions.slice(0, -1) }
  expect(detachRemedy(alone, [january!])).toMatchObject({
    sql: ['alter table public.parcel detach partition public.parcel_p2026_01 concurrently'],
    undo: [
      "alter table public.parcel attach partition public.parcel_p2026_01 for values from ('2026-01-01 00:00:00+00') to ('2026-02-01 00:00:00+00')",
    ],
    lock: 'share update exclusive',
  })
  expect(detachRemedy(row, [january!])).toMatchObject({
    sql: ['alter table public.parcel detach partition public.parcel_p2026_01'],
    lock: 'access exclusive',
  })
})
