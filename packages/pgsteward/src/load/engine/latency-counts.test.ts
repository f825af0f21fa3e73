import fc from 'fast-check'
import { expect, test } from 'vitest'
import { latencyHistogram, percentileMs, recordMs } from '../../stats/latency-histogram.ts'
import { LatencyCounts } from './latency-counts.ts'

const latencies = fc.array(fc.double({ min: 0, max: 3_700_000, noNaN: true }), {
  minLength: 1,
  maxLength: 300,
})
const RATIOS = [0.5, 0.9, 0.95, 0.99, 1]

test('counts into the buckets of the histogram that runs keep', () => {
  fc.assert(
    fc.property(latencies, (values) => {
      const counts = new LatencyCounts()
      const expected = latencyHistogram()
      for (const ms of values) {
        counts.countMs(ms)
        recordMs(expected, ms)
      }
      const histogram = latencyHistogram()
      counts.addTo(histogram)
      for (const ratio of RATIOS) expect(percentileMs(histogram, ratio)).toBe(percentileMs(expected, ratio))
      expect(histogram.totalCount).toBe(values.length)
    }),
  )
})

test('percentiles of threads merged are those of all values together, never an average', () => {
  fc.assert(
    fc.property(latencies, latencies, (one, other) => {
      const threads = [one, other].map((values) => {
        const counts = new LatencyCounts()
        for (const ms of values) counts.countMs(ms)
        return counts.drain()
      })
      const merged = new LatencyCounts()
      for (const pairs of threads) merged.add(pairs)
      const whole = new LatencyCounts()
      for (const ms of [...one, ...other]) whole.countMs(ms)
      for (const ratio of RATIOS) expect(merged.percentileMs(ratio)).toBe(whole.percentileMs(ratio))
      expect(merged.total).toBe(one.length + other.length)
    }),
  )
})

test('drained it is empty and counts anew', () => {
  const counts = new LatencyCounts()
  counts.countMs(5)
  expect([...counts.drain()]).toHaveLength(2)
  expect(counts.percentileMs(0.5)).toBeNull()
  counts.countMs(0.25)
  expect([...counts.drain()]).toEqual([250, 1])
})

test('a clock that stepped back counts as nothing, what takes longer than an hour as an hour', () => {
  const counts = new LatencyCounts()
  counts.countMs(-3)
  expect(counts.percentileMs(1)).toBe(0)
  counts.countMs(1e9)
  expect(counts.percentileMs(1)).toBeGreaterThanOrEqual(3_599_000)
})
