// Keeps what happens in the application until the sender asks: statements by route and model, requests, calls, metrics, pools, slow
// queries, repeated statements. Everything is bounded, and what a bound keeps out is counted.

import { performance } from 'node:perf_hooks'
import type { WatchedPool } from '../listen/pool-watch.ts'
import { PoolRegister } from '../listen/pool-watch.ts'
import type { ResolvedOptions } from '../options.ts'
import { Scrubber } from '../redact/scrub.ts'
import { type CallIncreaseInput, CallStatistics } from './call-statistics.ts'
import type { CallSite, Drained, Endpoint } from './drained.ts'
import type { Entry } from './entry.ts'
import { HistogramSlab } from './histogram.ts'
import { type MetricInput, MetricStatistics } from './metric-statistics.ts'
import { QueryEntry, QueryStatistics } from './query-statistics.ts'
import { RepeatFinder } from './repeats.ts'
import { RequestContext } from './request-context.ts'
import { requestName } from './request-name.ts'
import { RequestStatistics } from './request-statistics.ts'
import { SlowQueries } from './slow-queries.ts'
import type { Statement } from './statement-table.ts'

/** A query as a recipe or a driver without a patch of ours knows it. */
export interface QueryInput {
  readonly text: string
  readonly durationMs: number
  readonly endpoint: Endpoint
  readonly context?: RequestContext | null
  readonly waitedForPoolMs?: number
  readonly rows?: number | null
  /** What the driver threw; its SQLSTATE is taken. */
  readonly error?: unknown
  readonly values?: readonly unknown[] | null
  readonly model?: string | null
  readonly action?: string | null
  readonly callSite?: CallSite | null
}

/** Of requests that are open at a time; those beyond are told when they end. */
const MAX_OPEN_REQUESTS = 10_000
/** A request's statements wait for its route up to here. */
const MAX_ENTRIES = 1000

export class Recorder {
  readonly options: ResolvedOptions
  readonly scrubber: Scrubber
  readonly queries: QueryStatistics
  readonly pools: PoolRegister
  readonly #requests: RequestStatistics
  readonly #calls: CallStatistics
  readonly #metrics: MetricStatistics
  readonly #repeats: RepeatFinder
  readonly #slowQueries: SlowQueries
  readonly #slab: HistogramSlab
  #dropped = new Map<string, number>()
  #open: RequestContext[] = []
  #drains = 0
  /**
   * Not read. V8 throws optimised code away with the last object of a shape that it was made for: without these, a full garbage
   * collection between two queries would have the way of a query compiled anew.
   */
  latestQuery: QueryEntry | null = null
  readonly shapeOfRequests: RequestContext
  #drainedAt: number

  constructor(options: ResolvedOptions, now: number = Date.now()) {
    const drop = (kind: string): void => this.countDropped(kind)
    this.options = options
    this.#drainedAt = now
    this.#slab = new HistogramSlab(options.maxStatements * 4 + 4000)
    this.scrubber = new Scrubber(options.redact)
    this.queries = new QueryStatistics(options, this.#slab, drop)
    this.#requests = new RequestStatistics(this.#slab, drop)
    this.#calls = new CallStatistics(this.#slab, drop)
    this.#metrics = new MetricStatistics(this.#slab, this.scrubber, drop)
    this.pools = new PoolRegister(this.#slab)
    this.#repeats = new RepeatFinder(options.repeatsFrom, drop)
    this.#slowQueries = new SlowQueries(options, this.scrubber, drop)
    this.shapeOfRequests = new RequestContext('GET', 0.5, undefined)
    this.shapeOfRequests.queryMs = 0.5
  }

  beginRequest(method: string, traceparent?: string): RequestContext {
    return new RequestContext(method, performance.now(), traceparent)
  }

  /** Once a request, when its response is finished or its connection is gone. A second call does nothing. */
  endRequest(context: RequestContext, route: string | null, statusCode: number): void {
    if (context.hasEnded) return
    context.hasEnded = true
    context.route = route
    const name = requestName(context.method, route)
    this.#requests.add(context, name, statusCode, performance.now() - context.startedAt)
    if (context.entries === null) return
    if (context.openAt !== -1) this.#close(context)
    this.#settle(context, name)
  }

  /** For drivers and recipes; pg.ts takes the steps itself. */
  recordQuery(query: QueryInput): void {
    const statement = this.queries.table.of(query.text)
    const operation = this.queries.operationOf(query.model ?? null, query.action ?? null)
    const entry = new QueryEntry(this.queries, statement, operation, query.endpoint, query.durationMs)
    entry.site = query.callSite ?? null
    entry.rows = query.rows ?? -1
    entry.failed = query.error !== undefined && query.error !== null
    this.finishQuery(
      entry,
      query.context ?? null,
      query.waitedForPoolMs ?? 0,
      query.error ?? null,
      query.values ?? null,
    )
  }

  /** `entry` holds duration, rows and failure by now. */
  finishQuery(
    entry: QueryEntry,
    context: RequestContext | null,
    waitedForPoolMs: number,
    error: unknown,
    values: readonly unknown[] | null,
  ): void {
    const { statement } = entry
    this.latestQuery = entry
    if (entry.site !== null) statement.sawSite(entry.site)
    if (context !== null) {
      context.queries++
      context.queryMs += entry.durationMs
    }
    if (entry.durationMs >= this.options.slowQueryMs) {
      this.queries.sawSlow(statement)
      this.#slowQueries.add(entry, context, waitedForPoolMs, error, values)
    }
    this.#keep(context, entry)
  }

  recordCall(call: CallIncreaseInput): void {
    this.#keep(call.context ?? null, this.#calls.entry(call))
  }

  recordMetric(metric: MetricInput): void {
    this.#keep(metric.context ?? null, this.#metrics.entry(metric))
  }

  addPool(pool: WatchedPool): void {
    this.pools.of(pool)
  }

  /** Whether the place of this call is worth its microseconds: the first three, then one in 64 to 1024, all for a while once it was slow. */
  wantsCallSite(statement: Statement): boolean {
    return this.queries.wantsCallSite(statement)
  }

  countDropped(kind: string, count = 1): void {
    this.#dropped.set(kind, (this.#dropped.get(kind) ?? 0) + count)
  }

  /** What was kept out since the last drain. */
  droppedCounts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#dropped)
  }

  /** Everything since the last drain, which this empties. About 5 microseconds a statement that was sent meanwhile. */
  drain(now: number): Drained {
    this.#settleLongRequests()
    const drained: Drained = {
      from: this.#drainedAt,
      to: now,
      queries: this.queries.drain(),
      requests: this.#requests.drain(),
      calls: this.#calls.drain(),
      metrics: this.#metrics.drain(),
      pools: this.pools.drain(performance.now()),
      slowQueries: this.#slowQueries.drain(this.queries),
      repeats: this.#repeats.drain(),
      dropped: this.droppedCounts(),
    }
    this.#slab.reset()
    this.#dropped = new Map()
    this.#drainedAt = now
    this.#drains++
    return drained
  }

  #keep(context: RequestContext | null, entry: Entry): void {
    if (context === null || context.hasEnded) {
      entry.settle(context === null ? null : requestName(context.method, context.route))
      return
    }
    if (context.entries === null && context.openAt === -1 && this.#open.length < MAX_OPEN_REQUESTS) {
      context.openAt = this.#open.length
      context.openSince = this.#drains
      this.#open.push(context)
    }
    entry.next = context.entries
    context.entries = entry
    if (++context.entryCount >= MAX_ENTRIES)
      this.#settle(context, requestName(context.method, context.currentRoute()))
  }

  #settle(context: RequestContext, route: string | null): void {
    if (context.entryCount >= this.options.repeatsFrom) this.#repeats.look(context, route, this.queries)
    let entry = context.entries
    context.entries = null
    context.entryCount = 0
    while (entry !== null) {
      const { next } = entry
      entry.next = null
      entry.settle(route)
      entry = next
    }
  }

  #close(context: RequestContext): void {
    const last = this.#open.pop()!
    if (last !== context) {
      this.#open[context.openAt] = last
      last.openAt = context.openAt
    }
    context.openAt = -1
  }

  /** Requests that last longer than from one drain to the next: streams, long polls, and those that hang. */
  #settleLongRequests(): void {
    for (const context of this.#open)
      if (context.openSince < this.#drains)
        this.#settle(context, requestName(context.method, context.currentRoute()))
  }
}
