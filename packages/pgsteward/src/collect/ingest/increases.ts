// Cumulative points into increases, by the last point of each stream. Delta points pass as they are. What was read is remembered only
// when the report was saved (`commit`), so that a body that has to be sent again is not taken for a standstill.

import type { Attributes, Buckets, HistogramPoint, Metric, NumberPoint } from './decoded.ts'
import { RecentMap } from './recent-map.ts'

/** Streams remembered, the least recently used goes: some 10 MB. */
const MAX_STREAMS = 20_000

/**
 * A stream that was never seen counts from its start when it began after the process was last heard of, or just now: exporters send
 * every minute. Else it began while we were not there, and its sum says nothing about when.
 */
const JUST_NOW_MS = 150_000

interface LastPoint {
  readonly startMs: number
  readonly atMs: number
  readonly value: number
  readonly count: number
  readonly sum: number
  readonly buckets: Buckets | null
}

export interface Increases {
  /** Null: nothing to count, such as a point that was seen before. */
  readonly ofNumber: (metric: Metric, point: NumberPoint) => number | null
  readonly ofHistogram: (metric: Metric, point: HistogramPoint) => HistogramPoint | null
  readonly commit: () => void
}

export interface Streams {
  /** For one body of one process. */
  readonly begin: (process: string, now: Date) => Increases
}

export function streams(): Streams {
  const last = new RecentMap<LastPoint>(MAX_STREAMS)
  const heardOf = new RecentMap<number>(MAX_STREAMS)
  return {
    begin: (process, now) => {
      const pending = new Map<string, LastPoint>()
      const knownUntil = heardOf.get(process) ?? now.getTime() - JUST_NOW_MS
      const beforeOf = (key: string, point: { readonly startMs: number; readonly atMs: number }) => {
        const before = pending.get(key) ?? last.get(key)
        if (before === undefined) return point.startMs >= knownUntil ? 'from zero' : 'unknown'
        if (point.atMs <= before.atMs) return 'seen'
        return point.startMs > before.startMs ? 'from zero' : before
      }
      return {
        ofNumber: (metric, point) => {
          if (metric.isDelta) return point.value
          const key = keyOf(process, metric, point.attributes)
          const before = beforeOf(key, point)
          if (before === 'seen') return null
          pending.set(key, { ...point, count: 0, sum: 0, buckets: null })
          if (before === 'unknown') return null
          return before === 'from zero' || point.value < before.value
            ? point.value
            : point.value - before.value
        },
        ofHistogram: (metric, point) => {
          if (metric.isDelta) return point
          const key = keyOf(process, metric, point.attributes)
          const before = beforeOf(key, point)
          if (before === 'seen') return null
          const { startMs, atMs, count, sum, buckets } = point
          pending.set(key, { startMs, atMs, value: 0, count, sum: sum ?? 0, buckets })
          if (before === 'unknown') return null
          return before === 'from zero' || count < before.count ? point : since(point, before)
        },
        commit: () => {
          for (const [key, point] of pending) last.set(key, point)
          heardOf.set(process, now.getTime())
        },
      }
    },
  }
}

function keyOf(process: string, { scope, name }: Metric, attributes: Attributes): string {
  return JSON.stringify([process, scope, name, Object.entries(attributes)])
}

/** The maximum of a cumulative histogram is of all its time: what is left of it is a bound on that of the increase. */
function since(point: HistogramPoint, before: LastPoint): HistogramPoint {
  return {
    ...point,
    count: point.count - before.count,
    sum: point.sum === null ? null : Math.max(0, point.sum - before.sum),
    buckets: before.buckets === null ? point.buckets : less(point.buckets, before.buckets),
  }
}

function less(now: Buckets, before: Buckets): Buckets {
  if (now.kind === 'explicit') {
    if (before.kind !== 'explicit' || before.counts.length !== now.counts.length) return now
    return { ...now, counts: now.counts.map((count, index) => Math.max(0, count - before.counts[index]!)) }
  }
  if (before.kind !== 'exponential' || before.scale < now.scale) return now
  // a histogram that has grown wide has halved its resolution meanwhile: so many old buckets are one of the new
  const factor = 2 ** (before.scale - now.scale)
  const counts = [...now.counts]
  for (const [index, count] of before.counts.entries()) {
    const at = Math.floor((before.offset + index) / factor) - now.offset
    if (counts[at] !== undefined) counts[at] = Math.max(0, counts[at] - count)
  }
  return { ...now, zeroCount: Math.max(0, now.zeroCount - before.zeroCount), counts }
}
