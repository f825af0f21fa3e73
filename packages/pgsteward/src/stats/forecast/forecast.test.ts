import { describe, expect, test } from 'vitest'
import { forecast } from './forecast.ts'

const DAY = 86_400_000
const T0 = Date.UTC(2026, 0, 1)

/** Numbers of a normal distribution, the same each time (a linear congruential generator, and Box and Muller). */
function noiseOf(seed: number): () => number {
  let state = seed
  const next = () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return (state + 1) / 4_294_967_297
  }
  return () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next())
}

type Shape = (day: number, noise: () => number) => number
const SHAPES: readonly (readonly [name: string, shape: Shape, ofLine: number])[] = [
  ['a level', (_, noise) => 100 + 5 * noise(), 1.15],
  ['a line', (day, noise) => 100 + 2 * day + 5 * noise(), 1.15],
  ['growth in proportion', (day, noise) => 100 * Math.exp(day / 60) * (1 + 0.03 * noise()), 0.2],
  ['growth that wears off', (day, noise) => 1_000 * (1 - Math.exp(-day / 40)) + 8 * noise(), 0.2],
  ['a step', (day, noise) => (day < 70 ? 100 : 180) + 5 * noise(), 0.2],
  ['weeks on a line', (day, noise) => 200 + day + (day % 7 >= 5 ? -60 : 60) + 8 * noise(), 0.3],
  ['wild days', (_, noise) => 100 + 5 * noise() + (noise() > 1.7 ? 400 : 0), 0.9],
]
const SEEDS = [1, 2, 3, 4, 5]
const KNOWN = 120
const AHEAD = 60

const seriesOf = (shape: Shape, seed: number, count = KNOWN + AHEAD) => {
  const noise = noiseOf(seed)
  return Array.from({ length: count }, (_, day) => ({ atMs: T0 + day * DAY, value: shape(day, noise) }))
}

/** By least squares over what is known. */
function lineThrough(values: readonly number[]): (at: number) => number {
  const centre = (values.length - 1) / 2
  const level = values.reduce((sum, value) => sum + value, 0) / values.length
  const product = values.reduce((sum, value, at) => sum + (at - centre) * (value - level), 0)
  const square = values.reduce((sum, _, at) => sum + (at - centre) ** 2, 0)
  return (at) => level + (product / square) * (at - centre)
}

describe('60 days ahead of 120 (C1)', () => {
  test.each(SHAPES)('%s: beside a straight line, and within its interval', (_, shape, ofLine) => {
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
    expect(held / (SEEDS.length * AHEAD)).toBeGreaterThan(0.88)
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
  const { points, backTest } = forecast(seriesOf(SHAPES[1]![1], 7, 60), {
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
  const all = seriesOf(SHAPES[0]![1], 3)
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
  const all = seriesOf(SHAPES[1]![1], 2, 100)
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
