// Statements put together by model and action, those without a model by summary.

import type { OperationTotals } from '../../model/application.ts'

/**
 * The percentiles of a group are unknown where it has several parts, since those of its parts can't be added up; the one that is
 * called most often stands for it only where it is the group.
 */
export function modelTotals(queries: readonly OperationTotals[]): readonly OperationTotals[] {
  const groups = Map.groupBy(queries, ({ model, action, name }) =>
    JSON.stringify(model === null ? [name] : [model, action]),
  )
  return [...groups.values()].map(together).sort((a, b) => b.totalMs - a.totalMs)
}

function together(rows: readonly OperationTotals[]): OperationTotals {
  const first = rows[0]!
  if (rows.length === 1) return { ...first, route: null, caller: null }
  const sum = (column: 'count' | 'errors' | 'totalMs' | 'rows' | 'queryMs') =>
    rows.reduce((total, row) => total + row[column], 0)
  return {
    ...first,
    name: first.model === null ? first.name : `${first.model}.${first.action ?? 'query'}`,
    route: null,
    fingerprint: null,
    caller: null,
    count: sum('count'),
    errors: sum('errors'),
    totalMs: sum('totalMs'),
    rows: sum('rows'),
    queryMs: sum('queryMs'),
    maxMs: Math.max(...rows.map((row) => row.maxMs)),
    p50Ms: null,
    p95Ms: null,
    p99Ms: null,
    lastAt: new Date(Math.max(...rows.map((row) => row.lastAt.getTime()))),
  }
}
