import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { attributesOf, histogramOf, WIRE_SCALE, wireBucketOf } from './otlp-values.ts'

describe('histograms on the wire', () => {
  test("the middle of the wire's bucket is within 0.3 % of the middle of the recorder's", () => {
    for (let bucket = -200; bucket <= 300; bucket++) {
      const middleMs = 2 ** ((bucket + 0.5) / 8)
      const middleSeconds = 2 ** ((wireBucketOf(bucket) + 0.5) / 2 ** WIRE_SCALE)
      expect(Math.abs((middleSeconds * 1000) / middleMs - 1)).toBeLessThan(0.003)
    }
  })

  test("who re-buckets by middles gets the recorder's buckets back", () => {
    for (let bucket = -200; bucket <= 300; bucket++) {
      const middleMs = 2 ** ((wireBucketOf(bucket) + 0.5) / 2 ** WIRE_SCALE) * 1000
      expect(Math.ceil(Math.log2(middleMs) * 8) - 1).toBe(bucket)
    }
  })

  test('keeps every count, where it was', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -100, max: 150 }),
        fc.array(fc.nat(1e6), { maxLength: 60 }),
        (offset, counts) => {
          const count = counts.reduce((a, b) => a + b, 0)
          const { positive, ...rest } = histogramOf({
            count,
            sumMs: 1,
            maxMs: 1,
            zeroCount: 0,
            offset,
            counts,
          })
          expect(rest.count).toBe(String(count))
          for (const [k, expected] of counts.entries())
            expect(positive.bucketCounts[wireBucketOf(offset + k) - positive.offset]).toBe(String(expected))
          expect(positive.bucketCounts.reduce((sum, n) => sum + Number(n), 0)).toBe(count)
        },
      ),
    )
  })
})

test('attributes: integers as decimal strings, doubles where the type must not change, the rest left out', () => {
  expect(
    attributesOf(
      { text: '', whole: 5, fraction: 0.5, yes: true, none: null, missing: undefined, nan: Number.NaN, s: 2 },
      new Set(['s']),
    ),
  ).toEqual([
    { key: 'text', value: { stringValue: '' } },
    { key: 'whole', value: { intValue: '5' } },
    { key: 'fraction', value: { doubleValue: 0.5 } },
    { key: 'yes', value: { boolValue: true } },
    { key: 's', value: { doubleValue: 2 } },
  ])
})
