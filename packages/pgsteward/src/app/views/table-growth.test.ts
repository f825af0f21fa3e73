import { expect, test } from 'vitest'
import type { Series } from '../../model/fact.ts'
import type { Store } from '../../store/store.ts'
import { tableGrowth } from './table-growth.ts'

const HOUR_MS = 3_600_000
const now = new Date('2026-01-08T00:00:00Z')
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * HOUR_MS)
const sizes = (key: string, ...points: [hours: number, bytes: number][]): Series => ({
  name: 'table.size',
  unit: 'bytes',
  labels: { key },
  points: points.map(([hours, bytes]) => [hoursAgo(hours), bytes] as const),
})
/** Nothing else of the store is asked. */
const storeOf = (...series: Series[]) => ({ series: async () => series }) as unknown as Store

test('growth is bytes a day, and negative when a table shrank', async () => {
  const store = storeOf(
    sizes('public.orders', [48, 1000], [24, 1900], [0, 3000]),
    sizes('public.queue', [12, 800], [0, 300]),
  )
  expect(await tableGrowth(store, 'shop', now)).toEqual(
    new Map([
      ['public.orders', 1000],
      ['public.queue', -1000],
    ]),
  )
})

test('less than six hours say nothing', async () => {
  const store = storeOf(
    sizes('public.young', [5, 1000], [0, 9000]),
    sizes('public.once', [0, 1000]),
    sizes('public.none'),
  )
  expect(await tableGrowth(store, 'shop', now)).toEqual(new Map())
})
