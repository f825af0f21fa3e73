// What requests cost, by method, route and status.

import type { RequestIncrease } from './drained.ts'
import type { HistogramSlab } from './histogram.ts'
import { knownMethod } from './known-method.ts'
import type { RequestContext } from './request-context.ts'

const MAX_KINDS = 1000

interface Kind {
  readonly method: string
  readonly route: string | null
  readonly statusCode: number
  readonly histogram: number
  queries: number
  queryMs: number
  /** Of the same method and route, with another status. */
  readonly next: Kind | null
}

export class RequestStatistics {
  readonly #slab: HistogramSlab
  readonly #drop: (kind: string) => void
  /** By name, which is the same string object each time: no text is put together, nor hashed, with every request. */
  #kinds = new Map<string, Kind>()
  #count = 0

  constructor(slab: HistogramSlab, drop: (kind: string) => void) {
    this.#slab = slab
    this.#drop = drop
  }

  /** `name` as requestName makes it, null where there is no route. */
  add(context: RequestContext, name: string | null, statusCode: number, durationMs: number): void {
    const method = knownMethod(context.method)
    // No name is a mere method: a path stands behind it.
    const first = this.#kinds.get(name ?? method) ?? null
    let kind = first
    while (kind !== null && kind.statusCode !== statusCode) kind = kind.next
    kind ??= this.#make(context, name ?? method, method, statusCode, first)
    if (kind === null) return
    this.#slab.record(kind.histogram, durationMs)
    kind.queries += context.queries
    kind.queryMs += context.queryMs
  }

  drain(): readonly RequestIncrease[] {
    const increases: RequestIncrease[] = []
    for (const first of this.#kinds.values())
      for (let kind: Kind | null = first; kind !== null; kind = kind.next) {
        const { method, route, statusCode, queries, queryMs } = kind
        increases.push({
          method,
          route,
          statusCode,
          duration: this.#slab.read(kind.histogram),
          queries,
          queryMs,
        })
      }
    this.#kinds = new Map()
    this.#count = 0
    return increases
  }

  /** Null beyond the bound, which is counted. */
  #make(
    context: RequestContext,
    key: string,
    method: string,
    statusCode: number,
    next: Kind | null,
  ): Kind | null {
    const histogram = this.#count < MAX_KINDS ? this.#slab.create() : -1
    if (histogram === -1) {
      this.#drop('requests')
      return null
    }
    this.#count++
    const made = { method, route: context.route, statusCode, histogram, queries: 0, queryMs: 0, next }
    this.#kinds.set(key, made)
    return made
  }
}
