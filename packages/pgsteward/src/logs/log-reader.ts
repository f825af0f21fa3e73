// Reads PostgreSQL's log as a stream: bytes in, cut anywhere; entries out, in the order of their first lines. Format and prefix are
// found out where they are not given. Memory is bounded whatever comes.

import { isAscii } from 'node:buffer'
import type { LogEntry } from '../model/log-event.ts'
import { CsvRecords } from './csv-records.ts'
import { detectFormat } from './detect-format.ts'
import { JsonLines } from './json-lines.ts'
import { LinePrefix } from './line-prefix.ts'
import { StderrLines } from './stderr-lines.ts'
import { SyslogLines } from './syslog-lines.ts'

export const LOG_FORMATS = ['stderr', 'csv', 'json'] as const
export type LogFormat = (typeof LOG_FORMATS)[number]

export interface LogReaderOptions {
  /** Default auto: by the first lines. */
  readonly format?: LogFormat | 'auto'
  /** log_line_prefix as the server has it; absent: found out. */
  readonly prefix?: string
  readonly onEntry: (entry: LogEntry) => void
}

export interface LogReaderCounts {
  readonly lines: number
  readonly bytes: number
  readonly entries: number
  /** Lines that belong to no message: of other programs, of another format, cut off at the beginning. */
  readonly unreadable: number
  /** The first of those, by number; null: none. */
  readonly firstUnreadable: number | null
  /** Lines and texts that were longer than is kept. */
  readonly cut: number
}

/** What reads whole lines of one format. */
export interface BlockReader {
  /** `block` ends with a line's end, or with the source's. */
  read(block: string): void
  /** Nothing may be waited for any more: what is open is given out. */
  flush(): void
  /** The source has ended. */
  end?(): void
}

/** Shared by the reader and those of its formats. */
export class ReaderState {
  line = 0
  bytes = 0
  entries = 0
  unreadable = 0
  firstUnreadable: number | null = null
  cut = 0
  readonly #onEntry: (entry: LogEntry) => void

  constructor(onEntry: (entry: LogEntry) => void) {
    this.#onEntry = onEntry
  }

  give(entry: LogEntry): void {
    this.entries++
    this.#onEntry(entry)
  }

  lost(line: number): void {
    this.unreadable++
    this.firstUnreadable ??= line
  }
}

/** A longer line is cut: no message of PostgreSQL's own comes near, a statement's may. */
const MAX_LINE_BYTES = 2 * 1024 ** 2
/** Read before the format is decided. */
const SAMPLE_BYTES = 128 * 1024
const NEWLINE = 10

export interface LogReader {
  write(chunk: Uint8Array | string): void
  /** Gives out what waits for lines that may follow; for a file that is being written, when nothing came for a while. */
  flush(): void
  /** The source has ended: an unfinished line counts as one. */
  end(): void
  counts(): LogReaderCounts
  /** What was given or found out: `csv`, `stderr %m [%p] `; null: not known yet. */
  format(): string | null
}

/** Throws RangeError where the given prefix holds what log_line_prefix does not know. */
export function logReader(options: LogReaderOptions): LogReader {
  const state = new ReaderState(options.onEntry)
  let reader: BlockReader | null = null
  let format: string | null = null
  /** Pieces of a line whose end did not come yet. */
  let open: Buffer[] = []
  let openBytes = 0
  let isSkipping = false
  let isFirst = true
  let sample = ''

  const use = (chosen: LogFormat, prefix: string | null, isSyslog: boolean): BlockReader => {
    format = `${isSyslog ? 'syslog ' : ''}${chosen}${chosen === 'stderr' ? ` '${prefix ?? ''}'` : ''}`
    if (chosen === 'csv') return new CsvRecords(state)
    if (chosen === 'json') return new JsonLines(state)
    const lines = new StderrLines(state, new LinePrefix(prefix ?? ''))
    return isSyslog ? new SyslogLines(state, lines) : lines
  }
  const { format: wanted = 'auto' } = options
  if (options.prefix !== undefined) new LinePrefix(options.prefix)
  if (wanted === 'csv' || wanted === 'json') reader = use(wanted, null, false)

  const decide = (isLast: boolean): void => {
    const found = detectFormat(sample, wanted, options.prefix)
    if (found === null && !isLast) return
    reader = use(found?.format ?? 'stderr', found?.prefix ?? '', found?.isSyslog ?? false)
    const held = sample
    sample = ''
    reader.read(held)
  }
  const take = (bytes: Buffer): void => {
    let text = isAscii(bytes) ? bytes.toString('latin1') : bytes.toString('utf8')
    if (isFirst && text.charCodeAt(0) === 0xfeff) text = text.slice(1)
    isFirst = false
    // What a crash or a full disk leaves in files.
    if (text.includes('\0')) text = text.replaceAll('\0', '')
    if (text.includes('\r')) text = text.replaceAll('\r\n', '\n')
    if (text === '') return
    if (reader !== null) {
      reader.read(text)
      return
    }
    sample += text
    if (sample.length >= SAMPLE_BYTES) decide(true)
  }
  const takeOpen = (last: Buffer | null): void => {
    if (last !== null) open.push(last)
    const bytes = open.length === 1 ? open[0]! : Buffer.concat(open)
    open = []
    openBytes = 0
    if (bytes.length > 0) take(bytes)
  }
  const keepOpen = (bytes: Buffer): void => {
    if (bytes.length === 0 || isSkipping) return
    const room = MAX_LINE_BYTES - openBytes
    if (bytes.length > room) {
      state.cut++
      isSkipping = true
    }
    // A copy: the chunk may be used again by who gave it.
    const kept = Buffer.from(bytes.subarray(0, room))
    open.push(kept)
    openBytes += kept.length
  }

  return {
    write(chunk) {
      let bytes =
        typeof chunk === 'string'
          ? Buffer.from(chunk, 'utf8')
          : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      state.bytes += bytes.length
      if (isSkipping) {
        const newline = bytes.indexOf(NEWLINE)
        if (newline < 0) return
        isSkipping = false
        bytes = bytes.subarray(newline)
      }
      const last = bytes.lastIndexOf(NEWLINE)
      if (last < 0) {
        keepOpen(bytes)
        return
      }
      if (open.length > 0) {
        const first = bytes.indexOf(NEWLINE)
        takeOpen(bytes.subarray(0, first + 1))
        if (last > first) take(bytes.subarray(first + 1, last + 1))
      } else take(bytes.subarray(0, last + 1))
      keepOpen(bytes.subarray(last + 1))
    },
    flush() {
      if (reader === null && sample !== '') decide(false)
      reader?.flush()
    },
    end() {
      if (open.length > 0) takeOpen(null)
      isSkipping = false
      if (reader === null && sample !== '') decide(true)
      reader?.end?.()
      reader?.flush()
    },
    counts: () => ({
      lines: state.line,
      bytes: state.bytes,
      entries: state.entries,
      unreadable: state.unreadable,
      firstUnreadable: state.firstUnreadable,
      cut: state.cut,
    }),
    format: () => format,
  }
}
