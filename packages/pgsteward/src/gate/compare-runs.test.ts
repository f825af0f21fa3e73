import { expect, test } from 'vitest'
import { experiment } from '../../test/gate/runs.ts'
import { compareRuns } from './compare-runs.ts'

const even = [1, 1.01, 0.99, 1.005, 0.995]
test.each([
  [1.3, 'critical', 'fail'],
  [1.2, 'high', 'fail'],
  [1.12, 'medium', 'warn'],
  [1.07, 'low', 'pass'],
  [1, 'none', 'pass'],
  [0.8, 'improvement', 'pass'],
] as const)(
  'five interleaved repetitions of %d times the latency are %s: %s (V5)',
  (factor, band, verdict) => {
    const { base, head } = experiment('interleaved', {
      base: even,
      head: even.map((each, index) => each * factor * (index % 2 === 0 ? 1.004 : 0.997)),
    })
    const comparison = compareRuns(base, head)
    expect(comparison).toMatchObject({ verdict, design: 'interleaved', comparisons: 3, inconclusive: 0 })
    expect(comparison.series.map((each) => each.band)).toEqual([band, band, band])
  },
)
