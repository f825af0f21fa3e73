// Listens in on node-postgres: every query of every client and pool of the module handed in, whoever calls it (Prisma's adapter,
// Drizzle, Kysely, Knex, plain pg). Nothing that fails here reaches the application.

import { performance } from 'node:perf_hooks'
import { getRecorder } from '../current-recorder.ts'
import type { CallSite } from '../record/drained.ts'
import type { Recorder } from '../record/recorder.ts'
import { currentRequest, inRequest, type RequestContext } from '../record/request-context.ts'
import type { Operation } from '../record/statement-table.ts'
import { captureCallSite, captureFramesLazily } from './call-site.ts'
import { pendingOperation } from './pending-operation.ts'
import { endpointOfClient, type PgClient } from './pg-endpoint.ts'
import {
  finishPgQuery,
  lastSubmitted,
  PgQuery,
  watchCallback,
  watchQueued,
  watchSubmittable,
} from './pg-query.ts'
import type { WatchedPool } from './pool-watch.ts'
import { replaceMethod } from './replace-method.ts'
import { taggedConfig } from './tagged-config.ts'

/** What `import pg from 'pg'` gives. */
export interface PgModule {
  readonly Client: { readonly prototype: object }
  readonly Pool: { readonly prototype: object }
}

type Callback = (...args: unknown[]) => unknown
type Query = (this: PgClient, config: unknown, values?: unknown, callback?: unknown) => unknown
type PoolQuery = (this: WatchedPool, config: unknown, values?: unknown, callback?: unknown) => unknown
type Connect = (this: WatchedPool, callback?: Callback) => unknown

interface Handed {
  release?: (error?: unknown) => unknown
}

/** Patches; calling it again changes nothing. The function given back undoes it. Without `recorder` the started one is fed, if any. */
export function instrumentPg(pg: PgModule, recorder: Recorder | null = null): () => void {
  const recorderNow = (): Recorder | null => recorder ?? getRecorder()
  // A query goes through three functions in one go: pool.query calls pool.connect, which hands a connection to a callback that calls
  // client.query. These hand it on. Contexts of the async kind would be those of whoever gave the connection back.
  let entering: PgQuery | null = null
  let dispatching: PgQuery | null = null

  const undoPoolQuery = replaceMethod<PoolQuery>(pg.Pool.prototype, 'query', (original) => {
    return function query(config, values, callback) {
      const current = recorderNow()
      const begun = current === null ? null : begin(current, config, values, query)
      if (begun === null) return original.call(this, config, values, callback)
      const outer = entering
      entering = begun
      try {
        if (typeof values === 'function')
          return original.call(this, config, inRequest(begun.context, values as Callback))
        if (typeof callback === 'function')
          return original.call(this, config, values, inRequest(begun.context, callback as Callback))
        return original.call(this, config, values, callback)
      } finally {
        entering = outer
      }
    }
  })

  const undoConnect = replaceMethod<Connect>(pg.Pool.prototype, 'connect', (original) => {
    return function connect(callback) {
      const begun = entering
      entering = null
      const current = recorderNow()
      if (current !== null && begun !== null && callback !== undefined) {
        return original.call(this, (error, client, release) => {
          begun.acquired(current, this, client as PgClient | undefined)
          const outer = dispatching
          dispatching = begun
          try {
            return callback(error, client, release)
          } finally {
            dispatching = outer
          }
        })
      }
      return current === null
        ? original.call(this, callback)
        : checkOut(current, this, original, callback, connect)
    }
  })

  const undoClientQuery = replaceMethod<Query>(pg.Client.prototype, 'query', (original) => {
    return function query(config, values, callback) {
      const fromPool = dispatching
      dispatching = null
      const current = recorderNow()
      const begun = current === null ? null : (fromPool ?? begin(current, config, values, query))
      if (current === null || begun === null) return original.call(this, config, values, callback)
      begun.endpoint = endpointOfClient(this)
      if (isSubmittable(config)) {
        watchSubmittable(current, begun, config)
        return original.call(this, config, values, callback)
      }
      const sent = current.options.comments ? taggedConfig(config, current, begun) : config
      const isQueued = this.readyForQuery !== true
      const given = callbackOf(config, values, callback)
      if (given !== null) {
        const called = fromPool === null ? inRequest(begun.context, given) : given
        const wrapped = (error: unknown, result: unknown): unknown => {
          finishPgQuery(current, begun, error, result)
          return called(error, result)
        }
        if (!isQueued)
          return original.call(this, sent, typeof values === 'function' ? undefined : values, wrapped)
        const before = lastSubmitted(this, true)
        const returned = original.call(this, sent, typeof values === 'function' ? undefined : values, wrapped)
        const queued = lastSubmitted(this, true)
        if (queued !== null && queued !== before) watchQueued(current, begun, queued)
        return returned
      }
      const before = lastSubmitted(this, isQueued)
      const returned = original.call(this, sent, values, callback)
      const submitted = lastSubmitted(this, isQueued)
      if (submitted !== null && submitted !== before) {
        if (isQueued) watchQueued(current, begun, submitted)
        if (watchCallback(current, begun, submitted)) return returned
      }
      return isPromise(returned) ? observed(current, begun, returned) : returned
    }
  })

  return () => {
    undoPoolQuery()
    undoConnect()
    undoClientQuery()
  }
}

/** Null when it is nothing that can be told of, or when telling failed. */
function begin(
  recorder: Recorder,
  config: unknown,
  values: unknown,
  below: (...args: never[]) => unknown,
): PgQuery | null {
  try {
    const text = textOf(config)
    if (text === null) return null
    const statement = recorder.queries.table.of(text)
    let operation: Operation | null = null
    let prismaCallSite: (() => CallSite | null) | null = null
    if (pendingOperation.sql === text) {
      operation = recorder.queries.operationOf(pendingOperation.model, pendingOperation.action)
      prismaCallSite = pendingOperation.callSite
      pendingOperation.sql = null
      pendingOperation.callSite = null
    }
    const given = Array.isArray(values) ? values : valuesOf(config)
    const query = new PgQuery(recorder.queries, statement, operation, currentRequest(), given)
    if (given !== null) query.skippedRows = statement.skippedRows(text, given)
    if (recorder.wantsCallSite(statement)) query.site = prismaCallSite?.() ?? captureCallSite(below)
    return query
  } catch {
    recorder.countDropped('faults')
    return null
  }
}

function textOf(config: unknown): string | null {
  if (typeof config === 'string') return config
  if (typeof config !== 'object' || config === null) return null
  const { text, name } = config as { text?: unknown; name?: unknown }
  if (typeof text === 'string') return text
  // Prepared before under this name, and named alone now.
  return typeof name === 'string' ? `execute "${name.slice(0, 100)}"` : null
}

function valuesOf(config: unknown): readonly unknown[] | null {
  const { values } = (typeof config === 'object' && config !== null ? config : {}) as { values?: unknown }
  return Array.isArray(values) ? values : null
}

function callbackOf(config: unknown, values: unknown, callback: unknown): Callback | null {
  if (typeof callback === 'function') return callback as Callback
  if (typeof values === 'function') return values as Callback
  const own =
    typeof config === 'object' && config !== null ? (config as { callback?: unknown }).callback : null
  return typeof own === 'function' ? (own as Callback) : null
}

/** pg.Query itself, pg-cursor, pg-query-stream. */
function isSubmittable(config: unknown): config is object {
  return (
    typeof config === 'object' &&
    config !== null &&
    typeof (config as { submit?: unknown }).submit === 'function'
  )
}

function isPromise(value: unknown): value is Promise<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  )
}

/** The promise that this gives is the one to await: a rejection that nobody handles must stay one that nobody handles. */
function observed(recorder: Recorder, query: PgQuery, promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (result) => {
      finishPgQuery(recorder, query, null, result)
      return result
    },
    (error: unknown) => {
      finishPgQuery(recorder, query, error, null)
      throw error
    },
  )
}

/** pool.connect() of the application itself: the connection is its own until it gives it back. */
function checkOut(
  recorder: Recorder,
  pool: WatchedPool,
  original: Connect,
  callback: Callback | undefined,
  below: (...args: never[]) => unknown,
): unknown {
  const startedAt = performance.now()
  const context: RequestContext | null = currentRequest()
  const frames = recorder.options.caller === 'off' ? null : captureFramesLazily(below)
  const handedOver = (client: (Handed & PgClient) | undefined): void => {
    try {
      const now = performance.now()
      const watch = recorder.pools.of(pool)
      watch.waited(now - startedAt, client === undefined ? null : endpointOfClient(client))
      if (client?.release === undefined) return
      const { release } = client
      watch.checkedOut(client, now, frames)
      client.release = (error) => {
        watch.checkedIn(client)
        return release.call(client, error)
      }
    } catch {
      recorder.countDropped('faults')
    }
  }
  if (typeof callback === 'function') {
    const called = inRequest(context, callback)
    return original.call(pool, (error: unknown, client: unknown, release: unknown) => {
      const handed = client as (Handed & PgClient) | undefined
      handedOver(handed)
      return called(error, client, handed?.release ?? release)
    })
  }
  const returned = original.call(pool, callback)
  if (!isPromise(returned)) return returned
  return returned.then(
    (client) => {
      handedOver(client as Handed & PgClient)
      return client
    },
    (error: unknown) => {
      handedOver(undefined)
      throw error
    },
  )
}
