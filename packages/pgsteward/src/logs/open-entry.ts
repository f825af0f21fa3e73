// A message that further lines may still add to, and the window of those that are open.

import type { LogEntry, LogSeverity } from '../model/log-event.ts'
import type { LinePrefix } from './line-prefix.ts'
import type { ReaderState } from './log-reader.ts'
import type { LogPart } from './severity-word.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
export type OpenEntry = Mutable<LogEntry>

/** Messages between a message and its DETAIL or STATEMENT, where sessions' lines are mixed; PostgreSQL writes them in one piece. */
const MAX_OPEN = 64
/** Characters held by open messages together. */
const MAX_HELD = 8 * 1024 ** 2
/** Of one part of a message. */
export const MAX_PART = 1024 ** 2

export class OpenEntries {
  readonly #state: ReaderState
  #open: OpenEntry[] = []
  #first = 0
  #held = 0

  constructor(state: ReaderState) {
    this.#state = state
  }

  /** The latest; what follows a line without any sign of whose it is belongs to it. */
  get last(): OpenEntry | null {
    return this.#open.at(-1) ?? null
  }

  begin(line: number, severity: LogSeverity, prefix: LinePrefix, text: string): OpenEntry {
    let sqlState = prefix.sqlState
    let message = this.fitting(text)
    // log_error_verbosity = verbose
    if (message.charCodeAt(5) === 58 && /^(?=[A-Z]*\d)[0-9A-Z]{5}: /.test(message)) {
      sqlState = message.slice(0, 5)
      message = message.slice(7)
    }
    const entry: OpenEntry = {
      line,
      at: Number.isNaN(prefix.atMs) ? null : new Date(prefix.atMs),
      severity,
      sqlState: sqlState === '00000' ? null : sqlState,
      pid: prefix.pid,
      user: prefix.user,
      database: prefix.database,
      application: prefix.application,
      client: prefix.client,
      queryId: prefix.queryId,
      message,
      detail: null,
      hint: null,
      context: null,
      statement: null,
    }
    this.#open.push(entry)
    this.#held += message.length
    while (this.#open.length - this.#first > MAX_OPEN || this.#held > MAX_HELD) this.#giveFirst()
    if (this.#first > 256) {
      this.#open = this.#open.slice(this.#first)
      this.#first = 0
    }
    return entry
  }

  /** The latest open message of a process; of all, where the prefix names none. */
  of(pid: number | null): OpenEntry | null {
    for (let at = this.#open.length - 1; at >= this.#first; at--) {
      const entry = this.#open[at]!
      if (entry.pid === pid) return entry
    }
    return null
  }

  add(entry: OpenEntry, part: LogPart, text: string): void {
    // An internal query is told where there is no statement of the session's.
    if (part === 'other' || (part === 'query' && entry.statement !== null)) return
    const field = part === 'query' ? 'statement' : part
    const added = this.fitting(text)
    this.#held += added.length - (entry[field]?.length ?? 0)
    entry[field] = added
  }

  /** A further line of a part; of the message where `part` is null. */
  extend(entry: OpenEntry, part: LogPart | null, text: string): void {
    if (part === 'other') return
    const field = part === null ? 'message' : part === 'query' ? 'statement' : part
    const before = entry[field] ?? ''
    if (before.length + text.length >= MAX_PART) {
      this.#state.cut++
      return
    }
    this.#held += text.length + 1
    entry[field] = before === '' && part !== null ? text : `${before}\n${text}`
  }

  fitting(text: string): string {
    if (text.length <= MAX_PART) return text
    this.#state.cut++
    return text.slice(0, MAX_PART)
  }

  flush(): void {
    while (this.#first < this.#open.length) this.#giveFirst()
    this.#open = []
    this.#first = 0
    this.#held = 0
  }

  #giveFirst(): void {
    const entry = this.#open[this.#first++]!
    this.#held -=
      entry.message.length +
      (entry.detail?.length ?? 0) +
      (entry.hint?.length ?? 0) +
      (entry.context?.length ?? 0) +
      (entry.statement?.length ?? 0)
    this.#state.give(entry)
  }
}
