// A slow statement of the log as a row of slow_query_log (S1): with what a log line knows of it.

import type { SlowQuery } from '../../model/application.ts'
import type { LogEvent } from '../../model/log-event.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { KeptLogEvent } from '../../store/logs/log-store.ts'

/** Null where it is no statement with a duration, or a fast one. */
export function slowQueryOf(
  event: KeptLogEvent,
  sender: LogEvent['sender'],
  slowFromMs: Milliseconds,
): SlowQuery | null {
  const { durationMs, query, fingerprint } = event
  if (durationMs === null || query === null || fingerprint === null || durationMs < slowFromMs) return null
  return {
    at: event.at,
    fingerprint,
    text: query,
    durationMs,
    waitedForPoolMs: 0,
    rows: rowsOf(event),
    caller: sender?.caller ?? null,
    route: sender?.route ?? null,
    model: sender?.model ?? null,
    action: sender?.action ?? null,
    parameters: event.parameters?.map((each) => each ?? 'null') ?? null,
    database: event.database,
    user: event.user,
    traceId: sender?.traceId ?? null,
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
