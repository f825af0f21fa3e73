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
  /** The call that matters most. */
  readonly heaviest: OperationTotals
  readonly rows: readonly OperationTotals[]
}

/** `POST api.carrier.example:443` is a call to api.carrier.example:443. */
export function serviceOf({ name }: OperationTotals): string {
  return name.slice(name.indexOf(' ') + 1)
}

/** `weight` says which of a service's calls matter most; by default those that take most time. */
export function callsByService(
  calls: readonly OperationTotals[],
  weight: (row: OperationTotals) => number = (row) => row.totalMs,
): readonly ServiceCalls[] {
  return worstFirst(calls, (row) => keyOf(row.application, serviceOf(row)), weight).map(
    ([heaviest, rows]) => ({
      application: heaviest.application,
      service: serviceOf(heaviest),
      count: sum(rows, 'count'),
      errors: sum(rows, 'errors'),
      totalMs: sum(rows, 'totalMs'),
      heaviest,
      rows,
    }),
  )
}

/** A named metric in one route, whatever its labels. */
export interface MetricAtRoute {
  readonly application: string
  readonly name: string
  readonly route: string | null
  /** The line that measures it; told with a part of the calls only, since looking it up costs. */
  readonly caller: string | null
  readonly count: number
  readonly errors: number
  readonly totalMs: number
  readonly labels: string | null
}

export function metricsByRoute(metrics: readonly OperationTotals[]): readonly MetricAtRoute[] {
  return worstFirst(
    metrics,
    (row) => keyOf(row.application, row.name, row.route),
    (row) => row.errors * 1e12 + row.totalMs,
  ).map(([worst, rows]) => ({
    application: worst.application,
    name: worst.name,
    route: worst.route,
    caller: rows.find((row) => row.caller !== null)?.caller ?? null,
    count: sum(rows, 'count'),
    errors: sum(rows, 'errors'),
    totalMs: sum(rows, 'totalMs'),
    labels: worst.labels,
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
  metrics: readonly MetricAtRoute[],
): MetricAtRoute | null {
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

/**
 * Of the route's time; null where no request waits for the call: outside of requests, and where it goes on after the answer, so that
 * requests are shorter than the calls that they wait for could be, even if those of one request ran at the same time.
 */
export function shareOfRequest(call: OperationTotals, requests: readonly OperationTotals[]): number | null {
  const request = requests.find((row) => row.application === call.application && row.name === call.route)
  if (request === undefined || request.totalMs <= 0) return null
  const callsPerRequest = Math.max(1, call.count / Math.max(1, request.count))
  if (request.totalMs < (call.totalMs / callsPerRequest) * 0.9) return null
  return Math.min(1, call.totalMs / request.totalMs)
}

function sum(rows: readonly OperationTotals[], column: 'count' | 'errors' | 'totalMs'): number {
  return rows.reduce((total, row) => total + row[column], 0)
}
