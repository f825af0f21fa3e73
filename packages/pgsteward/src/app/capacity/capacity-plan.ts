// A capacity plan of one target, from what the store keeps of it: how it is, how it goes on, what it needs, and which limit comes when.

import { setImmediate as afterOthers } from 'node:timers/promises'
import { sequences, usedShare } from '../../facts/sequences.ts'
import { settings } from '../../facts/settings.ts'
import type { CapacityPlanWire } from '../../model/capacity.ts'
import { DAY_MS } from '../../stats/forecast/regular-series.ts'
import type { Store } from '../../store/store.ts'
import {
  type Baseline,
  BUSY_CONNECTIONS,
  OPEN_CONNECTIONS,
  readBaseline,
  rowsOf,
} from './capacity-baseline.ts'
import type { ConfiguredLimits } from './capacity-config.ts'
import { type CapacityReader, capacityReader, type Peak } from './capacity-history.ts'
import { byUrgency, limitOf } from './capacity-limits.ts'
import { type Measure, type MeasureGiven, measureOf, type PlanFrame } from './capacity-measure.ts'
import { METHOD } from './capacity-method.ts'
import { cacheNeeds, poolNeeds } from './capacity-needs.ts'
import { limitsGiven } from './known-limits.ts'

export interface PlanRequest {
  readonly store: Store
  readonly targetId: string
  readonly now: Date
  /** How many times as many users. */
  readonly users: number
  /** Of the intervals, 0 to 1. */
  readonly confidence: number
  readonly configured: ConfiguredLimits
}

/** Those with most of their range used; others end long after. */
const MOST_SEQUENCES = 5

/** Takes some 300 ms of one core a measure (five to a dozen), and lets others have their turn between two. */
export async function capacityPlan(request: PlanRequest): Promise<CapacityPlanWire> {
  const { store, targetId, now, users, confidence, configured } = request
  const frame: PlanFrame = { now, users, confidence, horizons: horizonsOf(now) }
  const reader = capacityReader(store, targetId, now)
  const baseline = await readBaseline(store, targetId, now, reader)
  const measures: Measure[] = []
  for (const given of await measuresGiven(request, reader, baseline)) {
    if (given.history.length === 0) continue
    await afterOthers()
    measures.push(measureOf(given, frame))
  }
  const named = (id: string) => measures.find(({ wire }) => wire.id === id)
  const busy = named('pool-connections') ?? named('busy-connections')
  const storage = named('storage')
  const pool =
    busy === undefined
      ? null
      : poolNeeds(
          {
            busy,
            source: busy.wire.id === 'pool-connections' ? 'pools' : 'sessions',
            processes: baseline.processes.length === 0 ? null : baseline.processes.length,
            statements: (await reader.peak(['statements.load']))?.peak ?? null,
          },
          frame,
        )
  const cache =
    storage === undefined
      ? null
      : cacheNeeds(
          {
            settings: await rowsOf(store, targetId, settings),
            hitRatio: await hitRatioOf(request, baseline.database),
            storage,
          },
          frame,
        )
  return {
    version: 1,
    targetId,
    at: now.toISOString(),
    historyDays: Math.max(0, ...measures.map(({ wire }) => wire.historyDays)),
    confidence,
    users,
    horizons: frame.horizons.map(({ id, label, at }) => ({ id, label, at: at.toISOString() })),
    baseline: baseline.wire,
    measures: measures.map(({ wire }) => wire),
    pool,
    cache,
    limits: limitsGiven({ measures, baseline, cache, busy, configured, users })
      .map((given) => limitOf(given, frame))
      .toSorted(byUrgency),
    method: [...METHOD],
  }
}

function horizonsOf(now: Date): PlanFrame['horizons'] {
  const inDays = (days: number) => new Date(now.getTime() + days * DAY_MS)
  return [
    { id: '6-months', label: 'in 6 months', at: inDays(182) },
    { id: '12-months', label: 'in 12 months', at: inDays(365) },
  ]
}

async function measuresGiven(
  { store, targetId }: PlanRequest,
  reader: CapacityReader,
  { wire, processes }: Baseline,
): Promise<readonly MeasureGiven[]> {
  const peaks = async (
    given: Pick<MeasureGiven, 'id' | 'label' | 'unit' | 'scales'>,
    names: readonly string[],
    peak: Peak | null,
  ): Promise<readonly MeasureGiven[]> =>
    peak === null
      ? []
      : [
          {
            ...given,
            now: peak.peak,
            times: peak.mean > 0 ? peak.peak / peak.mean : 1,
            history: await reader.history(names),
          },
        ]
  const storedBytes = wire.databases.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const [pools, busy] = await Promise.all([reader.peak(['pool.used']), reader.peak(BUSY_CONNECTIONS)])
  return [
    {
      id: 'storage',
      label: 'Databases on disk',
      unit: 'bytes',
      scales: 'growth',
      now: storedBytes,
      history: await reader.history(['database.size']),
    },
    {
      id: 'index-storage',
      label: 'Indexes on disk',
      unit: 'bytes',
      scales: 'growth',
      now: wire.indexBytes ?? 0,
      history: await reader.history(['table.indexSize']),
    },
    ...(await peaks(
      { id: 'queries', label: 'Queries per second at the peak', unit: 'perSecond', scales: 'users' },
      ['statements.calls'],
      wire.queries,
    )),
    ...(await peaks(
      {
        id: 'transactions',
        label: 'Transactions per second at the peak',
        unit: 'perSecond',
        scales: 'users',
      },
      ['database.transactions'],
      wire.transactions,
    )),
    // idle ones stay open because of a pool's size, not because of users
    ...(await peaks(
      { id: 'connections', label: 'Connections open at the peak', unit: 'count', scales: 'none' },
      OPEN_CONNECTIONS,
      wire.connections,
    )),
    ...(await peaks(
      { id: 'busy-connections', label: 'Connections at work at the peak', unit: 'count', scales: 'users' },
      BUSY_CONNECTIONS,
      busy,
    )),
    // what pools tell is how long the application really holds a connection; it counts where all that is at work comes from them
    ...(processes.length > 0 && pools !== null && pools.peak >= (busy?.peak ?? 0)
      ? await peaks(
          {
            id: 'pool-connections',
            label: 'Connections taken from pools at the peak',
            unit: 'count',
            scales: 'users',
          },
          ['pool.used'],
          pools,
        )
      : []),
    ...(await sequencesGiven(store, targetId, reader)),
  ]
}

async function sequencesGiven(
  store: Store,
  targetId: string,
  reader: CapacityReader,
): Promise<readonly MeasureGiven[]> {
  const rows = await rowsOf(store, targetId, sequences)
  const used = rows
    .flatMap((row) => {
      const now = usedShare(row)
      return now === null || now < 0.01 ? [] : [{ name: sequences.keyOf(row), now }]
    })
    .toSorted((a, b) => b.now - a.now)
    .slice(0, MOST_SEQUENCES)
  return Promise.all(
    used.map(async ({ name, now }) => ({
      id: `sequence ${name}`,
      label: `Sequence ${name}`,
      unit: 'ratio' as const,
      scales: 'growth' as const,
      now,
      // the only sequence of a database has no label
      history: await reader.history(
        ['sequence.used'],
        ({ labels }) => labels.key === name || (labels.key === undefined && rows.length === 1),
      ),
    })),
  )
}

/** Of the connected database over a week; null: too few pages were touched. */
async function hitRatioOf(
  { store, targetId, now }: PlanRequest,
  database: string | null,
): Promise<number | null> {
  const week = { from: new Date(now.getTime() - 7 * DAY_MS), to: now }
  const points = (await store.series(targetId, 'database.cacheHit', week))
    .filter(({ labels }) => labels.key === undefined || labels.key === database)
    .flatMap((series) => series.points)
  return points.length === 0 ? null : points.reduce((sum, [, ratio]) => sum + ratio, 0) / points.length
}
