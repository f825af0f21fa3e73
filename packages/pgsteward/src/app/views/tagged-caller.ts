// The sender of a statement by the tags in its comment (sqlcommenter), for where no application reports.

import type { Window } from '../../model/units.ts'
import type { OperationWire } from '../../model/wire.ts'
import { commentTags, summaryOf } from '../../sql/fingerprint.ts'

/** Tags that tell who it was; traceparent and the like tell of one call only. */
const TELLING = ['route', 'action', 'controller', 'application'] as const

/**
 * Null without telling tags. pg_stat_statements keeps the text of the first call alone, so the tags are that one's, and the figures
 * are of all callers together: `labels` says so.
 */
export function taggedCaller(
  statement: { readonly text: string; readonly calls: number; readonly totalExecMs: number },
  fingerprint: string,
  { from, to }: Window,
): OperationWire | null {
  const tags = commentTags(statement.text)
  const given = TELLING.filter((name) => (tags[name] ?? '') !== '')
  if (given.length === 0) return null
  const { calls, totalExecMs } = statement
  const meanMs = calls > 0 ? totalExecMs / calls : 0
  return {
    application: tags.application ?? '',
    kind: 'query',
    name: summaryOf(statement.text).summary,
    route: tags.route ?? null,
    fingerprint,
    model: tags.controller ?? null,
    action: tags.action ?? null,
    caller: null,
    labels: `comment of the first call: ${given.map((name) => `${name}=${tags[name]}`).join(', ')}`,
    count: calls,
    perSecond: calls / Math.max(1, (to.getTime() - from.getTime()) / 1000),
    errorRatio: 0,
    totalMs: totalExecMs,
    meanMs,
    maxMs: meanMs,
    p50Ms: null,
    p95Ms: null,
    p99Ms: null,
    rowsPerCall: 0,
    queryTimeRatio: null,
    lastAt: to.toISOString(),
  }
}
