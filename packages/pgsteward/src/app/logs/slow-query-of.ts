// A slow statement of the log as a row of slow_query_log (S1): with what a log line knows of it.

import type { SlowQuery } from '../../model/application.ts'
import type { Milliseconds } from '../../model/units.ts'
import { commentTags } from '../../sql/fingerprint.ts'
import type { KeptLogEvent } from '../../store/log-store.ts'

/** Null where it is no statement with a duration, or a fast one. */
export function slowQueryOf(event: KeptLogEvent, slowFromMs: Milliseconds): SlowQuery | null {
  const { durationMs, query, fingerprint } = event
  if (durationMs === null || query === null || fingerprint === null || durationMs < slowFromMs) return null
  const tags = commentTags(query)
  return {
    at: event.at,
    fingerprint,
    text: query,
    durationMs,
    waitedForPoolMs: 0,
    rows: rowsOf(event),
    caller: null,
    route: tags.route ?? null,
    model: tags.controller ?? null,
    action: tags.action ?? null,
    parameters: event.parameters?.map((each) => each ?? 'null') ?? null,
    database: event.database,
    user: event.user,
    traceId: tags.traceparent?.split('-')[1] ?? null,
    sqlState: event.sqlState === '00000' ? null : event.sqlState,
    waitEvent: null,
    plan: event.plan,
    source: 'log',
  }
}

/** Of the top of a plan that ran (auto_explain with log_analyze). */
function rowsOf({ plan }: KeptLogEvent): number | null {
  const rows: unknown = plan?.['Actual Rows']
  return typeof rows === 'number' ? rows : null
}
