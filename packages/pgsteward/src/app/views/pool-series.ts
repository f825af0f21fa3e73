// Pools over time, as the application's page draws them: connections at work and callers that wait, of each process.

import type { Window } from '../../model/units.ts'
import type { SeriesWire } from '../../model/wire.ts'
import type { Store } from '../../store/store.ts'
import { seriesView } from './series-views.ts'

const DRAWN: readonly { readonly shown: string; readonly stored: string }[] = [
  { shown: 'pool-used', stored: 'pool.used' },
  { shown: 'pool-waiting', stored: 'pool.waiting' },
]

export async function poolSeries(
  store: Store,
  targetId: string,
  application: string,
  window: Window,
): Promise<readonly SeriesWire[]> {
  const drawn = await Promise.all(
    DRAWN.map(async ({ shown, stored }) => {
      const found = await store.series(targetId, stored, window)
      return found
        .filter((series) => series.labels.application === application)
        .map((series) => {
          const { application: _application, ...labels } = series.labels
          return { ...seriesView(series), name: shown, labels }
        })
    }),
  )
  return drawn.flat()
}
