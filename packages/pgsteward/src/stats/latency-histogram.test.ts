import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  decodeLatencies,
  encodeLatencies,
  latencyHistogram,
  mergeLatencies,
  percentileMs,
  recordMs,
} from './latency-histogram.ts'

const latencies = fc.array(fc.double({ min: 0.001, max: 60_000, noNaN: true }), {
  minLength: 1,
  maxLength: 300,
})
const of = (values: readonly number[]) => {
  const histogram = latencyHistogram()
  for (const value of values) recordMs(histogram, value)
  return histogram
}

test('a percentile is within a thousandth of the exact one', () => {
  fc.assert(
    fc.property(latencies, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, ratio) => {
      const exact = [...values].sort((a, b) => a - b)[
        Math.max(0, Math.ceil(ratio * values.length - 1e-9) - 1)
      ]!
      expect(Math.abs(percentileMs(of(values), ratio)! - exact)).toBeLessThanOrEqual(exact * 0.001 + 0.001)
    }),
  )
})

test('percentiles survive merging and the way through a file', () => {
  fc.assert(
    fc.property(latencies, latencies, (a, b) => {
      const merged = decodeLatencies(encodeLatencies(mergeLatencies([of(a), of(b)])))
      const together = of([...a, ...b])
      for (const ratio of [0.5, 0.95, 0.99])
        expect(percentileMs(merged, ratio)).toBe(percentileMs(together, ratio))
      expect(merged.totalCount).toBe(a.length + b.length)
    }),
  )
})

test('of nothing there is no percentile; hours and clocks that stepped back are counted', () => {
  expect(percentileMs(latencyHistogram(), 0.5)).toBeNull()
  const odd = of([-3, 1e9])
  expect(odd.totalCount).toBe(2)
  expect(percentileMs(odd, 1)).toBeGreaterThan(3_590_000)
})
