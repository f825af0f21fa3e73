// How fast tables grow: a straight line through the first and the last size of a week, once there are six hours of them.

import type { Store } from '../../store/store.ts'

const DAY_MS = 86_400_000
const LEAST_SPAN_MS = DAY_MS / 4

/** Bytes a day by `schema.name`; tables that are not known for long enough are left out. */
export async function tableGrowth(
  store: Store,
  targetId: string,
  now: Date,
): Promise<ReadonlyMap<string, number>> {
  const sizes = await store.seriesEnds(targetId, 'table.size', {
    from: new Date(now.getTime() - 7 * DAY_MS),
    to: now,
  })
  return new Map(
    sizes.flatMap(({ labels, first, last }) => {
      const spanMs = last[0].getTime() - first[0].getTime()
      return spanMs < LEAST_SPAN_MS
        ? []
        : [[labels.key ?? '', ((last[1] - first[1]) / spanMs) * DAY_MS] as const]
    }),
  )
}
