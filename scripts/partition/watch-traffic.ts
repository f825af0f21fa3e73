// What users of the application feel: every request with how long it took, every write that a session of its own makes to the audit log,
// and how long anybody waits for a lock.

import { subscribe } from 'node:diagnostics_channel'
import pg from 'pg'

export interface Felt {
  readonly requests: number
  /** Answered with 500 or above, or not at all. */
  readonly failed: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly longestMs: number
  readonly writes: number
  readonly failedWrites: number
  readonly longestWriteMs: number
  /** Of a session of the application, for any lock. */
  readonly longestLockWaitMs: number
}

export interface TrafficWatch {
  /** Since the last time that it was asked. */
  readonly felt: () => Felt
  /** Ids of the rows that were written and committed. */
  readonly written: readonly string[]
  readonly errors: readonly string[]
  readonly stop: () => Promise<void>
}

const SAMPLE_MS = 20
const WRITE_EVERY_MS = 20

/** `appUrl`: of the application's role. `adminUrl` sees who waits. `isOurs`: whether a request went to the application. */
export async function watchTraffic(
  appUrl: string,
  adminUrl: string,
  isOurs: (origin: string) => boolean,
): Promise<TrafficWatch> {
  let requests: number[] = []
  let writes: number[] = []
  let failed = 0
  let failedWrites = 0
  let longestLockWaitMs = 0
  let isOver = false
  const written: string[] = []
  const errors: string[] = []

  const began = new WeakMap<object, number>()
  const each = (channel: string, told: (message: Message) => void) =>
    subscribe(`undici:request:${channel}`, (message) => {
      const known = message as Message
      if (isOurs(String(known.request.origin))) told(known)
    })
  each('create', ({ request }) => began.set(request, performance.now()))
  each('headers', ({ request, response }) => {
    if (response!.statusCode < 500) return
    failed += 1
    errors.push(`${request.method} ${request.path} answered ${response!.statusCode}`)
  })
  each('trailers', ({ request }) => {
    const at = began.get(request)
    if (at !== undefined) requests.push(performance.now() - at)
  })
  each('error', ({ request, error }) => {
    if (isOver) return
    failed += 1
    errors.push(`${request.method} ${request.path}: ${error?.message}`)
  })

  const repeat = async (
    url: string,
    name: string,
    pauseMs: number,
    work: (client: pg.Client) => Promise<void>,
  ) => {
    const client = new pg.Client({ connectionString: url, application_name: name })
    await client.connect()
    while (!isOver) {
      await work(client)
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
    await client.end()
  }
  const loops = [
    repeat(appUrl, 'messaging-writer', WRITE_EVERY_MS, async (client) => {
      const started = performance.now()
      try {
        const { rows } = await client.query({ name: 'write', text: WRITE })
        written.push(rows[0].id)
        writes.push(performance.now() - started)
      } catch (error) {
        failedWrites += 1
        errors.push(`write: ${(error as Error).message}`)
      }
    }),
    repeat(adminUrl, 'lock watch', SAMPLE_MS, async (client) => {
      const { rows } = await client.query({ name: 'waits', text: WAITS })
      longestLockWaitMs = Math.max(longestLockWaitMs, rows[0].ms)
    }),
  ]
  return {
    written,
    errors,
    felt: () => {
      const sorted = requests.toSorted((a, b) => a - b)
      const quantile = (share: number) =>
        sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
      const felt: Felt = {
        requests: sorted.length,
        failed,
        p50Ms: quantile(0.5),
        p99Ms: quantile(0.99),
        longestMs: sorted.at(-1) ?? 0,
        writes: writes.length,
        failedWrites,
        longestWriteMs: Math.max(0, ...writes),
        longestLockWaitMs,
      }
      requests = []
      writes = []
      failed = 0
      failedWrites = 0
      longestLockWaitMs = 0
      return felt
    },
    stop: async () => {
      isOver = true
      await Promise.all(loops)
    },
  }
}

interface Message {
  readonly request: { readonly origin: unknown; readonly method: string; readonly path: string }
  readonly response?: { readonly statusCode: number }
  readonly error?: Error
}

const WRITE = `
  insert into audit_log (church_id, app_user_id, action, entity, entity_id, details)
  select u.church_id, u.id, 'viewed', 'member', 1, '{"by": "demo"}' from app_user u order by u.id limit 1 returning id::text as id`

const WAITS = `
  select coalesce(max(extract(epoch from clock_timestamp() - l.waitstart)) * 1000, 0)::float8 as ms
    from pg_locks l join pg_stat_activity a on a.pid = l.pid
   where not l.granted and l.waitstart is not null and a.application_name like 'messaging%'`
