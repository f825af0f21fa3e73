// A series of a tool that gave percentiles and no values.

import type { RunSeries } from '../../model/load-run.ts'
import { NO_PERCENTILES } from './series-fold.ts'

export interface SummaryFigures {
  readonly name: string
  readonly feature?: string | null
  readonly count: number
  readonly errors: number
  readonly meanMs: number | null
  readonly minMs: number | null
  readonly maxMs: number | null
  readonly percentiles?: Partial<RunSeries['percentiles']>
}

export function summarySeries(figures: SummaryFigures): RunSeries {
  const { name, feature = null, count, errors, meanMs, minMs, maxMs, percentiles = {} } = figures
  return {
    name,
    feature,
    count,
    errors,
    sumMs: (meanMs ?? 0) * Math.max(0, count - errors),
    minMs,
    maxMs,
    histogram: null,
    serviceHistogram: null,
    percentiles: { ...NO_PERCENTILES, ...percentiles },
    windows: null,
  }
}
