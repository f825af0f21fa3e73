// The only way out to a target. Every session is marked, bounded in time, and read-only unless maintain/ asks otherwise.

import pg from 'pg'
import { StewardError } from '../model/error.ts'
import type { RawRow } from '../model/fact.ts'
import type { ServerInfo } from '../model/server-info.ts'
import type { Bytes, Milliseconds } from '../model/units.ts'
import { explainConnectError } from './connect-error.ts'
import { marked } from './mark.ts'
import { readServerInfo } from './server-info.ts'

/** All sessions of pgsteward carry a name that starts so; every fact leaves them out. */
export const APPLICATION_NAME = 'pgsteward'

/** Of sessions that stand for an application's: they don't bear the name by which ours are left out. */
export const REPLAY_NAME = 'replay by pgsteward'

/** Oldest and newest major versions whose catalogs are known. */
export const SUPPORTED_MAJORS = { from: 14, to: 19 } as const

export interface SessionOptions {
  readonly purpose?: string
  /** Until the server lets us in, and as long again until the session is set up. Default 10 s. */
  readonly connectTimeoutMs?: Milliseconds
  readonly statementTimeoutMs?: Milliseconds
  /** Reading catalogs takes AccessShareLock only; this bounds waiting behind an ALTER TABLE. */
  readonly lockTimeoutMs?: Milliseconds
  /**
   * Sends an application's statements as that would: unmarked, under the role's own settings, and counted in every figure. Read-only
   * and bounded in time all the same.
   */
  readonly isReplay?: boolean
  /**
   * May change the target: for maintain/ alone. When this process is gone the server notices within a second and ends the statement,
   * where its platform can.
   */
  readonly isWriting?: boolean
  /** Notices and warnings, as `WARNING: text`. */
  readonly onNotice?: (text: string) => void
  /** Breaks the connection off, whatever it is doing: a server that hangs answers no time limit of its own. */
  readonly signal?: AbortSignal
}

export interface QueryResult {
  readonly rows: readonly RawRow[]
  /** Bytes of the answer as they came over the wire. */
  readonly bytes: Bytes
  readonly tookMs: Milliseconds
}

export interface Session {
  /** As it was when the session opened. */
  readonly server: ServerInfo
  /** Reads it again: a standby may have been promoted, an extension installed. One round trip or two. */
  readonly refreshServer: () => Promise<ServerInfo>
  /** Runs one statement, marked with `label`. Throws PostgreSQL's own error; StewardError 'target-lost' when the connection broke. */
  readonly query: (label: string, sql: string, parameters?: readonly unknown[]) => Promise<QueryResult>
  readonly isOpen: () => boolean
  readonly close: () => Promise<void>
}

const CONNECT_TIMEOUT_MS = 10_000

/** Opens a read-only session. Two round trips beyond the connection: settings, server information. */
export async function openSession(url: string, options: SessionOptions = {}): Promise<Session> {
  const client = newClient(url, options)
  let open = false
  client.on('error', () => {
    open = false
  })
  client.on('end', () => {
    open = false
  })
  const { onNotice } = options
  if (onNotice !== undefined)
    client.on('notice', ({ severity, message }) => onNotice(`${severity ?? 'NOTICE'}: ${message ?? ''}`))
  const breakOff = () => socketOf(client)?.destroy?.()
  options.signal?.addEventListener('abort', breakOff, { once: true })
  let isLate = false
  let giveUp: NodeJS.Timeout | undefined
  try {
    await client.connect()
    open = true
    // no timeout is set on the server yet, and a network that went away just now tells nobody
    giveUp = setTimeout(() => {
      isLate = true
      breakOff()
    }, options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS)
    await client.query(sessionSettings(options))
    if (options.isWriting) await client.query(NOTICE_OUR_END).catch(() => undefined)
    const server = await readServerInfo(client)
    const major = Math.floor(server.versionNum / 10_000)
    if (major < SUPPORTED_MAJORS.from) {
      throw new StewardError('target-version', `PostgreSQL ${server.version} is not supported`, {
        detail: `pgsteward reads the catalogs of PostgreSQL ${SUPPORTED_MAJORS.from} to ${SUPPORTED_MAJORS.to}; ${major} is out of its community support.`,
        hint: `Upgrade the server to PostgreSQL ${SUPPORTED_MAJORS.from} or newer.`,
      })
    }
    return {
      server,
      refreshServer: () =>
        readServerInfo(client).catch((error) => Promise.reject(explainLostConnection(error))),
      query: (label, sql, parameters = []) =>
        run(client, options.isReplay ? sql : marked(label, sql), parameters).catch((error) => {
          if (error instanceof StewardError) open = false
          throw error
        }),
      isOpen: () => open,
      close: async () => {
        open = false
        await ended(client)
        options.signal?.removeEventListener('abort', breakOff)
      },
    }
  } catch (error) {
    // not awaited: end() of a client that never connected may wait for ever
    void ended(client)
    throw explainConnectError(url, isLate ? new Error('timeout while the session was set up') : error)
  } finally {
    clearTimeout(giveUp)
  }
}

function newClient(url: string, options: SessionOptions): pg.Client {
  if (!/^postgres(ql)?:\/\//.test(url)) throw notAUrl(url)
  try {
    return new pg.Client({
      connectionString: withLibpqTls(url),
      application_name: options.isReplay
        ? REPLAY_NAME
        : options.purpose === undefined
          ? APPLICATION_NAME
          : `${APPLICATION_NAME} ${options.purpose}`,
      connectionTimeoutMillis: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      keepAlive: true,
    })
  } catch (error) {
    throw notAUrl(url, error)
  }
}

/**
 * sslmode as PostgreSQL documents it: `require` encrypts without asking who answers, which is what managed platforms' URLs mean.
 * Without this, node-postgres 8 takes it for verify-full and warns.
 */
function withLibpqTls(url: string): string {
  return /[?&]sslmode=(prefer|require|verify-ca)\b/.test(url) && !url.includes('uselibpqcompat=')
    ? `${url}&uselibpqcompat=true`
    : url
}

function notAUrl(url: string, cause?: unknown): StewardError {
  const shown = url.includes('@') ? `…@${url.slice(url.lastIndexOf('@') + 1)}` : url
  return new StewardError('target-url-invalid', `"${shown}" is not a PostgreSQL URL`, {
    detail: 'A target is named by postgres://USER:PASSWORD@HOST:PORT/DATABASE.',
    hint: 'Characters such as @ : / # in the password are written percent-encoded (@ as %40).',
    cause,
  })
}

function sessionSettings(options: SessionOptions): string {
  const statementTimeoutMs = Math.round(options.statementTimeoutMs ?? 10_000)
  const lockTimeoutMs = Math.round(options.lockTimeoutMs ?? 1_000)
  const bounds: Readonly<Record<string, string>> = {
    default_transaction_read_only: options.isWriting ? 'off' : 'on',
    statement_timeout: String(statementTimeoutMs),
    lock_timeout: String(lockTimeoutMs),
    idle_in_transaction_session_timeout: '60000',
  }
  const ours: Readonly<Record<string, string>> = {
    search_path: 'pg_catalog, public',
    timezone: 'UTC',
    datestyle: 'ISO',
    intervalstyle: 'postgres',
    jit: 'off',
    max_parallel_workers_per_gather: '0',
  }
  // They stay for the session, which is why doctor warns about transaction poolers.
  const calls = Object.entries(options.isReplay ? bounds : { ...bounds, ...ours }).map(
    ([name, value]) => `pg_catalog.set_config('${name}', '${value}', false)`,
  )
  return marked('session', `select ${calls.join(', ')}`)
}

async function run(client: pg.Client, sql: string, parameters: readonly unknown[]): Promise<QueryResult> {
  const started = performance.now()
  const before = bytesRead(client)
  try {
    const result = await client.query(sql, [...parameters])
    return { rows: result.rows, bytes: bytesRead(client) - before, tookMs: performance.now() - started }
  } catch (error) {
    throw explainLostConnection(error)
  }
}

/** A server that hangs never says goodbye; then the socket is closed without it. */
async function ended(client: pg.Client): Promise<void> {
  const giveUp = setTimeout(() => socketOf(client)?.destroy?.(), GOODBYE_MS)
  await client.end().catch(() => undefined)
  clearTimeout(giveUp)
}

const GOODBYE_MS = 1_000

/** Not every operating system can look whether the other end is still there; there the setting is refused. */
const NOTICE_OUR_END = marked(
  'session',
  "select pg_catalog.set_config('client_connection_check_interval', '1000', false)",
)

function socketOf(
  client: pg.Client,
): { readonly bytesRead?: number; readonly destroy?: () => void } | undefined {
  return (client as unknown as { connection?: { stream?: { bytesRead?: number; destroy?: () => void } } })
    .connection?.stream
}

function bytesRead(client: pg.Client): Bytes {
  return socketOf(client)?.bytesRead ?? 0
}

/** 57P01..57P03 and socket errors end the session; everything else is the statement's own error. */
function explainLostConnection(error: unknown): unknown {
  const { code, message } = error as { code?: string; message?: string }
  const isLost =
    /^(57P0[1-5]|08\w{3}|ECONNRESET|EPIPE|ETIMEDOUT)$/.test(code ?? '') ||
    /Connection terminated|not queryable/.test(message ?? '')
  return isLost
    ? new StewardError('target-lost', `the connection to the target broke: ${message}`, { cause: error })
    : error
}
