// How large the pools of applications may grow, and what they used at most within the last hour.

import { defineStoredFact, type Series } from '../model/fact.ts'
import type { Milliseconds } from '../model/units.ts'
import { type ApplicationPool, applicationPools } from './application-pools.ts'
import type { ApplicationReading } from './application-reading.ts'

export interface ApplicationPoolPeak {
  readonly application: string
  readonly pool: string
  /** Of the process that may have most. */
  readonly max: number
  readonly processes: number
  /** Of all pools of all processes of the application. */
  readonly applicationMax: number
  /** By one process at once, as told every few seconds; null: not asked for, or not kept. */
  readonly peakUsed: number | null
}

const PEAK_MS: Milliseconds = 60 * 60_000

/** Smaller ones are as they should be, so that their history need not be read at each judgement. */
const LARGE_FROM = 20

export const applicationPoolPeaks = defineStoredFact<ApplicationReading<ApplicationPoolPeak>>({
  id: 'application-pool-peaks',
  title: 'Sizes of the connection pools of applications, and what large ones used at most within an hour',
  async read(memory, targetId, now) {
    const reading = await applicationPools.read(memory, targetId, now)
    const pools = reading.rows.filter((pool) => pool.max !== null)
    const window = { from: new Date(now.getTime() - PEAK_MS), to: now }
    const used = pools.some(isLarge) ? await memory.series(targetId, 'pool.used', window) : []
    const byPool = Map.groupBy(pools, ({ application, pool }) => JSON.stringify([application, pool]))
    const rows = [...byPool.values()].map((processes): ApplicationPoolPeak => {
      const { application, pool } = processes[0]!
      return {
        application,
        pool,
        max: Math.max(...processes.map(maxOf)),
        processes: processes.length,
        applicationMax: sum(pools.filter((each) => each.application === application).map(maxOf)),
        peakUsed: processes.some(isLarge) ? peakOf(used, application, pool) : null,
      }
    })
    return { ...reading, rows }
  },
})

function maxOf({ max }: ApplicationPool): number {
  return max ?? 0
}

function isLarge(pool: ApplicationPool): boolean {
  return maxOf(pool) > LARGE_FROM
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function peakOf(used: readonly Series[], application: string, pool: string): number | null {
  const points = used
    .filter(({ labels }) => labels.application === application && labels.pool === pool)
    .flatMap((series) => series.points)
  return points.length === 0 ? null : points.reduce((most, [, value]) => Math.max(most, value), 0)
}
