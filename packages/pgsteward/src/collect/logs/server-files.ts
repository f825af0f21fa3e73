// The log as the target itself hands it out: pg_current_logfile() and pg_read_binary_file(), for servers of one's own whose files are
// elsewhere. Needs logging_collector and execute grants on four functions; files below the data directory and log_directory are all
// that they read then.

import type { LogPosition } from '../../model/log-event.ts'
import type { Bytes, Milliseconds } from '../../model/units.ts'
import type { Session } from '../../postgres/connect.ts'
import type { LogChunk, LogSource } from './log-source.ts'
import { wholeLines, wholeMessages } from './whole-messages.ts'

export interface ServerFilesOptions {
  readonly open: () => Promise<Session>
  readonly known: ReadonlyMap<string, LogPosition>
  readonly now: () => Date
}

/** Each reading is a statement on the target: rarer than the look at a file, and smaller. */
const EVERY_MS: Milliseconds = 5_000
const MOST_BYTES: Bytes = 1024 * 1024
const FIRST_BYTES: Bytes = 256 * 1024
/** After a fault. */
const RETRY_MS: Milliseconds = 60_000

const SOURCE = 'sql'

const CURRENT = `
  select coalesce(pg_catalog.pg_current_logfile('jsonlog'), pg_catalog.pg_current_logfile('csvlog'),
                  pg_catalog.pg_current_logfile()) as path`
const CURRENT_14 = `
  select coalesce(pg_catalog.pg_current_logfile('csvlog'), pg_catalog.pg_current_logfile()) as path`

const FUNCTIONS =
  'pg_current_logfile(), pg_current_logfile(text), pg_stat_file(text, boolean), pg_read_binary_file(text, bigint, bigint, boolean)'

const SIZE = `select s.size::text as size from pg_catalog.pg_stat_file($1, true) s`
const READ = `select pg_catalog.pg_read_binary_file($1, $2, $3, true) as bytes`

interface Reading {
  path: string
  offset: Bytes
}

export function serverFiles({ open, known, now }: ServerFilesOptions): LogSource {
  let session: Session | null = null
  let due = -Infinity
  let because: string | null = null
  let current: Reading | null = null
  const stored = known.get(SOURCE)
  // the source is one, so its position names the file itself
  if (stored !== undefined) current = { path: stored.file, offset: stored.offset }

  const ask = async (sql: string, parameters: readonly unknown[] = []) => {
    if (session === null || !session.isOpen()) session = await open()
    const { rows } = await session.query('log', sql, parameters)
    return rows[0] ?? {}
  }

  const read = async (from: Reading, isLeft: boolean, maxBytes: Bytes): Promise<LogChunk | null> => {
    const { size } = await ask(SIZE, [from.path])
    if (size === null || size === undefined) return null
    const total = Number(size)
    if (total < from.offset) from.offset = 0
    const wanted = Math.min(maxBytes, MOST_BYTES, total - from.offset)
    if (wanted <= 0) return null
    const { bytes } = await ask(READ, [from.path, from.offset, wanted])
    if (!Buffer.isBuffer(bytes)) return null
    const isEnd = from.offset + bytes.length >= total
    const whole = isEnd ? wholeLines(bytes) : wholeMessages(bytes) || wholeLines(bytes)
    const length = whole === 0 && (isLeft || bytes.length >= MOST_BYTES) ? bytes.length : whole
    if (length === 0) return null
    from.offset += length
    return {
      source: SOURCE,
      stream: from.path,
      bytes: bytes.subarray(0, length),
      position: { file: from.path, offset: from.offset, head: '0:', readAt: now().toISOString() },
      isEnd,
    }
  }

  const next = async (maxBytes: Bytes): Promise<LogChunk | null> => {
    session ??= await open()
    const { path } = await ask(session.server.versionNum >= 150_000 ? CURRENT : CURRENT_14)
    if (typeof path !== 'string') {
      because = 'the target has no log file: logging_collector is off, or log_destination is syslog'
      return null
    }
    because = null
    if (current !== null && current.path !== path) {
      const rest = await read(current, true, maxBytes)
      if (rest !== null) return rest
      current = { path, offset: 0 }
    }
    if (current === null) {
      const { size } = await ask(SIZE, [path])
      current = { path, offset: Math.max(0, Number(size ?? 0) - FIRST_BYTES) }
    }
    return await read(current, false, maxBytes)
  }

  return {
    poll: async (maxBytes) => {
      const moment = now().getTime()
      const chunks: LogChunk[] = []
      if (moment >= due) {
        try {
          const chunk = await next(maxBytes)
          if (chunk !== null) chunks.push(chunk)
          due = chunk === null || chunk.isEnd ? moment + EVERY_MS : moment
          if (because !== null) due = moment + RETRY_MS
        } catch (error) {
          because = faultOf(error)
          due = moment + RETRY_MS
        }
      }
      return {
        chunks,
        faults: because === null ? [] : [{ source: SOURCE, because }],
        hasMore: chunks.some(({ isEnd }) => !isEnd),
      }
    },
    close: async () => {
      await session?.close()
      session = null
    },
  }
}

function faultOf(error: unknown): string {
  const { code, message } = error as { code?: string; message: string }
  if (code === '42501')
    return `the role may not read log files (${message}); as superuser, in this database: grant execute on function ${FUNCTIONS} to ROLE`
  return message
}
