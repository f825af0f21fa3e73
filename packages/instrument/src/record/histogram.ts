// Base-2 exponential histograms of milliseconds at scale 3, many of them in few typed arrays. A histogram takes 28 bytes, and 21 more
// for each octave (factor of two) that it saw: a statement that takes 1 to 4 ms needs 70 bytes, where perf_hooks takes 18 kB.

import { type DurationHistogram, HISTOGRAM_SCALE } from './drained.ts'

const BUCKETS_PER_OCTAVE = 2 ** HISTOGRAM_SCALE
/** Below a microsecond and beyond 12 days nothing is told apart. */
const MIN_MS = 2 ** -10
const MAX_MS = 2 ** 30
const NONE = -1
const FULL = 65_535

/** Index of the bucket (2^(i/8), 2^((i+1)/8)] that holds `ms`. */
export function bucketOf(ms: number): number {
  const clamped = Math.min(Math.max(ms, MIN_MS), MAX_MS)
  return Math.ceil(Math.log2(clamped) * BUCKETS_PER_OCTAVE) - 1
}

/** Histograms are numbers, handed out by `create` and all gone with `reset`. */
export class HistogramSlab {
  readonly #maxHistograms: number
  #histograms = 0
  #blocks = 0
  #counts = new Uint32Array(64)
  #zeros = new Uint32Array(64)
  #sums = new Float64Array(64)
  #maxima = new Float64Array(64)
  /** First block of a histogram: the one that was used last. */
  #heads = new Int32Array(64)
  #octaves = new Int8Array(64)
  #next = new Int32Array(64)
  /** 16 bits each; one that is full goes on in a further block of the same octave. */
  #buckets = new Uint16Array(64 * BUCKETS_PER_OCTAVE)

  constructor(maxHistograms: number) {
    this.#maxHistograms = maxHistograms
  }

  /** -1 when there are as many as there may be. */
  create(): number {
    const id = this.#histograms
    if (id === this.#maxHistograms) return NONE
    if (id === this.#counts.length) this.#growHistograms()
    this.#histograms++
    this.#counts[id] = 0
    this.#zeros[id] = 0
    this.#sums[id] = 0
    this.#maxima[id] = 0
    this.#heads[id] = NONE
    return id
  }

  record(id: number, ms: number): void {
    this.#counts[id]!++
    // Clocks do not go back here, but what recipes hand in may be anything.
    if (!(ms > 0)) {
      this.#zeros[id]!++
      return
    }
    this.#sums[id]! += ms
    if (ms > this.#maxima[id]!) this.#maxima[id] = ms
    const bucket = bucketOf(ms)
    const octave = bucket >> HISTOGRAM_SCALE
    const head = this.#heads[id]!
    const block = head !== NONE && this.#octaves[head] === octave ? head : this.#blockOf(id, octave)
    const at = block * BUCKETS_PER_OCTAVE + (bucket & (BUCKETS_PER_OCTAVE - 1))
    if (this.#buckets[at]! < FULL) this.#buckets[at]!++
    else
      this.#buckets[this.#addBlock(id, octave) * BUCKETS_PER_OCTAVE + (bucket & (BUCKETS_PER_OCTAVE - 1))]!++
  }

  count(id: number): number {
    return this.#counts[id]!
  }

  read(id: number): DurationHistogram {
    const blocks: number[] = []
    for (let block = this.#heads[id]!; block !== NONE; block = this.#next[block]!) blocks.push(block)
    const sparse: [bucket: number, count: number][] = []
    for (const block of blocks)
      for (let within = 0; within < BUCKETS_PER_OCTAVE; within++) {
        const count = this.#buckets[block * BUCKETS_PER_OCTAVE + within]!
        if (count > 0) sparse.push([this.#octaves[block]! * BUCKETS_PER_OCTAVE + within, count])
      }
    return {
      count: this.#counts[id]!,
      sumMs: this.#sums[id]!,
      maxMs: this.#maxima[id]!,
      zeroCount: this.#zeros[id]!,
      // Blocks stand in the order of their use, and an octave may have several.
      ...dense(sparse.sort(([left], [right]) => left - right)),
    }
  }

  /** All histograms are gone; the memory stays for the next ones, but that of a peak is given back. */
  reset(): void {
    this.#buckets.fill(0, 0, this.#blocks * BUCKETS_PER_OCTAVE)
    if (this.#blocks * 8 < this.#octaves.length && this.#octaves.length > 1024)
      this.#resizeBlocks(this.#octaves.length >> 1)
    this.#histograms = 0
    this.#blocks = 0
  }

  /** Moved to the front, so that the next of about the same duration finds it at once. */
  #blockOf(id: number, octave: number): number {
    let before = NONE
    for (let block = this.#heads[id]!; block !== NONE; block = this.#next[block]!) {
      if (this.#octaves[block] === octave) {
        if (before !== NONE) {
          this.#next[before] = this.#next[block]!
          this.#next[block] = this.#heads[id]!
          this.#heads[id] = block
        }
        return block
      }
      before = block
    }
    return this.#addBlock(id, octave)
  }

  #addBlock(id: number, octave: number): number {
    const block = this.#blocks
    if (block === this.#octaves.length) this.#resizeBlocks(Math.ceil(this.#octaves.length * 1.25))
    this.#blocks++
    this.#octaves[block] = octave
    this.#next[block] = this.#heads[id]!
    this.#heads[id] = block
    return block
  }

  #growHistograms(): void {
    const length = Math.min(this.#maxHistograms, Math.ceil(this.#counts.length * 1.25))
    this.#counts = resized(Uint32Array, this.#counts, length)
    this.#zeros = resized(Uint32Array, this.#zeros, length)
    this.#sums = resized(Float64Array, this.#sums, length)
    this.#maxima = resized(Float64Array, this.#maxima, length)
    this.#heads = resized(Int32Array, this.#heads, length)
  }

  #resizeBlocks(length: number): void {
    this.#octaves = resized(Int8Array, this.#octaves, length)
    this.#next = resized(Int32Array, this.#next, length)
    this.#buckets = resized(Uint16Array, this.#buckets, length * BUCKETS_PER_OCTAVE)
  }
}

function resized<T extends Uint32Array | Uint16Array | Float64Array | Int32Array | Int8Array>(
  type: new (length: number) => T,
  from: T,
  length: number,
): T {
  const to = new type(length)
  to.set(from.length > length ? from.subarray(0, length) : from)
  return to
}

export const EMPTY_HISTOGRAM: DurationHistogram = {
  count: 0,
  sumMs: 0,
  maxMs: 0,
  zeroCount: 0,
  offset: 0,
  counts: [],
}

/** Of one duration. */
export function histogramOf(ms: number): DurationHistogram {
  if (!(ms > 0)) return { ...EMPTY_HISTOGRAM, count: 1, zeroCount: 1 }
  return { count: 1, sumMs: ms, maxMs: ms, zeroCount: 0, offset: bucketOf(ms), counts: [1] }
}

export function mergeHistograms(a: DurationHistogram, b: DurationHistogram): DurationHistogram {
  if (a.count === 0) return b
  if (b.count === 0) return a
  const counts = new Map<number, number>()
  for (const histogram of [a, b])
    histogram.counts.forEach((count, at) => {
      if (count > 0) counts.set(histogram.offset + at, (counts.get(histogram.offset + at) ?? 0) + count)
    })
  return {
    count: a.count + b.count,
    sumMs: a.sumMs + b.sumMs,
    maxMs: Math.max(a.maxMs, b.maxMs),
    zeroCount: a.zeroCount + b.zeroCount,
    ...dense([...counts].sort(([left], [right]) => left - right)),
  }
}

/** The duration that `share` (0 to 1) of the values do not exceed: the middle of its bucket, at most the maximum. 0 of none. */
export function percentileMs(histogram: DurationHistogram, share: number): number {
  const rank = Math.max(1, Math.ceil(share * histogram.count))
  if (histogram.count === 0 || rank <= histogram.zeroCount) return 0
  let seen = histogram.zeroCount
  for (let at = 0; at < histogram.counts.length; at++) {
    seen += histogram.counts[at]!
    if (seen >= rank)
      return Math.min(histogram.maxMs, 2 ** ((histogram.offset + at + 0.5) / BUCKETS_PER_OCTAVE))
  }
  return histogram.maxMs
}

/** `sparse` is sorted by bucket. */
function dense(sparse: readonly (readonly [bucket: number, count: number])[]): {
  offset: number
  counts: readonly number[]
} {
  if (sparse.length === 0) return { offset: 0, counts: [] }
  const offset = sparse[0]![0]
  const counts = new Array<number>(sparse.at(-1)![0] - offset + 1).fill(0)
  for (const [bucket, count] of sparse) counts[bucket - offset]! += count
  return { offset, counts }
}
