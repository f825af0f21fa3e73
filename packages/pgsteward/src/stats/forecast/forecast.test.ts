import { describe, expect, test } from 'vitest'
import { lineThrough, noiseOf, SHAPES, type Shape, shapedSeries } from '../../../test/forecast/shapes.ts'
import { forecast } from './forecast.ts'

const DAY = 86_400_000
const T0 = Date.UTC(2026, 0, 1)

/** The error may be at most so many times a straight line's, and so much of the truth has to lie within 90 %. */
const LIMITS: readonly (readonly [name: keyof typeof SHAPES, ofLine: number, held: number])[] = [
  ['a level', 1.15, 0.88],
  ['a line', 1.15, 0.88],
  ['growth in proportion', 0.2, 0.88],
  ['growth that wears off', 0.2, 0.88],
  ['a step', 0.2, 0.88],
  ['weeks on a line', 0.3, 0.88],
  ['wild days', 0.9, 0.88],
  // the errors of a few dozen days follow one another, so that the past tells less than it seems: bench/results/forecast.md
  ['a random walk', 0.9, 0.65],
]
const SEEDS = [1, 2, 3, 4, 5]
const KNOWN = 120
const AHEAD = 60

const seriesOf = (shape: Shape, seed: number, count = KNOWN + AHEAD) => shapedSeries(shape, seed, count)

describe('60 days ahead of 120 (C1)', () => {
  test.each(LIMITS)('%s: beside a straight line, and within its interval', (name, ofLine, leastHeld) => {
    const shape = SHAPES[name]
    let [error, lineError, held] = [0, 0, 0]
    for (const seed of SEEDS) {
      const all = seriesOf(shape, seed)
      const { points } = forecast(all.slice(0, KNOWN), { horizonMs: AHEAD * DAY, confidence: 0.9 })!
      const line = lineThrough(all.slice(0, KNOWN).map(({ value }) => value))
      for (const [at, { atMs, value, lower, upper }] of points.entries()) {
        const truth = all[KNOWN + at]!
        expect(atMs).toBe(truth.atMs)
        error += Math.abs(value - truth.value)
        lineError += Math.abs(line(KNOWN + at) - truth.value)
        if (truth.value >= lower && truth.value <= upper) held += 1
      }
      expect(points).toHaveLength(AHEAD)
    }
    expect(error / lineError).toBeLessThan(ofLine)
    expect(held / (SEEDS.length * AHEAD)).toBeGreaterThan(leastHeld)
  })
})

test('the season of hours within days is found, and the error is told beside that of a straight line', () => {
  const noise = noiseOf(9)
  const hours = Array.from({ length: 14 * 24 }, (_, hour) => ({
    atMs: T0 + (hour * DAY) / 24,
    value: 100 + 50 * Math.sin((2 * Math.PI * hour) / 24) + 3 * noise(),
  }))
  const { models, backTest } = forecast(hours, { horizonMs: 2 * DAY, confidence: 0.9 })!
  expect(models[0]!.season).toBe(24)
  expect(backTest!.error).toBeLessThan(backTest!.straightLineError / 5)
  expect(backTest!.coverage).toBeGreaterThan(0.85)
})

test('an interval never narrows, and grows beyond what could be tried', () => {
  const { points, backTest } = forecast(seriesOf(SHAPES['a line'], 7, 60), {
    horizonMs: 90 * DAY,
    confidence: 0.9,
  })!
  const widths = points.map(({ lower, upper }) => upper - lower)
  expect(widths.every((width, at) => at === 0 || width >= widths[at - 1]! - 1e-9)).toBe(true)
  const tried = backTest!.aheadMs / DAY
  expect(tried).toBeLessThan(90)
  expect(widths.at(-1)! / widths[tried - 1]!).toBeGreaterThan(1.5)
})

test('more confidence is a wider interval', () => {
  const all = seriesOf(SHAPES['a level'], 3)
  const widthAt = (confidence: number) => {
    const { points } = forecast(all, { horizonMs: 10 * DAY, confidence })!
    return points[5]!.upper - points[5]!.lower
  }
  expect(widthAt(0.5)).toBeLessThan(widthAt(0.9))
})

test('a size is never forecast below zero', () => {
  const falling = seriesOf((day) => Math.max(0, 100 - day), 1, 90)
  const { points } = forecast(falling, { horizonMs: 60 * DAY, confidence: 0.9 })!
  expect(Math.min(...points.map(({ lower }) => lower))).toBe(0)
})

test('what is too short to be tried stays as it is, and says so', () => {
  const few = seriesOf((day) => 10 + day, 1, 4)
  const made = forecast(few, { horizonMs: 5 * DAY, confidence: 0.9 })!
  expect(made).toMatchObject({ models: [], backTest: null })
  expect(made.points.every(({ lower, value, upper }) => lower < value && value < upper)).toBe(true)
  expect(forecast(few.slice(0, 1), { horizonMs: DAY, confidence: 0.9 })).toBeNull()
})

test('order does not matter, gaps are bridged and counted, one wild value moves nothing far', () => {
  const all = seriesOf(SHAPES['a line'], 2, 100)
  const { points } = forecast(all, { horizonMs: 10 * DAY, confidence: 0.9 })!
  const gappy = all.filter((_, day) => day % 10 !== 3).toReversed()
  const bridged = forecast(gappy, { horizonMs: 10 * DAY, confidence: 0.9 })!
  expect(bridged.series.gapRatio).toBeCloseTo(0.1, 5)
  expect(bridged.points[9]!.value / points[9]!.value).toBeCloseTo(1, 1)
  const wild = all.map((each, day) => (day === 95 ? { ...each, value: 1e6 } : each))
  expect(
    forecast(wild, { horizonMs: 10 * DAY, confidence: 0.9 })!.points[9]!.value / points[9]!.value,
  ).toBeCloseTo(1, 1)
})
