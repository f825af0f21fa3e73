// What applications told as the API speaks of it: operations, pools, repeats and slow queries. Pure.

import type {
  OperationTotals,
  PoolReading,
  RepeatTotals,
  SlowQueryGroup,
  SlowQueryRecord,
} from '../../model/application.ts'
import {
  APPLICATION_CRITICAL_MS,
  DATABASE_CRITICAL_MS,
  DATABASE_EMERGENCY_MS,
} from '../../model/slow-limits.ts'
import type {
  OperationWire,
  PoolWire,
  RepeatWire,
  SlowQueryGroupWire,
  SlowQueryWire,
} from '../../model/wire.ts'

/** `seconds`: how much of the window the application reported for. */
export function operationView(totals: OperationTotals, seconds: number): OperationWire {
  const { lastAt, rows, errors, queryMs, durations: _durations, ...told } = totals
  const per = (sum: number) => (totals.count > 0 ? sum / totals.count : 0)
  return {
    ...told,
    perSecond: seconds > 0 ? totals.count / seconds : 0,
    errorRatio: per(errors),
    meanMs: per(totals.totalMs),
    rowsPerCall: per(rows),
    queryTimeRatio: totals.kind === 'request' && totals.totalMs > 0 ? queryMs / totals.totalMs : null,
    lastAt: lastAt.toISOString(),
  }
}

export function poolView(instance: string, pool: PoolReading): PoolWire {
  return { instance, ...pool }
}

export function repeatView(totals: RepeatTotals, queryIds: readonly string[]): RepeatWire {
  const { repetitions, lastAt, ...told } = totals
  return {
    ...told,
    repetitionsPerRequest: told.requests > 0 ? repetitions / told.requests : 0,
    queryIds: [...queryIds],
    lastAt: lastAt.toISOString(),
  }
}

export function slowQueryGroupView(group: SlowQueryGroup, queryIds: readonly string[]): SlowQueryGroupWire {
  const { lastAt, ...told } = group
  return {
    ...told,
    meanMs: group.count > 0 ? group.totalMs / group.count : 0,
    queryIds: [...queryIds],
    lastAt: lastAt.toISOString(),
  }
}

/** Of the application's own measure, which holds network and pool; of the database's, which is its time alone (S3). */
function severityOf({ source, durationMs }: SlowQueryRecord): SlowQueryWire['severity'] {
  if (source === 'application') return durationMs >= APPLICATION_CRITICAL_MS ? 'critical' : 'warning'
  if (durationMs >= DATABASE_EMERGENCY_MS) return 'emergency'
  return durationMs >= DATABASE_CRITICAL_MS ? 'critical' : 'warning'
}

export function slowQueryView(record: SlowQueryRecord, queryIds: readonly string[]): SlowQueryWire {
  const { at, parameters, user: _user, waitEvent: _waitEvent, plan: _plan, ...told } = record
  return {
    ...told,
    at: at.toISOString(),
    parameters: parameters === null ? null : [...parameters],
    severity: severityOf(record),
    queryIds: [...queryIds],
  }
}
