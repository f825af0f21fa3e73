// Rows of facts on PostgreSQL's log: an ordinary one each, `...over` last.

import type { LoggedEvents } from '../src/facts/logged-events.ts'
import type { LogClassCount, LogRecord } from '../src/model/log-event.ts'
import { ago } from './judge.ts'

const MINUTE = 60_000

export function logRecord(over: Partial<LogRecord> = {}): LogRecord {
  return {
    id: '1',
    at: ago(MINUTE),
    class: 'deadlock',
    severity: 'ERROR',
    sqlState: '40P01',
    pid: 4711,
    user: 'app_user',
    database: 'app',
    application: 'api',
    client: '10.0.0.7',
    queryId: null,
    fingerprint: null,
    query: null,
    message: 'deadlock detected',
    detail: null,
    hint: null,
    context: null,
    durationMs: null,
    parameters: null,
    plan: null,
    figures: {},
    ...over,
  }
}

export function logCount(over: Partial<LogClassCount> = {}): LogClassCount {
  return {
    class: 'deadlock',
    severity: 'ERROR',
    database: 'app',
    count: 1,
    firstAt: ago(5 * MINUTE),
    lastAt: ago(MINUTE),
    ...over,
  }
}

/** Counted as often as there are events, unless counts are given. */
export function logged(events: readonly LogRecord[], over: Partial<LoggedEvents> = {}): LoggedEvents {
  return {
    isRead: true,
    overMs: 60 * MINUTE,
    events,
    counts: [...new Set(events.map((each) => each.class))].map((id) => {
      const own = events.filter((each) => each.class === id)
      const times = own.map(({ at }) => at.getTime())
      return logCount({
        class: id,
        severity: own[0]!.severity,
        database: own[0]!.database,
        count: own.length,
        firstAt: new Date(Math.min(...times)),
        lastAt: new Date(Math.max(...times)),
      })
    }),
    ...over,
  }
}
