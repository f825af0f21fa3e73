// A percentile of several operations together: of their durations, never of their percentiles.

import type { OperationTotals } from '../../model/application.ts'
import type { Milliseconds } from '../../model/units.ts'
import { mergeCounts, percentileOf } from '../../stats/duration-histogram.ts'

/** Null where no source told its durations one by one. Never above the slowest, which is known exactly. */
export function mergedPercentile(rows: readonly OperationTotals[], ratio: number): Milliseconds | null {
  const told = rows.filter(({ durations }) => durations !== null)
  const counts = mergeCounts(...told.map(({ durations }) => durations))
  const ms = counts === null ? null : percentileOf(counts, ratio)
  const maxMs = Math.max(0, ...told.map((row) => row.maxMs))
  return ms === null || maxMs <= 0 ? ms : Math.min(ms, maxMs)
}
