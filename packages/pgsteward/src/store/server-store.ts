// The store on a PostgreSQL server: several processes may share it, each target is leased to one of them.

import pg from 'pg'
import { StewardError } from '../model/error.ts'
import { explainConnectError, hostOf } from '../postgres/connect-error.ts'
import { type StoreDatabase, storeDatabase } from './database.ts'

/** Begins like every session of pgsteward, so that it is left out of the figures when the store is on the target itself. */
const APPLICATION_NAME = 'pgsteward store'

/** One for saving, one for jobs, two for the dashboard's questions. */
const CONNECTIONS = 4

/** Longer than any statement of the store. A network that is gone, or a server that hangs, never says so; `?query_timeout=` of the URL wins. */
const ANSWER_WITHIN_MS = 120_000

const OLDEST_MAJOR = 14

/** Throws 'store-unreachable' with the reason. */
export async function openServer(url: string): Promise<StoreDatabase> {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: APPLICATION_NAME,
    max: CONNECTIONS,
    connectionTimeoutMillis: 10_000,
    query_timeout: ANSWER_WITHIN_MS,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
  })
  // an idle connection that breaks is replaced at the next query
  pool.on('error', () => undefined)
  try {
    const { rows } = await pool.query<{ num: number }>(
      "select pg_catalog.current_setting('server_version_num')::int as num",
    )
    const major = Math.floor((rows[0]?.num ?? 0) / 10_000)
    if (major < OLDEST_MAJOR) {
      throw new StewardError('store-unreachable', `the store at ${hostOf(url)} is PostgreSQL ${major}`, {
        hint: `The store needs PostgreSQL ${OLDEST_MAJOR} or newer.`,
      })
    }
  } catch (error) {
    await pool.end().catch(() => undefined)
    throw unreachable(url, error)
  }
  return storeDatabase('server', pool, () => pool.end())
}

function unreachable(url: string, error: unknown): StewardError {
  if (error instanceof StewardError && error.code === 'store-unreachable') return error
  const because = explainConnectError(url, error)
  return new StewardError('store-unreachable', `the store cannot be reached: ${because.message}`, {
    ...(because.detail === undefined ? {} : { detail: because.detail }),
    ...(because.hint === undefined ? {} : { hint: because.hint }),
    cause: error,
  })
}
