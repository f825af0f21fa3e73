// How each connection pool is doing: its size, who waits, how long, and which connection was taken and never given back.

import type { CallSite, Endpoint, PoolState } from '../record/drained.ts'
import { EMPTY_HISTOGRAM, type HistogramSlab } from '../record/histogram.ts'
import { type CapturedFrames, callSiteOf } from './call-site.ts'

/** A pg.Pool, as far as it is looked at. */
export interface WatchedPool {
  readonly totalCount: number
  readonly idleCount: number
  readonly waitingCount: number
  readonly options?: {
    readonly max?: number
    readonly host?: string
    readonly port?: number | string
    readonly database?: string
    readonly connectionString?: string
  }
}

interface Checkout {
  readonly at: number
  readonly frames: CapturedFrames | null
}

const MAX_POOLS = 100
const UNKNOWN: Endpoint = { host: '', port: 0, database: '' }

export class PoolWatch {
  readonly #slab: HistogramSlab
  readonly #checkouts = new Map<object, Checkout>()
  #wait = -1
  #endpoint: Endpoint | null = null

  constructor(slab: HistogramSlab) {
    this.#slab = slab
  }

  waited(ms: number, endpoint: Endpoint | null): void {
    if (this.#wait === -1) this.#wait = this.#slab.create()
    if (this.#wait !== -1) this.#slab.record(this.#wait, ms)
    if (endpoint !== null) this.#endpoint = endpoint
  }

  checkedOut(client: object, at: number, frames: CapturedFrames | null): void {
    this.#checkouts.set(client, { at, frames })
  }

  checkedIn(client: object): void {
    this.#checkouts.delete(client)
  }

  state(pool: WatchedPool, name: (endpoint: Endpoint) => string, now: number): PoolState {
    let oldest: Checkout | null = null
    for (const checkout of this.#checkouts.values())
      if (oldest === null || checkout.at < oldest.at) oldest = checkout
    const endpoint = this.#endpoint ?? endpointOf(pool)
    const wait = this.#wait === -1 ? EMPTY_HISTOGRAM : this.#slab.read(this.#wait)
    this.#wait = -1
    return {
      name: name(endpoint),
      endpoint,
      max: pool.options?.max ?? 0,
      total: pool.totalCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
      wait,
      oldestCheckoutMs: oldest === null ? null : now - oldest.at,
      oldestCheckoutBy: oldest?.frames ? placeOf(oldest.frames) : null,
    }
  }
}

/** Pools are held weakly: one that the application forgets is gone from the next drain on. */
export class PoolRegister {
  readonly #slab: HistogramSlab
  readonly #watches = new WeakMap<WatchedPool, PoolWatch>()
  #pools: WeakRef<WatchedPool>[] = []

  constructor(slab: HistogramSlab) {
    this.#slab = slab
  }

  of(pool: WatchedPool): PoolWatch {
    let watch = this.#watches.get(pool)
    if (watch === undefined) {
      watch = new PoolWatch(this.#slab)
      this.#watches.set(pool, watch)
      if (this.#pools.length < MAX_POOLS) this.#pools.push(new WeakRef(pool))
    }
    return watch
  }

  drain(now: number): readonly PoolState[] {
    const states: PoolState[] = []
    const names = new Map<string, number>()
    const name = ({ host, port, database }: Endpoint): string => {
      const base = `${host}:${port}/${database}`
      const count = (names.get(base) ?? 0) + 1
      names.set(base, count)
      return count === 1 ? base : `${base}#${count}`
    }
    this.#pools = this.#pools.filter((reference) => {
      const pool = reference.deref()
      // An ended pool has nothing left to watch.
      if (pool === undefined || (pool as { ended?: boolean }).ended === true) return false
      states.push(this.#watches.get(pool)!.state(pool, name, now))
      return true
    })
    return states
  }
}

const places = new WeakMap<CapturedFrames, CallSite | null>()

/** Looked up once: frames of a connection that leaks are asked for with each drain. */
function placeOf(frames: CapturedFrames): CallSite | null {
  const known = places.get(frames)
  if (known !== undefined) return known
  const place = callSiteOf(frames)
  places.set(frames, place)
  return place
}

function endpointOf(pool: WatchedPool): Endpoint {
  const { host, port, database, connectionString } = pool.options ?? {}
  if (connectionString !== undefined) {
    try {
      const url = new URL(connectionString)
      return {
        host: decodeURIComponent(url.hostname),
        port: Number(url.port || 5432),
        database: decodeURIComponent(url.pathname.slice(1)),
      }
    } catch {
      return UNKNOWN
    }
  }
  return { host: host ?? '', port: Number(port ?? 5432), database: database ?? '' }
}
