// After a failover the primary is elsewhere: of two addresses, new connections go to the one that takes writes. A connection of its own
// watches the server in use, so that its end is known at once and not at the next time-out.

import pg from 'pg'

export interface Following {
  readonly stop: () => Promise<void>
}

export interface FollowOptions {
  /** The address that the pool starts with, and the other one. */
  readonly urls: readonly [string, string]
  /** Whose next connections are to go to the primary. */
  readonly pool: pg.Pool
  readonly log: (message: string) => void
}

/** While there is no primary. */
const ASKED_EVERY_MS = 100
/** While there is one: a server that was demoted and goes on, or a network that swallows packets. */
const WATCHED_EVERY_MS = 1_000
const ANSWERS_WITHIN_MS = 1_000

export function followPrimary({ urls, pool, log }: FollowOptions): Following {
  const stopping = new AbortController()
  let current = 0
  let watch: pg.Client | null = null
  let wake = () => {}

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      timer.unref()
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  /** A session of the server there, when it takes writes. */
  const openAt = async (url: string): Promise<pg.Client | null> => {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'messaging-api-watch',
      connectionTimeoutMillis: ANSWERS_WITHIN_MS,
      query_timeout: ANSWERS_WITHIN_MS,
    })
    const lost = () => {
      if (watch !== client) return
      watch = null
      wake()
    }
    client.on('error', lost)
    client.on('end', lost)
    try {
      await client.connect()
      if (await takesWrites(client)) return client
    } catch {
      // nobody there, or starting, or stopping
    }
    void client.end().catch(() => {})
    return null
  }

  const seek = async (): Promise<void> => {
    // the other one first: the one in use has just failed
    for (const index of [1 - current, current]) {
      const found = await openAt(urls[index]!)
      if (found === null) continue
      watch = found
      if (index !== current) {
        current = index
        // read at each new connection
        ;(pool.options as { connectionString?: string }).connectionString = urls[index]!
        log(`the primary is now at ${new URL(urls[index]!).host}`)
      }
      return
    }
  }

  const follow = async () => {
    watch = await openAt(urls[0])
    while (!stopping.signal.aborted) {
      await pause(watch === null ? ASKED_EVERY_MS : WATCHED_EVERY_MS)
      if (stopping.signal.aborted) break
      if (watch !== null && !(await takesWrites(watch).catch(() => false))) {
        const lost: pg.Client | null = watch
        watch = null
        void lost?.end().catch(() => {})
      }
      if (watch === null) await seek()
    }
    const last: pg.Client | null = watch
    watch = null
    await last?.end().catch(() => {})
  }

  const done = follow()
  return {
    stop: async () => {
      stopping.abort()
      wake()
      await done
    },
  }
}

async function takesWrites(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ takesWrites: boolean }>(
    'select not pg_catalog.pg_is_in_recovery() as "takesWrites"',
  )
  return rows[0]?.takesWrites === true
}
