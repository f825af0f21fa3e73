// Statements as the API speaks of them: shares, means and histories from the store's sums.

import type { SeriesWire, SlowStatementWire } from '../../model/wire.ts'
import type { StatementPoint, StatementSums, StatementTotals } from '../../store/store.ts'

/** Rates are over the seconds that readings cover, not over the window: it may reach back to before watching began. */
export function statementView(totals: StatementTotals, all: StatementSums): SlowStatementWire {
  const blocks = totals.sharedBlocksHit + totals.sharedBlocksRead
  return {
    queryId: totals.queryId,
    database: totals.database,
    user: totals.user,
    text: totals.text,
    calls: totals.calls,
    callsPerSecond: all.seconds > 0 ? totals.calls / all.seconds : 0,
    totalExecMs: totals.totalExecMs,
    meanExecMs: totals.calls > 0 ? totals.totalExecMs / totals.calls : 0,
    rowsPerCall: totals.calls > 0 ? totals.rows / totals.calls : 0,
    cacheHitRatio: blocks > 0 ? totals.sharedBlocksHit / blocks : null,
    timeShare: all.totalExecMs > 0 ? totals.totalExecMs / all.totalExecMs : 0,
  }
}

/** A bucket without seconds is a gap: nothing was collected then, which is not the same as nothing happened. */
export function statementSeries(points: readonly StatementPoint[]): readonly SeriesWire[] {
  const over = (
    name: string,
    unit: SeriesWire['unit'],
    value: (point: StatementPoint) => number | null,
  ): SeriesWire => ({
    name,
    unit,
    labels: {},
    points: points.map((point) => [
      Math.round(point.at.getTime() / 1000),
      point.seconds > 0 ? value(point) : null,
    ]),
  })
  return [
    over('statement-calls', 'perSecond', (point) => point.calls / point.seconds),
    over('statement-mean', 'ms', (point) => (point.calls > 0 ? point.totalExecMs / point.calls : null)),
    over('statement-rows', 'perSecond', (point) => point.rows / point.seconds),
    over('statement-reads', 'perSecond', (point) => point.sharedBlocksRead / point.seconds),
  ]
}
