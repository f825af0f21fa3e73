// What requests cost, by method, route and status.

import type { RequestIncrease } from './drained.ts'
import type { HistogramSlab } from './histogram.ts'
import { KeyedStatistics } from './keyed-statistics.ts'
import { knownMethod } from './known-method.ts'
import type { RequestContext } from './request-context.ts'

const MAX_KINDS = 1000

interface Kind {
  readonly method: string
  readonly route: string | null
  readonly statusCode: number
  queries: number
  queryMs: number
}

export class RequestStatistics {
  readonly #slab: HistogramSlab
  readonly #kinds: KeyedStatistics<Kind>

  constructor(slab: HistogramSlab, drop: (kind: string) => void) {
    this.#slab = slab
    this.#kinds = new KeyedStatistics(slab, MAX_KINDS, () => drop('requests'))
  }

  add(context: RequestContext, statusCode: number, durationMs: number): void {
    const { route } = context
    const method = knownMethod(context.method)
    const kind = this.#kinds.of(`${statusCode} ${method} ${route}`, () => ({
      method,
      route,
      statusCode,
      queries: 0,
      queryMs: 0,
    }))
    if (kind === null) return
    this.#slab.record(kind.histogram, durationMs)
    kind.value.queries += context.queries
    kind.value.queryMs += context.queryMs
  }

  drain(): readonly RequestIncrease[] {
    return this.#kinds
      .drain()
      .map(({ value, histogram }) => ({ ...value, duration: this.#slab.read(histogram) }))
  }
}
