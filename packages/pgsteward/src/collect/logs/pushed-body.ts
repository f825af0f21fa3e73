// What platforms send as the body of an HTTP request, as lines that the log reader reads: plain lines, syslog frames (Heroku), JSON
// objects a line or in an array (Vector, Fluent Bit, Supabase), as they wrap a line of the log or the fields of one.

import { lineOf, syslogFrames } from './syslog-frames.ts'

export interface PushedText {
  readonly kind: 'lines' | 'json' | 'syslog'
  readonly text: Buffer
  /** Objects in which no message was found. */
  readonly skipped: number
}

/** Where forwarders put the line that they took. */
const MESSAGE_KEYS = [
  'message',
  'msg',
  'log',
  'event_message',
  'textPayload',
  'body',
  'line',
  'MESSAGE',
] as const

/** PostgreSQL's own jsonlog names its severity so. */
const OWN_KEY = 'error_severity'

export function pushedBody(bytes: Uint8Array): PushedText {
  const start = firstByte(bytes)
  if (start === 0x7b || start === 0x5b) {
    const objects = objectsOf(Buffer.from(bytes).toString('utf8'))
    if (objects !== null) return fromObjects(objects)
  }
  const framed = syslogFrames(bytes)
  if (framed !== null && framed.frames.length + framed.rest.length > 0) {
    const frames = framed.rest.length > 0 ? [...framed.frames, framed.rest] : framed.frames
    return { kind: 'syslog', text: Buffer.concat(frames.map(lineOf)), skipped: 0 }
  }
  return { kind: 'lines', text: Buffer.from(bytes), skipped: 0 }
}

function firstByte(bytes: Uint8Array): number | undefined {
  return bytes.find((byte) => byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)
}

/** Null where it is no JSON: a line of a log may well begin with a bracket. */
function objectsOf(text: string): readonly unknown[] | null {
  try {
    const whole: unknown = JSON.parse(text)
    if (Array.isArray(whole)) return whole
    return [whole]
  } catch {
    const lines = text.split('\n').filter((line) => line.trim() !== '')
    const objects: unknown[] = []
    for (const line of lines) {
      try {
        objects.push(JSON.parse(line))
      } catch {
        if (objects.length === 0) return null
        objects.push(null)
      }
    }
    return objects
  }
}

function fromObjects(objects: readonly unknown[]): PushedText {
  const found = objects.map(lineOfObject)
  const own = found.filter((each) => each?.isOwn === true)
  // one body comes from one forwarder, so it holds one kind
  const used = own.length > 0 ? own : found.filter((each) => each !== null)
  return {
    kind: own.length > 0 ? 'json' : 'lines',
    text: Buffer.from(used.map((each) => `${each!.line}\n`).join('')),
    skipped: objects.length - used.length,
  }
}

function lineOfObject(value: unknown): { readonly line: string; readonly isOwn: boolean } | null {
  if (typeof value === 'string') return { line: value.replace(/\n$/, ''), isOwn: false }
  if (typeof value !== 'object' || value === null) return null
  const object = value as Readonly<Record<string, unknown>>
  if (typeof object[OWN_KEY] === 'string') return { line: JSON.stringify(object), isOwn: true }
  const parsed = parsedBySupabase(object)
  if (parsed !== null) return { line: JSON.stringify(parsed), isOwn: true }
  for (const key of MESSAGE_KEYS) {
    const text = object[key]
    if (typeof text !== 'string' || text === '') continue
    // a line within a line: what forwarded jsonlog as text
    if (text.startsWith('{') && text.includes(`"${OWN_KEY}"`))
      return { line: text.replace(/\n$/, ''), isOwn: true }
    return { line: text.replace(/\n$/, ''), isOwn: false }
  }
  return null
}

/** Supabase: `event_message` and, below metadata, csvlog's fields by name. */
function parsedBySupabase(object: Readonly<Record<string, unknown>>): object | null {
  const metadata = first(object.metadata)
  const parsed = first((metadata ?? object).parsed)
  if (parsed === null || typeof parsed.error_severity !== 'string') return null
  const { timestamp } = object
  const at =
    parsed.timestamp ??
    (typeof timestamp === 'number'
      ? // BigQuery's microseconds, or milliseconds
        new Date(timestamp > 1e14 ? timestamp / 1000 : timestamp).toISOString()
      : timestamp)
  return {
    timestamp: at,
    user: parsed.user_name,
    dbname: parsed.database_name,
    pid: parsed.process_id,
    remote_host: parsed.connection_from,
    session_id: parsed.session_id,
    error_severity: parsed.error_severity,
    state_code: parsed.sql_state_code,
    message: object.event_message,
    detail: parsed.detail,
    hint: parsed.hint,
    context: parsed.context,
    statement: parsed.query,
    application_name: parsed.application_name,
    backend_type: parsed.backend_type,
    query_id: parsed.query_id,
  }
}

function first(value: unknown): Readonly<Record<string, unknown>> | null {
  const one: unknown = Array.isArray(value) ? value[0] : value
  return typeof one === 'object' && one !== null ? (one as Readonly<Record<string, unknown>>) : null
}
