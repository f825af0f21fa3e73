// The report on slow queries as data, and as text for a terminal or a log.

import type { CallSite, PoolState, SlowQueryEvent } from '../record/drained.ts'
import { percentileMs } from '../record/histogram.ts'
import type { ModelSum, RepeatSum, ReportHistory } from './report-history.ts'

export interface ReportedStatement {
  readonly fingerprint: string
  /** Literals replaced. */
  readonly text: string
  readonly model: string | null
  readonly action: string | null
  readonly route: string | null
  readonly caller: CallSite | null
  readonly count: number
  readonly errors: number
  readonly rows: number
  readonly totalMs: number
  readonly meanMs: number
  readonly p95Ms: number
  readonly maxMs: number
}

export interface SlowQueryReport {
  /** ISO 8601. */
  readonly since: string
  readonly at: string
  readonly thresholds: {
    readonly slowQueryMs: number
    readonly verySlowQueryMs: number
    readonly repeatsFrom: number
  }
  /** Those over the threshold, the slowest 20, parameters redacted. */
  readonly slowQueries: readonly SlowQueryEvent[]
  /** By total time, at most 50. */
  readonly statements: readonly ReportedStatement[]
  /** By total time, at most 100. */
  readonly models: readonly ModelSum[]
  /** The same statement again and again in one request (N+1), at most 20. */
  readonly repeated: readonly RepeatSum[]
  readonly pools: readonly PoolState[]
  /** What a bound kept out, by kind. */
  readonly dropped: Readonly<Record<string, number>>
}

export function slowQueryReport(
  history: ReportHistory,
  thresholds: SlowQueryReport['thresholds'],
  now: number,
): SlowQueryReport {
  return {
    since: new Date(history.startedAt).toISOString(),
    at: new Date(now).toISOString(),
    thresholds,
    slowQueries: history.slowest(),
    statements: history.statements().map(({ fingerprint, text, model, action, route, caller, ...sum }) => ({
      fingerprint,
      text,
      model,
      action,
      route,
      caller,
      count: sum.duration.count,
      errors: sum.errors,
      rows: sum.rows,
      totalMs: sum.duration.sumMs,
      meanMs: sum.duration.count === 0 ? 0 : sum.duration.sumMs / sum.duration.count,
      p95Ms: percentileMs(sum.duration, 0.95),
      maxMs: sum.duration.maxMs,
    })),
    models: history.models(),
    repeated: history.repeats(),
    pools: history.pools(),
    dropped: history.dropped(),
  }
}
