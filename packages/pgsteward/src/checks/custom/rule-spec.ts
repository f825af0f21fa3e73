// A rule of the configuration as its check takes it: what is watched, which number is made of it, and its limits.

import type { Area } from '../../model/finding.ts'
import type { Milliseconds } from '../../model/units.ts'

export const SOURCES = ['requests', 'statements', 'calls', 'metric', 'series'] as const
export type Source = (typeof SOURCES)[number]

export const OPERATION_STATS = [
  'p50',
  'p95',
  'p99',
  'mean',
  'max',
  'errorRatio',
  'perMinute',
  'errorsPerMinute',
] as const
export type OperationStat = (typeof OPERATION_STATS)[number]

export const SERIES_STATS = ['latest', 'mean', 'max', 'min'] as const
export type SeriesStat = (typeof SERIES_STATS)[number]

/** The last full hour by the median of the same hour of the weeks before. */
export const OF_BASELINE = 'ofBaseline'
export type Stat = OperationStat | SeriesStat | typeof OF_BASELINE

/** Of requests, statements and calls, which have no attributes of their own. */
export const OPERATION_KEYS = ['application', 'name', 'route', 'model', 'action'] as const

export interface RuleSpec {
  readonly id: string
  readonly title: string
  readonly area: Area
  readonly on: Source
  /** A pattern; of a series its name. Null: all. */
  readonly name: string | null
  readonly of: Stat
  readonly is: 'above' | 'below'
  readonly warning: number | null
  readonly critical: number | null
  readonly clear: number | null
  readonly leastVolume: number
  readonly holdMs: Milliseconds
  readonly clearMs: Milliseconds
  /** Label to pattern. */
  readonly where: Readonly<Record<string, string>>
  /** What findings are told apart by. Null: by application; of series, each by itself. */
  readonly per: readonly string[] | null
  /** Of series: how far back. */
  readonly overMs: Milliseconds
}

/** What one group of rows is called by: label to value, in the order asked for. */
export type GroupLabels = ReadonlyMap<string, string>
