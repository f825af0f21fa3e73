// Kysely on node-postgres needs nothing: its statements are seen by the patched pg, table and operation with them. For a dialect on
// another driver, `new Kysely({ dialect, log: kyselyLog({ endpoint }) })` tells the statements that no patch sees. Not both: each
// statement would count twice.

import { getRecorder } from '../current-recorder.ts'
import type { Endpoint } from '../record/drained.ts'
import { currentRequest } from '../record/request-context.ts'
import { summaryOf } from '../sql/sql.ts'

/** As far as it is used here. */
export interface KyselyLogEvent {
  readonly level: 'query' | 'error'
  readonly query: { readonly sql: string; readonly parameters: readonly unknown[] }
  readonly queryDurationMillis: number
  readonly error?: unknown
}

export interface KyselyLogOptions {
  /** Where the statements go; Kysely doesn't say. */
  readonly endpoint: Endpoint
  /** Another logger that shall hear too. */
  readonly next?: (event: KyselyLogEvent) => void | Promise<void>
}

/** Kysely awaits its logger between a statement and its caller, so this one is synchronous. It isn't told how many rows there were. */
export function kyselyLog({
  endpoint,
  next,
}: KyselyLogOptions): (event: KyselyLogEvent) => void | Promise<void> {
  return (event) => {
    try {
      const { sql, parameters } = event.query
      const { collection, operation } = summaryOf(sql)
      getRecorder()?.recordQuery({
        text: sql,
        durationMs: event.queryDurationMillis,
        endpoint,
        values: parameters,
        model: collection,
        action: operation.toLowerCase(),
        context: currentRequest(),
        ...(event.level === 'error' ? { error: event.error } : {}),
      })
    } catch {
      getRecorder()?.countDropped('faults')
    }
    return next?.(event)
  }
}
