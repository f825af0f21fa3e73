// What a target needs: connections by how many are at work, memory by what of its data is used.

import { type SettingRow, settingBytes, settingNamed } from '../../facts/settings.ts'
import type { CapacityCacheWire, CapacityInterval, CapacityPoolWire } from '../../model/capacity.ts'
import { staffed } from '../../stats/staffing.ts'
import { type Measure, type PlanFrame, projectionOf, withUsers } from './capacity-measure.ts'

/** Below this share of pages found in shared_buffers, more memory would save reads: PostgreSQL's manual and practice say 99 %. */
export const HIT_RATIO_THAT_FITS = 0.99

const eachOf =
  (map: (value: number) => number) =>
  ({ value, lower, upper }: CapacityInterval): CapacityInterval => ({
    value: map(value),
    lower: map(lower),
    upper: map(upper),
  })

export const staffedInterval = eachOf(staffed)

export interface PoolGiven {
  /** Connections at work, as a measure that users multiply. */
  readonly busy: Measure
  readonly source: CapacityPoolWire['source']
  readonly processes: number | null
  readonly statements: number | null
}

/** By Little's law users multiply the connections that are at work; the square root's margin grows less than they do. */
export function poolNeeds(
  { busy, source, processes, statements }: PoolGiven,
  frame: PlanFrame,
): CapacityPoolWire {
  const offered = busy.wire.now
  return {
    offered,
    source,
    required: staffed(offered),
    requiredWithUsers: staffed(offered * frame.users),
    processes,
    statements,
    projections: frame.horizons.map((horizon) =>
      projectionOf(
        horizon,
        busy.points,
        (point) => staffedInterval(withUsers('users', point, offered, frame.users)),
        staffedInterval,
      ),
    ),
  }
}

export interface CacheGiven {
  readonly settings: readonly SettingRow[]
  readonly hitRatio: number | null
  /** All databases together. */
  readonly storage: Measure
}

/** Null where the role may not see shared_buffers. */
export function cacheNeeds(
  { settings, hitRatio, storage }: CacheGiven,
  frame: PlanFrame,
): CapacityCacheWire | null {
  const bytesOf = (name: string) => {
    const row = settingNamed(settings, name)
    return row === undefined ? null : settingBytes(row)
  }
  const sharedBuffersBytes = bytesOf('shared_buffers')
  const dataBytes = storage.wire.now
  if (sharedBuffersBytes === null || dataBytes <= 0) return null
  const rule = hitRatio === null ? 'unknown' : hitRatio >= HIT_RATIO_THAT_FITS ? 'fits' : 'misses'
  // what is used fits into shared_buffers, so it is no more than they hold; else only all of the data is sure to be enough
  const share = rule === 'fits' ? Math.min(1, sharedBuffersBytes / dataBytes) : 1
  const ofData = eachOf((bytes) => bytes * share)
  return {
    sharedBuffersBytes,
    effectiveCacheSizeBytes: bytesOf('effective_cache_size'),
    hitRatio,
    dataBytes,
    rule,
    share,
    requiredBytes: dataBytes * share,
    projections: frame.horizons.map((horizon) =>
      projectionOf(
        horizon,
        storage.points,
        (point) => ofData(withUsers('growth', point, dataBytes, frame.users)),
        ofData,
      ),
    ),
  }
}
