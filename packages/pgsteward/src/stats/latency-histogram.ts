// Latencies as HDR histograms (Gil Tene's; library hdr-histogram-js): whole microseconds to three digits, exact counts, and adding
// them loses nothing, so percentiles survive merging. Encoded as V2 compressed base64, which every port of HdrHistogram reads.

import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from 'hdr-histogram-js'

export type LatencyHistogram = Histogram

/** An hour; what took longer counts as that. */
const HIGHEST_US = 3_600_000_000

export function latencyHistogram(): LatencyHistogram {
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST_US,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 32,
    useWebAssembly: false,
  })
}

/** Negative and fractional microseconds do not exist: a clock that stepped back counts as nothing. */
export function recordMs(histogram: LatencyHistogram, ms: number): void {
  const us = Math.round(ms * 1000)
  histogram.recordValue(Math.min(Math.max(us, 0), HIGHEST_US))
}

/** `ratio` 0.95 for p95; null of nothing. */
export function percentileMs(histogram: LatencyHistogram, ratio: number): number | null {
  return histogram.totalCount === 0 ? null : histogram.getValueAtPercentile(ratio * 100) / 1000
}

export function mergeLatencies(histograms: readonly LatencyHistogram[]): LatencyHistogram {
  const sum = latencyHistogram()
  for (const each of histograms) sum.add(each)
  return sum
}

export function encodeLatencies(histogram: LatencyHistogram): string {
  return encodeIntoCompressedBase64(histogram)
}

/** Throws on a text that is no histogram. */
export function decodeLatencies(text: string): LatencyHistogram {
  return decodeFromCompressedBase64(text, 32, false)
}
