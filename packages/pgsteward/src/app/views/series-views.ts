// Series as the API speaks of them, and the ones that the overview draws.

import type { Series } from '../../model/fact.ts'
import type { Window } from '../../model/units.ts'
import type { SeriesWire } from '../../model/wire.ts'
import type { Store } from '../../store/store.ts'

export function seriesView(series: Series): SeriesWire {
  return {
    name: series.name,
    unit: series.unit,
    labels: { ...series.labels },
    points: series.points.map(([at, value]) => [Math.round(at.getTime() / 1000), value]),
  }
}

/** Name on the overview and the stored series it is drawn from; `own` keeps the watched database's alone. */
const OVERVIEW: readonly {
  readonly shown: string
  readonly stored: string
  readonly own?: true
  readonly label?: string
}[] = [
  { shown: 'load', stored: 'statements.load' },
  { shown: 'queries-per-second', stored: 'statements.calls' },
  { shown: 'cache-hit-ratio', stored: 'database.cacheHit', own: true },
  { shown: 'connections', stored: 'connections.active', label: 'active' },
  { shown: 'connections', stored: 'connections.idle', label: 'idle' },
  { shown: 'connections', stored: 'connections.idleInTransaction', label: 'idle in transaction' },
  { shown: 'wal-bytes-per-second', stored: 'wal.bytes' },
  { shown: 'temp-bytes-per-second', stored: 'database.tempBytes', own: true },
]

export async function overviewSeries(
  store: Store,
  targetId: string,
  database: string | null,
  window: Window,
): Promise<readonly SeriesWire[]> {
  const drawn = await Promise.all(
    OVERVIEW.map(async ({ shown, stored, own, label }) => {
      const found = await store.series(targetId, stored, window)
      const kept = own === undefined ? found : found.filter((series) => series.labels.key === database)
      return kept.map((series) => ({
        ...seriesView(series),
        name: shown,
        labels: label === undefined ? {} : { state: label },
      }))
    }),
  )
  return drawn.flat()
}
