// One event as one line of JSON: only what it has. Put together by hand, since it is what a long log's reading takes longest for.

import type { LogEvent } from '../model/log-event.ts'

/** Ends with a line break. `file` is there when several are read. */
export function logEventJson(event: LogEvent, file: string | null): string {
  let json = file === null ? '{' : `{"file":${JSON.stringify(file)},`
  json += `"line":${event.line},"time":${event.at === null ? 'null' : `"${event.at.toISOString()}"`},"severity":"${event.severity}","class":"${event.class}"`
  if (event.sqlState !== null) json += `,"sqlstate":${JSON.stringify(event.sqlState)}`
  if (event.pid !== null) json += `,"pid":${event.pid}`
  if (event.user !== null) json += `,"user":${JSON.stringify(event.user)}`
  if (event.database !== null) json += `,"database":${JSON.stringify(event.database)}`
  if (event.application !== null) json += `,"application":${JSON.stringify(event.application)}`
  if (event.client !== null) json += `,"client":${JSON.stringify(event.client)}`
  json += `,"message":${JSON.stringify(event.message)}`
  if (event.durationMs !== null) json += `,"durationMs":${event.durationMs}`
  if (event.queryId !== null) json += `,"queryId":${JSON.stringify(event.queryId)}`
  if (event.query !== null) json += `,"query":${JSON.stringify(event.query)}`
  if (event.sender !== undefined) json += `,"sender":${JSON.stringify(event.sender, withoutNulls)}`
  if (event.parameters !== null) json += `,"parameters":${JSON.stringify(event.parameters)}`
  if (event.plan !== null) json += `,"plan":${JSON.stringify(event.plan)}`
  if (event.detail !== null) json += `,"detail":${JSON.stringify(event.detail)}`
  if (event.hint !== null) json += `,"hint":${JSON.stringify(event.hint)}`
  if (event.context !== null) json += `,"context":${JSON.stringify(event.context)}`
  if (hasFigures(event)) json += `,"figures":${JSON.stringify(event.figures)}`
  return `${json}}\n`
}

const withoutNulls = (_name: string, value: unknown) => value ?? undefined

function hasFigures({ figures }: LogEvent): boolean {
  for (const _ in figures) return true
  return false
}
