import { describe, expect, it } from 'vitest'
import { tickSteps, timeTicks, valueBounds, valueTick } from './axis.ts'

describe('valueBounds', () => {
  it.each<[number | null, number | null, string, [number, number]]>([
    [null, null, 'count', [0, 1]],
    [0, 0, 'perSecond', [0, 1]],
    [50, 100, 'bytes', [0, 110.00000000000001]],
    [0.97, 0.999, 'ratio', [0.9, 1]],
    [0.42, 0.999, 'ratio', [0.4, 1]],
    [0.02, 1.4, 'ratio', [0, 1.4]],
    [0, 0.25, 'ratio', [0, 0.275]],
    [0, 0, 'ratio', [0, 0.01]],
  ])('from %s to %s in %s', (least, greatest, unit, bounds) => {
    expect(valueBounds(least, greatest, unit)).toEqual(bounds)
  })
})

it('writes clocks, seconds only where ticks are that close, and the day at midnight', () => {
  const noon = new Date(2026, 10, 22, 12, 5, 30).getTime() / 1000
  const midnight = new Date(2026, 10, 22).getTime() / 1000
  expect(timeTicks([noon], 300)).toEqual(['12:05'])
  expect(timeTicks([noon], 10)).toEqual(['12:05:30'])
  expect(timeTicks([midnight, noon], 21_600)).toEqual(['22 Nov', '12:05'])
  expect(timeTicks([noon], 86_400)).toEqual(['22 Nov'])
})

it('gives ticks their unit, and bytes round powers of two', () => {
  expect(valueTick(16 * 1024 ** 2, 'bytes')).toBe('16\u00a0MB')
  expect(valueTick(0.95, 'ratio')).toBe('95\u00a0%')
  expect(valueTick(1500, 'perSecond')).toBe('1.5\u00a0k')
  expect(tickSteps('bytes')).toContain(1024 ** 2)
})
