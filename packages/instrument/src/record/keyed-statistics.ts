// A bounded set of histograms by name: what requests, calls and metrics have in common.

import type { HistogramSlab } from './histogram.ts'

export interface Keyed<Value> {
  readonly value: Value
  /** In the slab. */
  readonly histogram: number
}

export class KeyedStatistics<Value> {
  readonly #slab: HistogramSlab
  readonly #max: number
  readonly #onDrop: () => void
  #byKey = new Map<string, Keyed<Value>>()

  constructor(slab: HistogramSlab, max: number, onDrop: () => void) {
    this.#slab = slab
    this.#max = max
    this.#onDrop = onDrop
  }

  /** Null beyond the bound, which is counted. */
  of(key: string, make: () => Value): Keyed<Value> | null {
    const known = this.#byKey.get(key)
    if (known !== undefined) return known
    const histogram = this.#byKey.size < this.#max ? this.#slab.create() : -1
    if (histogram === -1) {
      this.#onDrop()
      return null
    }
    const made = { value: make(), histogram }
    this.#byKey.set(key, made)
    return made
  }

  drain(): readonly Keyed<Value>[] {
    const all = [...this.#byKey.values()]
    this.#byKey = new Map()
    return all
  }
}
