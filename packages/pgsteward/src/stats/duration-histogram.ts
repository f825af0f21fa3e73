// Durations as counts in buckets: base 2, eight to a doubling (OpenTelemetry's scale 3), of milliseconds. Bucket i holds
// (2^(i/8), 2^((i+1)/8)], so a percentile read from it is off by at most 4.5 % where single durations were counted.

/** `counts[k]` belongs to bucket `offset + k`. */
export interface BucketCounts {
  readonly offset: number
  readonly counts: readonly number[]
}

const PER_DOUBLING = 8

/** A microsecond; what is shorter, and zero, counts here. */
export const LOWEST_BUCKET = -80
/** Three days; what is longer counts here. */
export const HIGHEST_BUCKET = 223

const WIDTH = HIGHEST_BUCKET - LOWEST_BUCKET + 1

export const EMPTY: BucketCounts = { offset: 0, counts: [] }

export function bucketOf(ms: number): number {
  if (!(ms > 0)) return LOWEST_BUCKET
  return clamped(Math.ceil(Math.log2(ms) * PER_DOUBLING - ROUNDING) - 1)
}

/** log2 of a bucket's own bound may come out a hair above it. */
const ROUNDING = 1e-9

/** Upper bound of a bucket, included in it. */
export function upperBoundOf(bucket: number): number {
  return 2 ** ((bucket + 1) / PER_DOUBLING)
}

/** Sums many histograms without making one for each step; 2.4 kB. */
export class DurationSums {
  readonly #counts = new Float64Array(WIDTH)
  #lowest = WIDTH
  #highest = -1

  addDuration(ms: number, count = 1): void {
    this.#add(bucketOf(ms), count)
  }

  add({ offset, counts }: BucketCounts): void {
    for (const [index, count] of counts.entries()) this.addToBucket(offset + index, count)
  }

  addToBucket(bucket: number, count: number): void {
    if (count > 0) this.#add(clamped(bucket), count)
  }

  /** Null when nothing was added. */
  counts(): BucketCounts | null {
    if (this.#highest < 0) return null
    return {
      offset: LOWEST_BUCKET + this.#lowest,
      counts: [...this.#counts.subarray(this.#lowest, this.#highest + 1)],
    }
  }

  #add(bucket: number, count: number): void {
    const index = bucket - LOWEST_BUCKET
    this.#counts[index]! += count
    if (index < this.#lowest) this.#lowest = index
    if (index > this.#highest) this.#highest = index
  }
}

export function countDurations(durationsMs: readonly number[]): BucketCounts {
  const sums = new DurationSums()
  for (const ms of durationsMs) sums.addDuration(ms)
  return sums.counts() ?? EMPTY
}

export function mergeCounts(...all: readonly (BucketCounts | null)[]): BucketCounts | null {
  const sums = new DurationSums()
  for (const each of all) if (each !== null) sums.add(each)
  return sums.counts()
}

export function totalOf({ counts }: BucketCounts): number {
  return counts.reduce((total, count) => total + count, 0)
}

/** `ratio` 0.95: the duration that 95 of 100 did not exceed, placed within its bucket; null when nothing was counted. */
export function percentileOf({ offset, counts }: BucketCounts, ratio: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total <= 0) return null
  const rank = Math.min(Math.max(ratio, 0), 1) * total
  let below = 0
  let last = offset
  for (const [index, count] of counts.entries()) {
    if (count <= 0) continue
    last = offset + index
    if (below + count >= rank) return 2 ** ((last + Math.max(0, (rank - below) / count)) / PER_DOUBLING)
    below += count
  }
  return upperBoundOf(last)
}

export interface ExponentialBuckets {
  /** Any scale; base = 2^(2^-scale). */
  readonly scale: number
  readonly zeroCount: number
  readonly offset: number
  readonly counts: readonly number[]
}

/**
 * `unitMs`: milliseconds a unit, 1000 for seconds. A source bucket no wider than ours goes whole to where its middle lies, so that a
 * value is at most one bucket (9 %) from its own; a wider one is spread evenly over the logarithm.
 */
export function fromExponential(source: ExponentialBuckets, unitMs: number): BucketCounts {
  const sums = new DurationSums()
  if (source.zeroCount > 0) sums.addDuration(0, source.zeroCount)
  const width = PER_DOUBLING * 2 ** -source.scale
  const shift = Math.log2(unitMs) * PER_DOUBLING
  for (const [index, count] of source.counts.entries()) {
    if (count <= 0) continue
    const from = (source.offset + index) * width + shift
    const to = from + width
    if (width <= 1) sums.add({ offset: clamped(Math.floor((from + to) / 2)), counts: [count] })
    else spread(sums, count, Math.max(from, LOWEST_BUCKET), Math.min(to, HIGHEST_BUCKET + 1), (at) => at)
  }
  return sums.counts() ?? EMPTY
}

export interface ExplicitBuckets {
  /** Upper bounds, growing; one fewer than `counts`. */
  readonly bounds: readonly number[]
  readonly counts: readonly number[]
  readonly max: number | null
}

/** Percentiles from these are approximate: within a bucket durations are taken to lie evenly. */
export function fromExplicit({ bounds, counts, max }: ExplicitBuckets, unitMs: number): BucketCounts {
  const sums = new DurationSums()
  for (const [index, count] of counts.entries()) {
    if (count <= 0) continue
    const fromMs = Math.max(0, (bounds[index - 1] ?? 0) * unitMs)
    const above = bounds[index] ?? (max !== null ? Math.max(max, bounds.at(-1) ?? 0) : bounds.at(-1)) ?? 0
    const toMs = (max === null ? above : Math.min(above, Math.max(max, bounds[index - 1] ?? 0))) * unitMs
    if (toMs <= fromMs) sums.addDuration(fromMs, count)
    else
      spread(sums, count, bucketOf(fromMs), bucketOf(toMs) + 1, (at) =>
        Math.min(Math.max(2 ** (at / PER_DOUBLING), fromMs), toMs),
      )
  }
  return sums.counts() ?? EMPTY
}

/** Over the buckets from..to in proportion to what `measure` says lies between two positions; whole numbers that add up to `count`. */
function spread(
  sums: DurationSums,
  count: number,
  from: number,
  to: number,
  measure: (position: number) => number,
): void {
  const [begin, end] = [measure(from), measure(to)]
  if (!(end > begin)) {
    sums.add({ offset: clamped(Math.floor(from)), counts: [count] })
    return
  }
  let given = 0
  for (let bucket = Math.floor(from); bucket < to; bucket++) {
    const share = (measure(Math.min(bucket + 1, to)) - begin) / (end - begin)
    const due = bucket + 1 >= to ? count : Math.round(count * share)
    if (due > given) sums.add({ offset: clamped(bucket), counts: [due - given] })
    given = Math.max(given, due)
  }
}

function clamped(bucket: number): number {
  return Math.min(Math.max(bucket, LOWEST_BUCKET), HIGHEST_BUCKET)
}
