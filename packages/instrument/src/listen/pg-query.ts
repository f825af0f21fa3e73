// One query on its way through node-postgres, from the application's call to its end.

import { performance } from 'node:perf_hooks'
import type { Endpoint } from '../record/drained.ts'
import { QueryEntry, type QueryStatistics } from '../record/query-statistics.ts'
import type { Recorder } from '../record/recorder.ts'
import type { RequestContext } from '../record/request-context.ts'
import type { Operation, Statement } from '../record/statement-table.ts'
import { endpointOfClient, type PgClient } from './pg-endpoint.ts'
import type { WatchedPool } from './pool-watch.ts'

const NOWHERE: Endpoint = { host: '', port: 0, database: '' }
/** Half an hour: an integer that V8 keeps without an allocation. */
const MAX_WAIT_US = 2 ** 31 - 1

/**
 * Few fields, since there is one of these a query: numbers with a fraction take an allocation each, so that `durationMs` is the time of
 * the call, then of the sending, until the query has ended.
 */
export class PgQuery extends QueryEntry {
  context: RequestContext | null
  values: readonly unknown[] | null
  waitedForPoolUs = 0
  isFinished = false

  constructor(
    statistics: QueryStatistics,
    statement: Statement,
    operation: Operation | null,
    context: RequestContext | null,
    values: readonly unknown[] | null,
  ) {
    super(statistics, statement, operation, NOWHERE, performance.now())
    this.context = context
    this.values = values
  }

  /** The pool handed a connection over, or none. */
  acquired(recorder: Recorder, pool: WatchedPool, client: PgClient | undefined): void {
    try {
      const now = performance.now()
      const waitedMs = now - this.durationMs
      this.waitedForPoolUs = Math.min(MAX_WAIT_US, Math.round(waitedMs * 1000))
      this.durationMs = now
      recorder.pools.of(pool).waited(waitedMs, client === undefined ? null : endpointOfClient(client))
    } catch {
      recorder.countDropped('faults')
    }
  }
}

/** Once; what comes after does nothing. */
export function finishPgQuery(recorder: Recorder, query: PgQuery, error: unknown, result: unknown): void {
  if (query.isFinished) return
  query.isFinished = true
  const { context, values } = query
  try {
    query.durationMs = performance.now() - query.durationMs
    query.failed = error !== null && error !== undefined
    query.rows = rowsOf(result)
    // The entry may wait for its request's end; what the application sent must not wait with it.
    query.context = null
    query.values = null
    recorder.finishQuery(query, context, query.waitedForPoolUs / 1000, error, values)
  } catch {
    recorder.countDropped('faults')
  }
}

/** -1: unknown. Several statements in one text give several results. */
function rowsOf(result: unknown): number {
  if (typeof result !== 'object' || result === null) return -1
  if (!Array.isArray(result)) {
    const { rowCount } = result as { rowCount?: unknown }
    return typeof rowCount === 'number' ? rowCount : -1
  }
  let rows = 0
  for (const one of result) rows += Math.max(0, rowsOf(one))
  return rows
}

/** What pg.Client makes of a call, or was handed: the last in its queue, or the one that it sent at once. */
interface Submitted {
  submit?: (...args: unknown[]) => unknown
  callback?: unknown
}

interface Internals {
  readonly _queryQueue?: readonly Submitted[]
  readonly _activeQuery?: Submitted | null
}

export function lastSubmitted(client: PgClient, isQueued: boolean): Submitted | null {
  const { _queryQueue: queue, _activeQuery: active } = client as Internals
  if (!isQueued) return active ?? null
  return Array.isArray(queue) ? (queue.at(-1) ?? null) : null
}

/** The client was busy: the query waits in its queue, and that time is not the statement's. */
export function watchQueued(recorder: Recorder, query: PgQuery, queued: Submitted): void {
  try {
    const { submit } = queued
    if (submit === undefined) return
    queued.submit = function (this: unknown, ...args) {
      query.durationMs = performance.now()
      return submit.apply(this, args)
    }
  } catch {
    recorder.countDropped('faults')
  }
}

/** False where the driver does not let us: its promise must be listened to then, which costs a further promise. */
export function watchCallback(recorder: Recorder, query: PgQuery, submitted: Submitted): boolean {
  const { callback } = submitted
  if (typeof callback !== 'function') return false
  submitted.callback = (error: unknown, result: unknown): void => {
    finishPgQuery(recorder, query, error, result)
    callback(error, result)
  }
  return true
}

type Handler = (this: unknown, ...args: unknown[]) => unknown
const ENDS = ['handleCommandComplete', 'handlePortalSuspended', 'handleReadyForQuery', 'handleError'] as const

/**
 * Objects that read their result themselves, as cursors and streams do: until the first rows are there. How long the application then
 * takes to fetch the others is its own affair.
 */
export function watchSubmittable(recorder: Recorder, query: PgQuery, submittable: object): void {
  try {
    const target = submittable as Record<string, Handler | undefined>
    for (const name of ENDS) {
      const handler = target[name]
      if (typeof handler !== 'function') continue
      target[name] = function (...args) {
        finishPgQuery(recorder, query, name === 'handleError' ? args[0] : null, completed(args[0]))
        return handler.apply(this, args)
      }
    }
    const { submit } = target
    target.submit = function (...args) {
      query.durationMs = performance.now()
      return submit!.apply(this, args)
    }
  } catch {
    recorder.countDropped('faults')
  }
}

/** `SELECT 5`, `INSERT 0 5` as the server reports it. */
function completed(message: unknown): { rowCount: number } | null {
  const { text } = (typeof message === 'object' && message !== null ? message : {}) as { text?: unknown }
  const rows = typeof text === 'string' ? /(\d+)$/.exec(text) : null
  return rows === null ? null : { rowCount: Number(rows[1]) }
}
