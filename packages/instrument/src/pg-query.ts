// One query on its way through node-postgres, from the application's call to its end.

import type { Endpoint } from './drained.ts'
import { endpointOfClient, type PgClient } from './pg-endpoint.ts'
import type { WatchedPool } from './pool-watch.ts'
import { QueryEntry } from './query-statistics.ts'
import type { Recorder } from './recorder.ts'
import type { RequestContext } from './request-context.ts'
import type { Operation, Statement } from './statement-table.ts'

const NOWHERE: Endpoint = { host: '', port: 0, database: '' }

export class PgQuery extends QueryEntry {
  readonly recorder: Recorder
  context: RequestContext | null
  values: readonly unknown[] | null = null
  /** First of the call, then of the sending. */
  startedAt: number
  waitedForPoolMs = 0
  isFinished = false

  constructor(
    recorder: Recorder,
    statement: Statement,
    operation: Operation | null,
    context: RequestContext | null,
    calledAt: number,
  ) {
    super(recorder.queries, statement, operation, NOWHERE)
    this.recorder = recorder
    this.context = context
    this.startedAt = calledAt
  }

  /** The pool handed a connection over, or none. */
  acquired(pool: WatchedPool, client: PgClient | undefined): void {
    try {
      const now = performance.now()
      this.waitedForPoolMs = now - this.startedAt
      this.startedAt = now
      const endpoint = client === undefined ? null : endpointOfClient(client)
      this.recorder.pools.of(pool).waited(this.waitedForPoolMs, endpoint)
    } catch {
      this.recorder.countDropped('faults')
    }
  }

  sentBy(client: PgClient): void {
    this.endpoint = endpointOfClient(client)
  }
}

/** Once; what comes after does nothing. */
export function finishPgQuery(query: PgQuery, error: unknown, result: unknown): void {
  if (query.isFinished) return
  query.isFinished = true
  const { recorder, context, values } = query
  try {
    query.durationMs = performance.now() - query.startedAt
    query.failed = error !== null && error !== undefined
    query.rows = rowsOf(result)
    const { offsetAt } = query.statement
    if (offsetAt >= 0 && values !== null) query.skippedRows = Math.max(0, Number(values[offsetAt]) || 0)
    // The entry may wait for its request's end; what the application sent must not wait with it.
    query.context = null
    query.values = null
    recorder.finishQuery(query, context, query.waitedForPoolMs, error, values)
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

interface Queued {
  submit?: (...args: unknown[]) => unknown
}

/** The client was busy: the query waits in its queue, and that time is not the statement's. */
export function watchQueued(query: PgQuery, client: PgClient): void {
  try {
    const { _queryQueue: queue } = client as { _queryQueue?: Queued[] }
    const queued = queue?.at(-1)
    if (queued?.submit === undefined) return
    const { submit } = queued
    queued.submit = function (this: unknown, ...args) {
      query.startedAt = performance.now()
      return submit.apply(this, args)
    }
  } catch {
    query.recorder.countDropped('faults')
  }
}

type Handler = (this: unknown, ...args: unknown[]) => unknown
const ENDS = ['handleCommandComplete', 'handlePortalSuspended', 'handleReadyForQuery', 'handleError'] as const

/**
 * Objects that read their result themselves, as cursors and streams do: until the first rows are there. How long the application then
 * takes to fetch the others is its own affair.
 */
export function watchSubmittable(query: PgQuery, submittable: object): void {
  try {
    const target = submittable as Record<string, Handler | undefined>
    for (const name of ENDS) {
      const handler = target[name]
      if (typeof handler !== 'function') continue
      target[name] = function (...args) {
        finishPgQuery(query, name === 'handleError' ? args[0] : null, completed(args[0]))
        return handler.apply(this, args)
      }
    }
    const { submit } = target
    target.submit = function (...args) {
      query.startedAt = performance.now()
      return submit!.apply(this, args)
    }
  } catch {
    query.recorder.countDropped('faults')
  }
}

/** `SELECT 5`, `INSERT 0 5` as the server reports it. */
function completed(message: unknown): { rowCount: number } | null {
  const { text } = (typeof message === 'object' && message !== null ? message : {}) as { text?: unknown }
  const rows = typeof text === 'string' ? /(\d+)$/.exec(text) : null
  return rows === null ? null : { rowCount: Number(rows[1]) }
}
