// PostgreSQL's log as syslog, the journal or a container's runtime keep it: each line in an envelope, long messages in numbered
// pieces (`[5-2]`), tabs written as #011.

import type { BlockReader, ReaderState } from './log-reader.ts'
import type { StderrLines } from './stderr-lines.ts'

/**
 * RFC 3164 (with the time in any form, rsyslog's ISO times too) and 5424, Heroku's, and what `journalctl` prints: up to the process'
 * name and pid, then `[5-1] ` where PostgreSQL wrote to syslog itself.
 */
const ENVELOPE =
  /^(?:<\d{1,3}>)?(?:1 )?(?:(?<at>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d))|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)?)(?: [\w.:-]{1,255}){0,3}? (?:[\w./@-]{1,64}\[(?:[\w.-]*\.)?(?<pid>\d+)\]:|[\w./@-]{1,64} (?<pid5424>\d+) \S{1,32} (?:-|\[[^\]]{0,512}\]))(?: \[[A-Z]+\])? ?(?:\[\d+-(?<piece>\d+)\] ?)?/
/** Docker's compose (`db-1  | `) and Kubernetes' container runtimes (`2026-11-22T14:10:19.123456789Z stderr F `). */
const CONTAINER =
  /^(?:[\w.-]{1,64} +\| |(?<at>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) (?:stdout|stderr) [FP] )/

/** Where an envelope ends; 0: the line has none. */
export function envelopeLength(line: string): number {
  return (ENVELOPE.exec(line) ?? CONTAINER.exec(line))?.[0].length ?? 0
}

export class SyslogLines implements BlockReader {
  readonly #state: ReaderState
  readonly #lines: StderrLines

  constructor(state: ReaderState, lines: StderrLines) {
    this.#state = state
    this.#lines = lines
  }

  read(block: string): void {
    for (let at = 0; at < block.length; ) {
      let end = block.indexOf('\n', at)
      if (end < 0) end = block.length
      this.#line(++this.#state.line, block.slice(at, end))
      at = end + 1
    }
  }

  flush(): void {
    this.#lines.flush()
  }

  #line(line: number, text: string): void {
    const envelope = ENVELOPE.exec(text) ?? CONTAINER.exec(text)
    const inner = text
      .slice(envelope?.[0].length ?? 0)
      .replaceAll('#011', '\t')
      .replaceAll('#012', '\n\t')
    if (inner.trim() === '') return
    const { at, pid: named, pid5424, piece } = envelope?.groups ?? {}
    const digits = named ?? pid5424
    const pid = digits === undefined ? null : Number(digits)
    const isFurtherPiece = piece !== undefined && piece !== '1'
    // RFC 3164 has no year: then the message's own prefix has to have the time.
    const atMs = at === undefined ? Number.NaN : Date.parse(at)
    if (this.#lines.readLine(line, inner, pid, atMs)) return
    if (isFurtherPiece) this.#lines.join(line, inner, pid)
    else this.#state.lost(line)
  }
}
