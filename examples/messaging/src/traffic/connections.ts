// The traffic's connections: a pool as the application has one, single ones for the faults, and one way to end them all.

import pg from 'pg'
import { APPLICATION_ROLE } from '../demo-url.ts'
import { within } from './within.ts'

export interface Connections {
  readonly take: () => Promise<pg.PoolClient>
  readonly open: (applicationName: string) => Promise<pg.Client>
  /** Waits briefly for statements in flight, then has the server terminate what is left. Never throws. */
  readonly end: () => Promise<void>
}

const CONNECT_TIMEOUT_MS = 5_000
const GRACE_MS = 300
const END_WITHIN_MS = 1_000

export function createConnections(url: string, superuserUrl: string, size: number): Connections {
  const live = new Set<pg.ClientBase>()
  let ending: Promise<void> | undefined
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'messaging-api',
    max: size,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 0,
  })
  const watch = (client: pg.ClientBase) => {
    live.add(client)
    client.on('error', () => {}) // the query in flight rejects too, and that is enough
    client.on('end', () => live.delete(client))
    if (ending) void (client as pg.Client).end()
  }
  pool.on('connect', watch)
  pool.on('error', () => {}) // an idle connection broke; the pool opens another

  const end = async (): Promise<void> => {
    const poolEnded = pool.end().catch(() => {})
    await within(GRACE_MS, poolEnded)
    if (live.size > 0) await terminate(superuserUrl, [...live])
    const ended = [...live].map((client) => (client as pg.Client).end())
    await within(END_WITHIN_MS, Promise.allSettled([poolEnded, ...ended]))
  }

  return {
    take: () => pool.connect(),
    open: async (applicationName) => {
      const client = new pg.Client({
        connectionString: url,
        application_name: applicationName,
        connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      })
      watch(client)
      try {
        await client.connect()
      } catch (error) {
        live.delete(client)
        throw error
      }
      if (ending) {
        await client.end()
        throw new Error('the traffic was stopped')
      }
      return client
    },
    end: () => {
      ending ??= end()
      return ending
    },
  }
}

/** A session that waits for a lock does not see that its client left: the server has to end it. */
async function terminate(superuserUrl: string, clients: readonly pg.ClientBase[]): Promise<void> {
  const pids = clients.map((client) => (client as unknown as { processID: number | null }).processID)
  const admin = new pg.Client({ connectionString: superuserUrl, connectionTimeoutMillis: 500 })
  admin.on('error', () => {}) // the server is stopping as well
  try {
    await admin.connect()
    // by way of the view: most have left already, and a process id is given anew some day
    await admin.query(
      'select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity where pid = any ($1) and usename = $2',
      [pids.filter((pid) => pid !== null), APPLICATION_ROLE],
    )
    await admin.end()
  } catch {
    // no server, no sessions
  }
}
