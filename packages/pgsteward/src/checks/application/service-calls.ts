// Calls to other services put together: by service for one finding each, with the route and the place they matter to most.

import type { OperationTotals } from '../../model/application.ts'
import { keyOf, worstFirst } from './place.ts'

export interface ServiceCalls {
  readonly application: string
  /** `api.carrier.example:443` */
  readonly service: string
  readonly count: number
  readonly errors: number
  readonly totalMs: number
  /** The call that takes most of the time. */
  readonly heaviest: OperationTotals
  readonly rows: readonly OperationTotals[]
}

/** `POST api.carrier.example:443` is a call to api.carrier.example:443. */
export function serviceOf({ name }: OperationTotals): string {
  return name.slice(name.indexOf(' ') + 1)
}

export function callsByService(calls: readonly OperationTotals[]): readonly ServiceCalls[] {
  return worstFirst(
    calls,
    (row) => keyOf(row.application, serviceOf(row)),
    (row) => row.totalMs,
  ).map(([heaviest, rows]) => ({
    application: heaviest.application,
    service: serviceOf(heaviest),
    count: sum(rows, 'count'),
    errors: sum(rows, 'errors'),
    totalMs: sum(rows, 'totalMs'),
    heaviest,
    rows,
  }))
}

/** What PerformanceMetrics.trackDatabaseOperation records: no call to another service. */
const DATABASE_OPERATION = 'database.operation'

/**
 * The line that makes the call, where the application measures it by PerformanceMetrics.timeAsync: what is measured in the same
 * request, takes as long as the call or longer (it contains it), and of those the nearest.
 */
export function measuredAt(
  { application, route, totalMs }: OperationTotals,
  metrics: readonly OperationTotals[],
): OperationTotals | null {
  const around = metrics.filter(
    (row) =>
      row.application === application &&
      row.route === route &&
      row.caller !== null &&
      row.name !== DATABASE_OPERATION &&
      row.totalMs >= totalMs * 0.9,
  )
  return around.toSorted((a, b) => a.totalMs - b.totalMs)[0] ?? null
}

/** Of the route's time. */
export function shareOfRequest(call: OperationTotals, requests: readonly OperationTotals[]): number | null {
  const request = requests.find((row) => row.application === call.application && row.name === call.route)
  return request === undefined || request.totalMs <= 0 ? null : Math.min(1, call.totalMs / request.totalMs)
}

function sum(rows: readonly OperationTotals[], column: 'count' | 'errors' | 'totalMs'): number {
  return rows.reduce((total, row) => total + row[column], 0)
}
