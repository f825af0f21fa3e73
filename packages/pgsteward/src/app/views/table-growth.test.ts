import { expect, test } from 'vitest'
import type { SeriesEnds, Store } from '../../store/store.ts'
import { tableGrowth } from './table-growth.ts'

const HOUR_MS = 3_600_000
const now = new Date('2026-01-08T00:00:00Z')
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * HOUR_MS)
type Size = readonly [hours: number, bytes: number]
const sizes = (key: string, first: Size, last: Size): SeriesEnds => ({
  labels: { key },
  first: [hoursAgo(first[0]), first[1]],
  last: [hoursAgo(last[0]), last[1]],
})
/** Nothing else of the store is asked. */
const storeOf = (...ends: SeriesEnds[]) => ({ seriesEnds: async () => ends }) as unknown as Store

test('growth is bytes a day, and negative when a table shrank', async () => {
  const store = storeOf(
    sizes('public.orders', [48, 1000], [0, 3000]),
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
    sizes('public.once', [0, 1000], [0, 1000]),
  )
  expect(await tableGrowth(store, 'shop', now)).toEqual(new Map())
})
