// One event as one line of JSON: only what it has.

import type { LogEvent } from '../model/log-event.ts'

/** Ends with a line break. `file` is there when several are read. */
export function logEventJson(event: LogEvent, file: string | null): string {
  const line: Record<string, unknown> = {}
  if (file !== null) line.file = file
  line.line = event.line
  line.time = event.at
  line.severity = event.severity
  line.class = event.class
  if (event.sqlState !== null) line.sqlstate = event.sqlState
  if (event.pid !== null) line.pid = event.pid
  if (event.user !== null) line.user = event.user
  if (event.database !== null) line.database = event.database
  if (event.application !== null) line.application = event.application
  if (event.client !== null) line.client = event.client
  line.message = event.message
  if (event.durationMs !== null) line.durationMs = event.durationMs
  if (event.queryId !== null) line.queryId = event.queryId
  if (event.query !== null) line.query = event.query
  if (event.parameters !== null) line.parameters = event.parameters
  if (event.plan !== null) line.plan = event.plan
  if (event.detail !== null) line.detail = event.detail
  if (event.hint !== null) line.hint = event.hint
  if (event.context !== null) line.context = event.context
  for (const _ in event.figures) {
    line.figures = event.figures
    break
  }
  return `${JSON.stringify(line)}\n`
}
