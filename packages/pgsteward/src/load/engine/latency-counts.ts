// Counts of latencies in the buckets of an HDR histogram with three digits, as one array: counting one is two shifts and an increment,
// which the request path can afford, and what was counted since the last second leaves as pairs of bucket and count.

import type { LatencyHistogram } from '../../stats/latency-histogram.ts'

/** 2048 values to the microsecond, then 1024 a doubling: relative error under 0.1 %. The last holds one hour. */
const EXACT = 2048
const HALF = 1024
const HIGHEST_US = 3_600_000_000
const BUCKETS = bucketOf(HIGHEST_US) + 1

export class LatencyCounts {
  readonly #counts = new Uint32Array(BUCKETS)
  #low = BUCKETS
  #high = -1
  total = 0

  countMs(ms: number): void {
    const us = ms <= 0 ? 0 : ms >= 3_600_000 ? HIGHEST_US : Math.round(ms * 1000)
    const bucket = us < EXACT ? us : bucketOf(us)
    this.#counts[bucket]! += 1
    this.total++
    if (bucket < this.#low) this.#low = bucket
    if (bucket > this.#high) this.#high = bucket
  }

  /** Pairs of bucket and count, lowest bucket first; everything is zero again. */
  drain(): Uint32Array {
    const counts = this.#counts
    let used = 0
    for (let bucket = this.#low; bucket <= this.#high; bucket++) if (counts[bucket] !== 0) used++
    const pairs = new Uint32Array(used * 2)
    let at = 0
    for (let bucket = this.#low; bucket <= this.#high; bucket++) {
      if (counts[bucket] === 0) continue
      pairs[at++] = bucket
      pairs[at++] = counts[bucket]!
      counts[bucket] = 0
    }
    this.#low = BUCKETS
    this.#high = -1
    this.total = 0
    return pairs
  }

  add(pairs: Uint32Array): void {
    for (let at = 0; at < pairs.length; at += 2) {
      const bucket = pairs[at]!
      this.#counts[bucket]! += pairs[at + 1]!
      this.total += pairs[at + 1]!
      if (bucket < this.#low) this.#low = bucket
      if (bucket > this.#high) this.#high = bucket
    }
  }

  /** The same rank as the histogram's: the highest value that its bucket stands for. */
  percentileMs(ratio: number): number | null {
    if (this.total === 0) return null
    const rank = Math.max(1, Math.min(this.total, Math.round(ratio * this.total)))
    let seen = 0
    for (let bucket = this.#low; bucket <= this.#high; bucket++) {
      seen += this.#counts[bucket]!
      if (seen >= rank) return (lowestUs(bucket + 1) - 1) / 1000
    }
    return (lowestUs(this.#high + 1) - 1) / 1000
  }

  addTo(histogram: LatencyHistogram): void {
    for (let bucket = this.#low; bucket <= this.#high; bucket++) {
      const count = this.#counts[bucket]!
      if (count > 0) histogram.recordValueWithCount(lowestUs(bucket), count)
    }
  }
}

function bucketOf(us: number): number {
  const doublings = 31 - Math.clz32(us) - 10
  return doublings <= 0 ? us : doublings * HALF + (us >>> doublings)
}

function lowestUs(bucket: number): number {
  if (bucket < EXACT) return bucket
  const doublings = (bucket >>> 10) - 1
  return ((bucket & (HALF - 1)) + HALF) * 2 ** doublings
}
