import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bucketOf,
  EMPTY_HISTOGRAM,
  HistogramSlab,
  histogramOf,
  mergeHistograms,
  percentileMs,
} from './histogram.ts'

const durations = fc.array(
  fc.oneof(fc.double({ min: 0, max: 100_000, noNaN: true }), fc.constantFrom(0, 1, 2, 0.5)),
  {
    minLength: 1,
    maxLength: 300,
  },
)

function recorded(values: readonly number[]) {
  const slab = new HistogramSlab(10)
  const id = slab.create()
  for (const value of values) slab.record(id, value)
  return slab.read(id)
}

describe('histograms', () => {
  it('put a value into the bucket (2^(i/8), 2^((i+1)/8)]', () => {
    for (const [ms, bucket] of [
      [1, -1],
      [1.0001, 0],
      [2, 7],
      [2.001, 8],
      [1000, 79],
      [0.5, -9],
    ] as const)
      expect(bucketOf(ms)).toBe(bucket)
  })

  it('keep count, sum, maximum and every value within 4.5 %', () => {
    fc.assert(
      fc.property(durations, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, share) => {
        const histogram = recorded(values)
        expect(histogram.count).toBe(values.length)
        expect(histogram.zeroCount + histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(
          values.length,
        )
        expect(histogram.maxMs).toBe(Math.max(...values))
        expect(histogram.sumMs).toBeCloseTo(
          values.reduce((sum, value) => sum + value, 0),
          3,
        )
        const exact = [...values].sort((a, b) => a - b)[Math.ceil(share * values.length) - 1]!
        const told = percentileMs(histogram, share)
        if (exact === 0) expect(told).toBe(0)
        else if (exact > 0.001) expect(Math.abs(told / exact - 1)).toBeLessThan(0.045)
      }),
    )
  })

  it('merge to what one would hold that saw all', () => {
    fc.assert(
      fc.property(durations, durations, (left, right) => {
        const merged = mergeHistograms(recorded(left), recorded(right))
        expect({ ...merged, sumMs: 0 }).toEqual({ ...recorded([...left, ...right]), sumMs: 0 })
      }),
    )
    expect(mergeHistograms(EMPTY_HISTOGRAM, histogramOf(3))).toEqual(histogramOf(3))
    expect(recorded([3])).toEqual(histogramOf(3))
  })

  it('count beyond 16 bits', () => {
    const slab = new HistogramSlab(1)
    const id = slab.create()
    for (let n = 0; n < 200_000; n++) slab.record(id, n % 4 === 0 ? 1.5 : 1.1)
    const { count, counts } = slab.read(id)
    expect(count).toBe(200_000)
    expect(counts.filter((bucket) => bucket > 0)).toEqual([150_000, 50_000])
  })

  it('are apart from each other, bounded, and gone after a reset', () => {
    const slab = new HistogramSlab(200)
    const ids = Array.from({ length: 200 }, () => slab.create())
    expect(slab.create()).toBe(-1)
    for (const id of ids) for (let n = 0; n <= id % 7; n++) slab.record(id, 2 ** (id % 20))
    for (const id of ids) expect(slab.read(id)).toMatchObject({ count: (id % 7) + 1, maxMs: 2 ** (id % 20) })
    slab.reset()
    expect(slab.read(slab.create())).toEqual(EMPTY_HISTOGRAM)
  })

  it('take what is no duration as none', () => {
    expect(recorded([Number.NaN, -1])).toMatchObject({ count: 2, zeroCount: 2, sumMs: 0, counts: [] })
    expect(recorded([Number.POSITIVE_INFINITY]).count).toBe(1)
  })
})
