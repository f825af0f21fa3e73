// The plain log: lines with log_line_prefix, continued by lines that begin with a tab.

import type { LinePrefix } from './line-prefix.ts'
import type { BlockReader, ReaderState } from './log-reader.ts'
import { OpenEntries, type OpenEntry } from './open-entry.ts'
import type { LogPart } from './severity-word.ts'

const TAB = 9

export class StderrLines implements BlockReader {
  readonly #state: ReaderState
  readonly #prefix: LinePrefix
  readonly #open: OpenEntries
  /** What a line that begins with a tab goes on. */
  #entry: OpenEntry | null = null
  #part: LogPart | null = null
  readonly #partOf = new WeakMap<OpenEntry, LogPart | null>()
  /** Until a tab was seen it may be that somebody who carried the log here cut them off. */
  #hasTabs = false

  constructor(state: ReaderState, prefix: LinePrefix) {
    this.#state = state
    this.#prefix = prefix
    this.#open = new OpenEntries(state)
  }

  read(block: string): void {
    const { length } = block
    let at = 0
    while (at < length) {
      let end = block.indexOf('\n', at)
      if (end < 0) end = length
      const line = ++this.#state.line
      if (block.charCodeAt(at) === TAB) {
        this.#hasTabs = true
        this.#goesOn(line, block.slice(at + 1, end))
      } else if (!this.#prefix.match(block, at, end)) {
        if (end > at) this.#foreign(line, block.slice(at, end))
      } else {
        const from = this.#prefix.textStart
        const first = end
        // The further lines of a message nearly always stand in the same block: taken in one piece.
        while (block.charCodeAt(end + 1) === TAB && end + 1 < length) {
          end = block.indexOf('\n', end + 1)
          if (end < 0) end = length
          this.#state.line++
        }
        if (end > first) {
          this.#hasTabs = true
          this.begin(line, block.slice(from, end).replaceAll('\n\t', '\n'))
        } else this.begin(line, block.slice(from, end))
      }
      at = end + 1
    }
  }

  /** One line by itself, for what comes in an envelope that says whose it is, and when. False: it has neither prefix nor tab. */
  readLine(line: number, text: string, pid: number | null, atMs: number): boolean {
    if (text.charCodeAt(0) === TAB) {
      this.#turnTo(pid)
      this.#goesOn(line, text.slice(1))
      return true
    }
    if (!this.#prefix.match(text, 0, text.length)) return false
    this.#prefix.pid ??= pid
    if (Number.isNaN(this.#prefix.atMs)) this.#prefix.atMs = atMs
    this.begin(line, text.slice(this.#prefix.textStart).replaceAll('\n\t', '\n'))
    if (this.#entry !== null) this.#partOf.set(this.#entry, this.#part)
    return true
  }

  /** To the message of that process, where several write at a time. */
  #turnTo(pid: number | null): void {
    if (pid === null) return
    this.#entry = this.#open.of(pid)
    this.#part = this.#entry === null ? null : (this.#partOf.get(this.#entry) ?? null)
  }

  /** Behind a prefix that has matched. */
  begin(line: number, text: string): void {
    const { severity, part } = this.#prefix.word!
    if (severity !== null) {
      this.#entry = this.#open.begin(line, severity, this.#prefix, text)
      this.#part = null
      return
    }
    const entry = this.#prefix.pid === null ? this.#open.last : this.#open.of(this.#prefix.pid)
    this.#entry = entry
    this.#part = part
    if (entry === null) this.#state.lost(line)
    else if (part !== null) this.#open.add(entry, part, text)
  }

  /** Cut in the middle of a line: no line break between. */
  join(line: number, text: string, pid: number | null): void {
    this.#turnTo(pid)
    const entry = this.#entry
    if (entry === null) this.#state.lost(line)
    if (entry === null || this.#part === 'other') return
    const field = this.#part === null ? 'message' : this.#part === 'query' ? 'statement' : this.#part
    entry[field] = this.#open.fitting(`${entry[field] ?? ''}${text}`)
  }

  flush(): void {
    this.#open.flush()
    this.#entry = null
  }

  #goesOn(line: number, text: string): void {
    if (this.#entry === null) this.#state.lost(line)
    else this.#open.extend(this.#entry, this.#part, text)
  }

  #foreign(line: number, text: string): void {
    if (this.#hasTabs || this.#entry === null || this.#prefix.template === '') this.#state.lost(line)
    else this.#open.extend(this.#entry, this.#part, text)
  }
}
