import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type BucketCounts,
  bucketOf,
  countDurations,
  fromExplicit,
  fromExponential,
  mergeCounts,
  percentileOf,
  totalOf,
  upperBoundOf,
} from './duration-histogram.ts'

const duration = fc.double({ min: 0.001, max: 1e8, noNaN: true })
const durations = fc.array(duration, { minLength: 1, maxLength: 200 })
const ratio = fc.double({ min: 0.01, max: 1, noNaN: true })

/** The smallest that `ratio` of them do not exceed. */
const exact = (values: readonly number[], at: number) =>
  [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(at * values.length - 1e-9) - 1)]!

const exponential = (values: readonly number[], scale: number) => {
  const counts = new Map<number, number>()
  for (const value of values) {
    const index = Math.ceil(Math.log2(value) * 2 ** scale) - 1
    counts.set(index, (counts.get(index) ?? 0) + 1)
  }
  const offset = Math.min(...counts.keys())
  return {
    scale,
    zeroCount: 0,
    offset,
    counts: [...Array(Math.max(...counts.keys()) - offset + 1).keys()].map(
      (index) => counts.get(offset + index) ?? 0,
    ),
  }
}

test('a duration lies within its bucket, its bound included', () => {
  for (const bucket of [-60, -8, -1, 0, 7, 8, 80, 200]) expect(bucketOf(upperBoundOf(bucket))).toBe(bucket)
  fc.assert(
    fc.property(duration, (ms) => {
      const bucket = bucketOf(ms)
      return ms <= upperBoundOf(bucket) * (1 + 1e-9) && ms > upperBoundOf(bucket - 1) * (1 - 1e-9)
    }),
  )
})

test.each([0, -5, Number.NaN, 1e-9])('%s counts as a microsecond', (ms) => {
  expect(countDurations([ms])).toEqual({ offset: -80, counts: [1] })
})

test('a percentile is within one bucket of the exact one', () => {
  fc.assert(
    fc.property(durations, ratio, (values, at) => {
      const told = percentileOf(countDurations(values), at)!
      const is = exact(values, at)
      return told <= is * 2 ** (1 / 8) * 1.000001 && told >= (is / 2 ** (1 / 8)) * 0.999999
    }),
  )
})

test('of nothing there is no percentile', () => {
  expect(percentileOf({ offset: 0, counts: [] }, 0.5)).toBeNull()
  expect(percentileOf({ offset: 3, counts: [0, 0] }, 0.5)).toBeNull()
  expect(mergeCounts(null, null)).toBeNull()
})

test('merging is counting together, in any order', () => {
  fc.assert(
    fc.property(durations, durations, (a, b) => {
      const together = countDurations([...a, ...b])
      expect(mergeCounts(countDurations(a), countDurations(b))).toEqual(together)
      expect(mergeCounts(countDurations(b), null, countDurations(a))).toEqual(together)
    }),
  )
})

test('exponential buckets of any scale and unit lose nobody and put nobody further than their own width', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.00001, max: 10_000, noNaN: true }), { minLength: 1, maxLength: 100 }),
      fc.integer({ min: -2, max: 10 }),
      ratio,
      (seconds, scale, at) => {
        const counts = fromExponential(exponential(seconds, scale), 1000)
        expect(totalOf(counts)).toBe(seconds.length)
        const is = exact(seconds, at) * 1000
        const told = percentileOf(counts, at)!
        // their own bucket, one of ours, and where they are spread half a one by rounding
        const slack = 2 ** (2 ** -scale) * 2 ** (2 / 8)
        return told <= is * slack && told >= is / slack
      },
    ),
  )
})

test('our own histograms come back as they were sent, seconds on the wire', () => {
  const sent = countDurations([0.4, 1, 12, 12.1, 480, 2100])
  const wire = { scale: 3, zeroCount: 0, offset: sent.offset - 80, counts: sent.counts }
  expect(fromExponential(wire, 1000)).toEqual(sent)
})

test('explicit buckets lose nobody and keep everybody within their bounds', () => {
  const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5, 10]
  fc.assert(
    fc.property(
      fc.array(fc.nat(1000), { minLength: bounds.length + 1, maxLength: bounds.length + 1 }),
      (counts) => {
        fc.pre(counts.some((each) => each > 0))
        const ours = fromExplicit({ bounds, counts, max: null }, 1000)
        expect(totalOf(ours)).toBe(counts.reduce((sum, each) => sum + each, 0))
        for (const [index, bound] of bounds.entries()) {
          const below = counts.slice(0, index + 1).reduce((sum, each) => sum + each, 0)
          expect(countUpTo(ours, bucketOf(bound * 1000))).toBeGreaterThanOrEqual(below)
        }
      },
    ),
  )
})

function countUpTo({ offset, counts }: BucketCounts, bucket: number): number {
  return counts.slice(0, bucket - offset + 1).reduce((sum, each) => sum + each, 0)
}

test('within an explicit bucket durations lie evenly, and the last one ends at the maximum', () => {
  const even = fromExplicit({ bounds: [0.1, 0.2], counts: [0, 1000, 0], max: null }, 1000)
  expect(percentileOf(even, 0.5)).toBeGreaterThan(145)
  expect(percentileOf(even, 0.5)).toBeLessThan(155)
  const beyond = fromExplicit({ bounds: [1], counts: [0, 10], max: 4 }, 1000)
  expect(percentileOf(beyond, 1)).toBeGreaterThan(3_600)
  expect(percentileOf(beyond, 1)).toBeLessThan(4_400)
})
