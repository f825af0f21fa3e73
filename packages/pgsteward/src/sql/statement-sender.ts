// Who sent a statement, by the tags in its comment (sqlcommenter): read before redaction takes the comment away.

import { scrubText } from '@pgsteward/instrument/scrub'
import { commentTags } from './fingerprint.ts'

/** Names are short; a longer one is no name. */
const MAX_LENGTH = 200
const TRACEPARENT = /^[\da-f]{2}-([\da-f]{32})-/

/** Secrets by shape are replaced, long values cut. */
export interface StatementSender {
  /** `src/routes/members.ts:41`; else the route, else model and action. */
  readonly caller: string | null
  /** With its method, where a tag tells it: `GET /members/:id`. */
  readonly route: string | null
  readonly model: string | null
  readonly action: string | null
  /** 32 hexadecimal digits. */
  readonly traceId: string | null
}

/** Null without a tag that tells of the sender. Texts without a comment cost next to nothing. */
export function statementSender(raw: string): StatementSender | null {
  const tags = commentTags(raw)
  const tag = (...names: readonly string[]) =>
    names.map((name) => tags[name]).find((value) => value !== undefined && value !== '') ?? null
  const path = tag('route')
  const action = tag('action')
  const model = tag('controller', 'model')
  const method = tag('method')
  const route = path === null || method === null || path.includes(' ') ? path : `${method} ${path}`
  const caller =
    tag('caller', 'file', 'source') ?? route ?? (model === null ? action : `${model}.${action ?? ''}`)
  const traceId = TRACEPARENT.exec(tags.traceparent ?? '')?.[1] ?? null
  if (caller === null && traceId === null) return null
  return {
    caller: clean(caller),
    route: clean(route),
    model: clean(model),
    action: clean(action),
    traceId,
  }
}

function clean(value: string | null): string | null {
  if (value === null) return null
  const scrubbed = scrubPath(value)
  return scrubbed.length <= MAX_LENGTH ? scrubbed : `${scrubbed.slice(0, MAX_LENGTH - 1).toWellFormed()}…`
}

/** A path of many names would have the shape of a key (long, mixed letters and a digit), so its single slashes part it here. */
function scrubPath(value: string): string {
  if (value.includes('~')) return scrubText(value)
  return scrubText(value.replace(/(?<!\/)\/(?!\/)/g, '~')).replaceAll('~', '/')
}
