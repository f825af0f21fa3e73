// Which limits a plan knows: of the server, of pools, of sequences, and those of the configuration.

import type { CapacityCacheWire, CapacityInterval } from '../../model/capacity.ts'
import type { ForecastPoint } from '../../stats/forecast/forecast.ts'
import { staffed } from '../../stats/staffing.ts'
import { type Baseline, maxOf } from './capacity-baseline.ts'
import type { ConfiguredLimits } from './capacity-config.ts'
import type { LimitGiven } from './capacity-limits.ts'
import { type Measure, withUsers } from './capacity-measure.ts'
import { staffedInterval } from './capacity-needs.ts'

export interface LimitsOf {
  readonly measures: readonly Measure[]
  readonly baseline: Baseline
  readonly cache: CapacityCacheWire | null
  /** What the size of pools is worked out of. */
  readonly busy: Measure | undefined
  readonly configured: ConfiguredLimits
  readonly users: number
}

type Named = Pick<LimitGiven, 'id' | 'label' | 'value' | 'source'>

export function limitsGiven(given: LimitsOf): readonly LimitGiven[] {
  const { measures, baseline, busy, configured, users } = given
  const on = (id: string, named: Named): readonly LimitGiven[] => {
    const found = measures.find(({ wire }) => wire.id === id)
    if (found === undefined) return []
    const { unit, scales, now, nowWithUsers } = found.wire
    return [
      {
        ...named,
        measure: id,
        unit,
        now,
        nowWithUsers,
        points: found.points,
        pointsWithUsers: eachPoint(found.points, (point) => withUsers(scales, point, now, users)),
      },
    ]
  }
  const needed = (named: Named): readonly LimitGiven[] => {
    if (busy === undefined) return []
    const { now } = busy.wire
    return [
      {
        ...named,
        measure: 'pool',
        unit: 'count',
        now: staffed(now),
        nowWithUsers: staffed(now * users),
        points: eachPoint(busy.points, staffedInterval),
        pointsWithUsers: eachPoint(busy.points, (point) =>
          staffedInterval(withUsers('users', point, now, users)),
        ),
      },
    ]
  }
  const { connections } = baseline.wire
  const poolMax = maxOf(baseline.processes)
  const { disk, memory, queriesPerSecond } = configured
  return [
    ...(connections === null
      ? []
      : [
          ...on('connections', {
            id: 'max-connections',
            label: 'max_connections less the reserved',
            value: connections.usable,
            source: 'max_connections',
          }),
          ...needed({
            id: 'needed-of-max-connections',
            label: 'connections needed, of max_connections',
            value: connections.usable,
            source: 'max_connections',
          }),
        ]),
    ...(poolMax === null || poolMax === 0
      ? []
      : needed({
          id: 'pools',
          label: 'connections needed, of what pools may open',
          value: poolMax,
          source: 'pools of applications',
        })),
    ...measures
      .filter(({ wire }) => wire.id.startsWith('sequence '))
      .flatMap(({ wire }) =>
        on(wire.id, { id: wire.id, label: wire.label, value: 1, source: 'the type of its column' }),
      ),
    ...(disk === undefined
      ? []
      : on('storage', { id: 'disk', label: 'disk', value: disk, source: 'capacity.limits' })),
    ...(configured.connections === undefined
      ? []
      : on('connections', {
          id: 'connections',
          label: 'connections let through',
          value: configured.connections,
          source: 'capacity.limits',
        })),
    ...(queriesPerSecond === undefined
      ? []
      : on('queries', {
          id: 'queries-per-second',
          label: 'queries per second',
          value: queriesPerSecond,
          source: 'capacity.limits',
        })),
    ...(memory === undefined ? [] : cacheOf(memory, given)),
  ]
}

function eachPoint(
  points: readonly ForecastPoint[],
  map: (point: CapacityInterval) => CapacityInterval,
): readonly ForecastPoint[] {
  return points.map((point) => ({ atMs: point.atMs, ...map(point) }))
}

/** The part of the data that is used, against what memory may hold. */
function cacheOf(memory: number, { measures, cache, users }: LimitsOf): readonly LimitGiven[] {
  const storage = measures.find(({ wire }) => wire.id === 'storage')
  if (storage === undefined || cache === null) return []
  const { share, requiredBytes } = cache
  const used = ({ value, lower, upper }: CapacityInterval) => ({
    value: value * share,
    lower: lower * share,
    upper: upper * share,
  })
  return [
    {
      id: 'memory',
      label: 'memory that holds data',
      measure: 'cache',
      unit: 'bytes',
      value: memory,
      source: 'capacity.limits',
      now: requiredBytes,
      nowWithUsers: requiredBytes,
      points: eachPoint(storage.points, used),
      pointsWithUsers: eachPoint(storage.points, (point) =>
        used(withUsers('growth', point, storage.wire.now, users)),
      ),
    },
  ]
}
