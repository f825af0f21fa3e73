// jsonlog (PostgreSQL 15 and later), a document a line; also in the wrappings of CloudNativePG and of the journal.

import type { LogEntry } from '../model/log-event.ts'
import type { BlockReader, ReaderState } from './log-reader.ts'
import { LogTime } from './log-time.ts'
import { MAX_PART } from './open-entry.ts'
import { severityOf } from './severity-word.ts'

type Document = Readonly<Record<string, unknown>>

export class JsonLines implements BlockReader {
  readonly #state: ReaderState
  readonly #time = new LogTime()

  constructor(state: ReaderState) {
    this.#state = state
  }

  read(block: string): void {
    for (let at = 0; at < block.length; ) {
      let end = block.indexOf('\n', at)
      if (end < 0) end = block.length
      const line = ++this.#state.line
      if (end > at && !this.#line(line, block.slice(at, end))) this.#state.lost(line)
      at = end + 1
    }
  }

  flush(): void {
    // Each line is whole.
  }

  #line(line: number, text: string): boolean {
    const document = parsed(text)
    if (document === null) return false
    const wrapped = document.record
    const fields = isDocument(wrapped) ? wrapped : document
    const severity = severityOf(stringOf(fields.error_severity) ?? '')
    if (severity === null) return false
    const time = stringOf(fields.timestamp) ?? stringOf(fields.log_time)
    const ms = time === null ? Number.NaN : this.#time.read(time, 0)
    const sqlState = stringOf(fields.state_code) ?? stringOf(fields.sql_state_code)
    const entry: LogEntry = {
      line,
      at: Number.isNaN(ms) ? null : new Date(ms),
      severity,
      sqlState: sqlState === '00000' ? null : sqlState,
      pid: numberOf(fields.pid ?? fields.process_id),
      user: stringOf(fields.user ?? fields.user_name),
      database: stringOf(fields.dbname ?? fields.database_name),
      application: stringOf(fields.application_name),
      client: clientOf(fields),
      queryId: queryIdIn(text),
      message: this.#text(fields.message) ?? '',
      detail: this.#text(fields.detail),
      hint: this.#text(fields.hint),
      context: this.#text(fields.context),
      statement:
        this.#text(fields.statement) ?? this.#text(fields.query) ?? this.#text(fields.internal_query),
    }
    this.#state.give(entry)
    return true
  }

  #text(value: unknown): string | null {
    const text = stringOf(value)
    if (text === null || text.length <= MAX_PART) return text
    this.#state.cut++
    return text.slice(0, MAX_PART)
  }
}

const isDocument = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function parsed(text: string): Document | null {
  try {
    const value: unknown = JSON.parse(text)
    return isDocument(value) ? value : null
  } catch {
    return null
  }
}

const stringOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

function clientOf(fields: Document): string | null {
  const host = stringOf(fields.remote_host ?? fields.connection_from)
  const port = numberOf(fields.remote_port)
  return host === null || port === null ? host : `${host}:${port}`
}

const QUERY_ID = /"query_id":\s*"?(-?\d+)/

/** Of the text: it has 64 bits, which a number of JavaScript's does not hold. */
function queryIdIn(text: string): string | null {
  const at = text.lastIndexOf('"query_id":')
  if (at < 0) return null
  const id = QUERY_ID.exec(text.slice(at, at + 40))?.[1]
  return id === undefined || id === '0' ? null : id
}
