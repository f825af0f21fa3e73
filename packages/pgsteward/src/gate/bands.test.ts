import { expect, test } from 'vitest'
import { bandOf, leastChangeMs, verdictOf } from './bands.ts'

test.each([
  [3, 'critical', 'fail'],
  [1.2501, 'critical', 'fail'],
  [1.25, 'high', 'fail'],
  [1.1501, 'high', 'fail'],
  [1.15, 'medium', 'warn'],
  [1.1001, 'medium', 'warn'],
  [1.1, 'low', 'pass'],
  [1.0501, 'low', 'pass'],
  [1.05, 'none', 'pass'],
  [1, 'none', 'pass'],
  [0.95, 'none', 'pass'],
  [0.9499, 'improvement', 'pass'],
] as const)('V5: a ratio of %d is %s and means %s', (ratio, band, verdict) => {
  expect(bandOf(ratio)).toBe(band)
  expect(verdictOf(band)).toBe(verdict)
})

test.each([
  [200, 1],
  [10, 1],
  [5, 0.5],
  [0.2, 0.02],
])('of %d ms a change has to be more than %d ms', (baseMs, leastMs) => {
  expect(leastChangeMs(baseMs)).toBeCloseTo(leastMs, 10)
})
