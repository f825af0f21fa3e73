// csvlog: records of 23 columns (12 and before) to 26 (14 to 18), texts in quotes with line breaks in them.

import type { LogEntry } from '../model/log-event.ts'
import type { BlockReader, ReaderState } from './log-reader.ts'
import { LogTime } from './log-time.ts'
import { MAX_PART } from './open-entry.ts'
import { severityOf } from './severity-word.ts'

const QUOTE = 34
const COMMA = 44
const NEWLINE = 10
/** Columns by their place (docs: runtime-config-logging, csvlog). */
const [USER, DATABASE, PID, CLIENT] = [1, 2, 3, 4]
const [SEVERITY, SQL_STATE, MESSAGE, DETAIL, HINT, INTERNAL_QUERY] = [11, 12, 13, 14, 15, 16]
const [CONTEXT, QUERY, APPLICATION, QUERY_ID] = [18, 19, 22, 25]
const FEWEST_COLUMNS = 23
const MOST_COLUMNS = 32
/** An unfinished record that grew so long is given up: a quote was lost. */
const MAX_RECORD = 8 * 1024 ** 2
const BROKEN = -1
const UNFINISHED = -2
const RECORD_START = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [A-Z0-9+-]+,/

export class CsvRecords implements BlockReader {
  readonly #state: ReaderState
  readonly #time = new LogTime()
  /** A record that goes on in the next block. */
  #rest = ''
  #columns = 0
  /** Of each column's text, without its quotes; `hasQuotes`: doubled ones within. */
  readonly #starts = new Int32Array(MOST_COLUMNS)
  readonly #ends = new Int32Array(MOST_COLUMNS)
  readonly #hasQuotes = new Uint8Array(MOST_COLUMNS)

  constructor(state: ReaderState) {
    this.#state = state
  }

  read(block: string): void {
    const text = this.#rest === '' ? block : this.#rest + block
    this.#rest = ''
    let at = 0
    while (at < text.length) {
      const ms = this.#time.read(text, at)
      if (Number.isNaN(ms)) {
        at = this.#skipLine(text, at)
        continue
      }
      const end = this.#split(text, at)
      if (end === UNFINISHED && text.length - at < MAX_RECORD) {
        this.#rest = text.slice(at)
        return
      }
      if (end < 0) {
        at = this.#skipToStart(text, this.#skipLine(text, at))
        continue
      }
      this.#give(text, ms)
      for (let line = text.indexOf('\n', at); line >= 0 && line < end; line = text.indexOf('\n', line + 1))
        this.#state.line++
      at = end
    }
  }

  flush(): void {
    // What is open is a record in the middle of its being written: it stays until the rest comes.
  }

  /** The source has ended: an unfinished record says what it has. */
  end(): void {
    if (this.#rest === '') return
    const text = this.#rest
    this.#rest = ''
    const ms = this.#time.read(text, 0)
    this.#split(text, 0)
    if (this.#columns > MESSAGE) this.#give(text, ms)
    else this.#state.lost(this.#state.line + 1)
    this.#state.line += text.split('\n').length
  }

  /** Fills the columns. Behind the record's line break, BROKEN or UNFINISHED. */
  #split(text: string, from: number): number {
    let at = from
    for (this.#columns = 0; this.#columns < MOST_COLUMNS; ) {
      const column = this.#columns++
      this.#hasQuotes[column] = 0
      if (text.charCodeAt(at) === QUOTE) {
        this.#starts[column] = at + 1
        let quote = text.indexOf('"', at + 1)
        while (quote >= 0 && text.charCodeAt(quote + 1) === QUOTE) {
          this.#hasQuotes[column] = 1
          quote = text.indexOf('"', quote + 2)
        }
        this.#ends[column] = quote < 0 ? text.length : quote
        if (quote < 0 || quote + 1 >= text.length) return UNFINISHED
        at = quote + 1
      } else {
        this.#starts[column] = at
        while (at < text.length && text.charCodeAt(at) !== COMMA && text.charCodeAt(at) !== NEWLINE) at++
        this.#ends[column] = at
        if (at >= text.length) return UNFINISHED
      }
      const code = text.charCodeAt(at)
      if (code === COMMA) at++
      else if (code === NEWLINE) return this.#columns >= FEWEST_COLUMNS ? at + 1 : BROKEN
      else return BROKEN
    }
    return BROKEN
  }

  #give(text: string, ms: number): void {
    const severity = severityOf(this.#column(text, SEVERITY!) ?? '')
    if (severity === null) {
      this.#state.lost(this.#state.line + 1)
      return
    }
    const sqlState = this.#column(text, SQL_STATE!)
    const pid = this.#column(text, PID!)
    const queryId = this.#column(text, QUERY_ID!)
    const entry: LogEntry = {
      line: this.#state.line + 1,
      at: new Date(ms),
      severity,
      sqlState: sqlState === '00000' ? null : sqlState,
      pid: pid === null || !Number.isInteger(Number(pid)) ? null : Number(pid),
      user: this.#column(text, USER!),
      database: this.#column(text, DATABASE!),
      application: this.#column(text, APPLICATION!),
      client: this.#column(text, CLIENT!),
      queryId: queryId === '0' ? null : queryId,
      message: this.#column(text, MESSAGE!) ?? '',
      detail: this.#column(text, DETAIL!),
      hint: this.#column(text, HINT!),
      context: this.#column(text, CONTEXT!),
      statement: this.#column(text, QUERY!) ?? this.#column(text, INTERNAL_QUERY!),
    }
    this.#state.give(entry)
  }

  #column(text: string, column: number): string | null {
    if (column >= this.#columns) return null
    const start = this.#starts[column]!
    let end = this.#ends[column]!
    if (end <= start) return null
    if (end - start > MAX_PART) {
      end = start + MAX_PART
      this.#state.cut++
    }
    const value = text.slice(start, end)
    return this.#hasQuotes[column] === 1 ? value.replaceAll('""', '"') : value
  }

  #skipLine(text: string, at: number): number {
    const end = text.indexOf('\n', at)
    this.#state.line++
    if (end !== at) this.#state.lost(this.#state.line)
    return end < 0 ? text.length : end + 1
  }

  /** After a broken record: lines of its texts go with it. */
  #skipToStart(text: string, from: number): number {
    let at = from
    while (at < text.length && !RECORD_START.test(text.slice(at, at + 40))) at = this.#skipLine(text, at)
    return at
  }
}
