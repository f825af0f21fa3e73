// What the application's own requests to others cost, by whom it asked, on behalf of which route.

import type { CallIncrease } from './drained.ts'
import type { Entry } from './entry.ts'
import type { HistogramSlab } from './histogram.ts'
import { KeyedStatistics } from './keyed-statistics.ts'
import { knownMethod } from './known-method.ts'
import type { RequestContext } from './request-context.ts'

export interface CallIncreaseInput {
  readonly method: string
  readonly host: string
  readonly port: number
  /** 0: no answer came. */
  readonly statusCode: number
  readonly durationMs: number
  readonly context?: RequestContext | null
}

type Kind = Omit<CallIncrease, 'duration'>

const MAX_KINDS = 500
const MAX_HOST_LENGTH = 255

export class CallStatistics {
  readonly #slab: HistogramSlab
  readonly #kinds: KeyedStatistics<Kind>

  constructor(slab: HistogramSlab, drop: (kind: string) => void) {
    this.#slab = slab
    this.#kinds = new KeyedStatistics(slab, MAX_KINDS, () => drop('calls'))
  }

  entry(call: CallIncreaseInput): Entry {
    const { host, port, statusCode, durationMs } = call
    return {
      statement: null,
      next: null,
      settle: (route) =>
        this.#add(
          { method: knownMethod(call.method), host: host.slice(0, MAX_HOST_LENGTH), port, route, statusCode },
          durationMs,
        ),
    }
  }

  drain(): readonly CallIncrease[] {
    return this.#kinds
      .drain()
      .map(({ value, histogram }) => ({ ...value, duration: this.#slab.read(histogram) }))
  }

  #add(kind: Kind, durationMs: number): void {
    const key = `${kind.statusCode} ${kind.method} ${kind.host}:${kind.port} ${kind.route}`
    const statistics = this.#kinds.of(key, () => kind)
    if (statistics !== null) this.#slab.record(statistics.histogram, durationMs)
  }
}
