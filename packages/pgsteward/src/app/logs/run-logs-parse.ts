// logs parse: files of PostgreSQL's log, or standard input, as events or as a summary.

import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { type LogFormat, type LogReaderCounts, logReader } from '../../logs/log-reader.ts'
import { LogSummarizer, type LogSummary } from '../../logs/log-summary.ts'
import { eventReader } from '../../logs/read-event.ts'
import { StewardError } from '../../model/error.ts'
import type { LogEntry, LogEvent } from '../../model/log-event.ts'

export { LOG_CLASSES } from '../../logs/classes/all.ts'
export { unknownEscape } from '../../logs/line-prefix.ts'
export { LOG_FORMATS, type LogFormat } from '../../logs/log-reader.ts'
export type { LogSummary, StatementDurations } from '../../logs/log-summary.ts'

export interface LogsParseRequest {
  /** Paths; `-` is standard input. */
  readonly files: readonly string[]
  readonly stdin: Readable
  readonly format: LogFormat | 'auto'
  readonly prefix: string | undefined
  /** Empty: all. */
  readonly classes: ReadonlySet<string>
  readonly since: Date | null
  /** Exclusive. */
  readonly until: Date | null
  readonly redact: boolean
  readonly onEvent: ((event: LogEvent, file: string) => void) | null
  /** False: the report's summary stays empty, which saves time. */
  readonly isSummarized: boolean
  /** Awaited after each chunk, so that a slow reader of the output slows the reading down. */
  readonly drained: () => Promise<void>
  readonly onProgress: (text: string) => void
  readonly signal: AbortSignal
}

export interface LogsParseFile {
  readonly file: string
  readonly format: string | null
  readonly counts: LogReaderCounts
}

export interface LogsParseReport {
  readonly files: readonly LogsParseFile[]
  readonly summary: LogSummary
}

const CHUNK_BYTES = 64 * 1024
const PROGRESS_BYTES = 16 * 1024 ** 2

/** Throws 'usage' for a file that is not there, is none, is empty, is not text, or holds nothing of the format. */
export async function runLogsParse(request: LogsParseRequest): Promise<LogsParseReport> {
  const summarizer = new LogSummarizer()
  const files: LogsParseFile[] = []
  for (const file of request.files) await check(file)
  for (const file of request.files) {
    if (request.signal.aborted) break
    files.push(await parseFile(file, request, summarizer))
  }
  return { files, summary: summarizer.summary() }
}

async function parseFile(
  file: string,
  request: LogsParseRequest,
  summarizer: LogSummarizer,
): Promise<LogsParseFile> {
  const { since, until, classes, onEvent } = request
  const read = eventReader({ redact: request.redact })
  const onEntry = (entry: LogEntry) => {
    if (since !== null && (entry.at === null || entry.at < since)) return
    if (until !== null && (entry.at === null || entry.at >= until)) return
    const event = read(entry)
    if (classes.size > 0 && !classes.has(event.class)) return
    if (request.isSummarized) summarizer.add(event)
    onEvent?.(event, file)
  }
  const reader = logReader({
    format: request.format,
    ...(request.prefix === undefined ? {} : { prefix: request.prefix }),
    onEntry,
  })
  const name = file === '-' ? 'standard input' : file
  let isFirst = true
  let reported = 0
  try {
    for await (const chunk of streamOf(file, request.stdin)) {
      const bytes = chunk as Buffer
      if (isFirst) refuseBinary(bytes, name)
      isFirst = false
      reader.write(bytes)
      await request.drained()
      if (request.signal.aborted) break
      const { bytes: done, lines, entries } = reader.counts()
      if (done - reported < PROGRESS_BYTES) continue
      reported = done
      request.onProgress(
        `${name}: ${Math.round(done / 1024 ** 2)} MB, ${lines.toLocaleString('en-US')} lines, ${entries.toLocaleString('en-US')} messages`,
      )
    }
  } catch (cause) {
    throw refusal(cause, name)
  }
  if (!request.signal.aborted) reader.end()
  const counts = reader.counts()
  if (counts.bytes === 0) throw new StewardError('usage', `${name} is empty`)
  if (counts.entries === 0 && !request.signal.aborted) throw unread(name, request, reader.format())
  return { file, format: reader.format(), counts }
}

async function check(file: string): Promise<void> {
  if (file === '-') return
  try {
    const found = await stat(file)
    if (found.isDirectory())
      throw new StewardError('usage', `${file} is a folder`, {
        hint: `Name the files in it: pgsteward logs parse ${file}/*.log`,
      })
    const handle = await open(file)
    await handle.close()
  } catch (cause) {
    throw refusal(cause, file)
  }
}

function streamOf(file: string, stdin: Readable): AsyncIterable<unknown> {
  if (file === '-') return stdin
  const stream = createReadStream(file, { highWaterMark: CHUNK_BYTES })
  if (!file.endsWith('.gz')) return stream
  const plain = createGunzip({ chunkSize: CHUNK_BYTES })
  stream.once('error', (error) => plain.destroy(error))
  return stream.pipe(plain)
}

/** Control characters are rare in text of any encoding; NUL bytes don't count, a crash leaves runs of them in logs. */
function refuseBinary(bytes: Buffer, name: string): void {
  const sample = bytes.subarray(0, 4096)
  const strange = sample.filter((byte) => (byte > 0 && byte < 9) || (byte > 13 && byte < 32 && byte !== 27))
  if (strange.length <= sample.length / 50) return
  const isGzip = sample[0] === 0x1f && sample[1] === 0x8b
  throw new StewardError('usage', `${name} is not text`, {
    detail: isGzip ? 'It is compressed with gzip.' : 'A log of PostgreSQL is text; these bytes are not.',
    hint: isGzip
      ? `Name it .gz, or: gunzip -c FILE | pgsteward logs parse -`
      : 'Is it another file, or compressed in another way than gzip?',
  })
}

function unread(name: string, request: LogsParseRequest, format: string | null): StewardError {
  const asked =
    request.prefix !== undefined
      ? `with log_line_prefix '${request.prefix}'`
      : request.format === 'auto'
        ? 'in any format that is known'
        : `as ${request.format}`
  return new StewardError('usage', `no message of PostgreSQL was found in ${name} ${asked}`, {
    ...(format === null || format === "stderr ''" ? {} : { detail: `It was read as ${format}.` }),
    hint:
      request.format === 'auto' && request.prefix === undefined
        ? "If it is one, tell its log_line_prefix: --prefix '%m [%p] '. SHOW log_line_prefix says it."
        : 'Leave --format and --prefix out, and they are found out.',
  })
}

function refusal(cause: unknown, name: string): unknown {
  if (cause instanceof StewardError || !(cause instanceof Error)) return cause
  const { code } = cause as NodeJS.ErrnoException
  if (code === 'ENOENT') return new StewardError('usage', `there is no file ${name}`, { cause })
  if (code === 'EACCES' || code === 'EPERM')
    return new StewardError('usage', `${name} may not be read`, {
      detail: 'PostgreSQL writes its log readable by its owner alone (log_file_mode).',
      hint: `Run it as that user, or: sudo cat ${name} | pgsteward logs parse -`,
      cause,
    })
  if (code?.startsWith('Z_') === true)
    return new StewardError('usage', `${name} is damaged, or not compressed with gzip`, {
      detail: cause.message,
      cause,
    })
  return code === undefined
    ? cause
    : new StewardError('usage', `${name} can't be read`, { detail: cause.message, cause })
}
