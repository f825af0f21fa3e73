// Exponential buckets of milliseconds as counts below given bounds, which is what Prometheus' histograms have.

import { type BucketCounts, upperBoundOf } from './duration-histogram.ts'

/** One count a bound and one for what lies above. A bucket goes whole to where its middle lies: a value is off by 4.5 % at most. */
export function explicitCounts(
  { offset, counts }: BucketCounts,
  boundsMs: readonly number[],
): readonly number[] {
  const explicit = new Array<number>(boundsMs.length + 1).fill(0)
  for (const [index, count] of counts.entries()) {
    if (count <= 0) continue
    const middleMs = Math.sqrt(upperBoundOf(offset + index - 1) * upperBoundOf(offset + index))
    const at = boundsMs.findIndex((bound) => middleMs <= bound)
    explicit[at === -1 ? boundsMs.length : at]! += count
  }
  return explicit
}
