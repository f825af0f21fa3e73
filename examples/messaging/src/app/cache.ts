// A cache in front of what is read often and costs much, in Redis, per church. Without REDIS_URL it is not there at all.
//
// What it promises: never older than its time to live; never older than the church's last write that was answered (each church has a
// mark that a write replaces, and a value counts only under the mark that stood before it was read); one reader a key and process
// asks the database, the others wait for it; and with Redis gone or hung, requests go to the database and hardly notice.

import { randomBytes } from 'node:crypto'
import { createClient } from '@redis/client'
import type { Metrics } from './metrics.ts'

export interface Cache {
  /**
   * JSON of what `load` yields. `isRecent`: the church wrote a moment ago, and what a replica
   * that does not know it yet says would be kept.
   * Errors of `load` pass through and are not kept.
   */
  readonly read: (
    churchId: number,
    name: string,
    load: (isRecent: boolean) => Promise<unknown>,
  ) => Promise<string>
  /** After a write of this church and before its answer. Never throws. */
  readonly forget: (churchId: number) => Promise<void>
  readonly counts: () => CacheCounts
  readonly close: () => Promise<void>
}

export interface CacheCounts {
  readonly hits: number
  readonly misses: number
  /** Answered while Redis was not: neither hit nor miss. */
  readonly bypassed: number
}

export interface CacheOptions {
  readonly url: string
  /** The longest that a value is shown after the write that changed it was lost on its way here. */
  readonly lifetimeSeconds: number
  /** So long a replica may lag behind, and what is loaded after a write has to come from the primary. */
  readonly recentMs: number
  readonly metrics: Pick<Metrics, 'count'>
  readonly log: (message: string, error?: unknown) => void
}

/** JSON as the application answers it: keys are bigint, and strings in JSON. */
export const toJson = (value: unknown) =>
  JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? String(each) : each))

export const NO_CACHE: Cache = {
  read: async (_churchId, _name, load) => toJson(await load(false)),
  forget: async () => {},
  counts: () => ({ hits: 0, misses: 0, bypassed: 0 }),
  close: async () => {},
}

/** A cache that does not answer within it is slower than what it stands before. */
const ANSWERS_WITHIN_MS = 100
/** After a time-out nobody waits for it again until so much later. */
const LEFT_ALONE_MS = 1_000
const CONNECTS_WITHIN_MS = 1_000
const RECONNECTS_AFTER_MS = 500
const LOGS_EVERY_MS = 60_000

/** Does not wait for Redis, which may come later. */
export function openCache({ url, lifetimeSeconds, recentMs, metrics, log }: CacheOptions): Cache {
  let loggedAt = Number.NEGATIVE_INFINITY
  const client = createClient({
    url,
    keyPrefix: 'messaging:',
    // a command that can't be sent now is of no use later
    disableOfflineQueue: true,
    commandsQueueMaxLength: 10_000,
    socket: { connectTimeout: CONNECTS_WITHIN_MS, reconnectStrategy: () => RECONNECTS_AFTER_MS },
  })
  client.on('error', (error: unknown) => {
    if (performance.now() - loggedAt < LOGS_EVERY_MS) return
    loggedAt = performance.now()
    log('the cache is away, the database answers alone', error)
  })
  client.connect().catch(() => {}) // closed before it ever connected; everything else is told by 'error'

  let leftAloneUntil = 0
  /** Undefined: Redis is away or too slow. */
  const ask = async <T>(command: () => Promise<T>): Promise<T | undefined> => {
    if (!client.isReady || performance.now() < leftAloneUntil) return undefined
    let timer: NodeJS.Timeout | undefined
    const tooLate = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => {
        leftAloneUntil = performance.now() + LEFT_ALONE_MS
        resolve(undefined)
      }, ANSWERS_WITHIN_MS)
    })
    const answer = command().catch(() => undefined)
    try {
      return await Promise.race([answer, tooLate])
    } finally {
      clearTimeout(timer)
    }
  }

  const markKey = (churchId: number) => `church:${churchId}:mark`
  const newMark = () => `${Date.now()}-${randomBytes(6).toString('base64url')}`
  const replaceMark = async (churchId: number, onlyMissing: boolean) =>
    (await ask(() =>
      client.set(markKey(churchId), newMark(), {
        // outlives every value under it
        expiration: { type: 'EX', value: 2 * lifetimeSeconds },
        ...(onlyMissing ? { condition: 'NX' as const } : {}),
      }),
    )) !== undefined

  /** Churches whose mark could not be replaced: their values are not to be trusted until it was. */
  const unforgotten = new Set<number>()
  const flights = new Map<string, Promise<string>>()
  const counts = { hits: 0, misses: 0, bypassed: 0 }
  const count = (outcome: keyof CacheCounts, name: string) => {
    counts[outcome] += 1
    metrics.count(`cache.${outcome}`, 1, { read: name }, '{read}')
  }

  const forget = async (churchId: number) => {
    if (await replaceMark(churchId, false)) unforgotten.delete(churchId)
    else unforgotten.add(churchId)
  }

  /** The mark and the value of a key; undefined when Redis does not tell. */
  const look = async (churchId: number, key: string) => {
    if (unforgotten.has(churchId)) {
      await forget(churchId)
      if (unforgotten.has(churchId)) return undefined
    }
    for (const isLast of [false, true]) {
      const found = await ask(() => client.mGet([markKey(churchId), key]))
      if (found === undefined) return undefined
      const [mark, value] = found
      if (typeof mark === 'string') return { mark, value: typeof value === 'string' ? value : null }
      // new, expired, or evicted: whatever is kept under it may be older than a write
      if (isLast || !(await replaceMark(churchId, true))) return undefined
    }
    return undefined
  }

  return {
    read: async (churchId, name, load) => {
      const key = `church:${churchId}:${name}`
      const known = await look(churchId, key)
      if (known === undefined) {
        count('bypassed', name)
        return toJson(await load(false))
      }
      const { mark, value } = known
      if (value?.startsWith(`${mark} `)) {
        count('hits', name)
        return value.slice(mark.length + 1)
      }
      count('misses', name)
      const flightKey = `${mark} ${key}`
      const flying = flights.get(flightKey)
      if (flying !== undefined) return flying
      const flight = (async () => {
        const json = toJson(await load(Date.now() - Number.parseInt(mark, 10) < recentMs))
        await ask(() =>
          client.set(key, `${mark} ${json}`, { expiration: { type: 'EX', value: lifetimeSeconds } }),
        )
        return json
      })().finally(() => flights.delete(flightKey))
      flights.set(flightKey, flight)
      return flight
    },
    forget,
    counts: () => ({ ...counts }),
    close: async () => {
      client.destroy()
    },
  }
}
