// What a route spends its time on: its statements, and the services it calls.

import type { ApplicationQuery } from '../../facts/application-queries.ts'
import type { OperationTotals } from '../../model/application.ts'
import type { Evidence } from '../../model/finding.ts'
import { atPlace, count, ratio, statementName, text } from './place.ts'

export interface Spender {
  /** `Parcel.findMany, at src/parcels.ts:12` */
  readonly name: string
  /** Of the route's time, at most 1: parts may run at the same time. */
  readonly share: number
}

/** How many statements a request sends and what share of its time they take. */
export function requestEvidence(request: OperationTotals): readonly Evidence[] {
  return [
    ...text('application', request.application),
    ...count('statements a request', request.count > 0 ? request.rows / request.count : null),
    ...ratio("statements' share of the time", shown(queryTimeRatio(request))),
  ]
}

function shown(ratio: number | null): number | null {
  return ratio === null ? null : Math.min(1, ratio)
}

/** Over 1 where a request sends statements at the same time. */
export function queryTimeRatio(request: OperationTotals): number | null {
  return request.totalMs > 0 ? request.queryMs / request.totalMs : null
}

export function heaviestStatement(
  request: OperationTotals,
  queries: readonly ApplicationQuery[],
): (Spender & { readonly query: ApplicationQuery }) | null {
  const query = heaviest(request, queries)
  if (query === null) return null
  const name = `${statementName(query, query.name)}${atPlace(query.caller)}`
  return { name, share: Math.min(1, query.totalMs / request.totalMs), query }
}

export function heaviestCall(request: OperationTotals, calls: readonly OperationTotals[]): Spender | null {
  const call = heaviest(request, calls)
  return call === null ? null : { name: call.name, share: Math.min(1, call.totalMs / request.totalMs) }
}

function heaviest<Row extends OperationTotals>(request: OperationTotals, rows: readonly Row[]): Row | null {
  if (request.totalMs <= 0) return null
  const own = rows.filter((row) => row.application === request.application && row.route === request.name)
  return own.toSorted((a, b) => b.totalMs - a.totalMs)[0] ?? null
}
