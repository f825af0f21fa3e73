// Series made up to forecast: shapes that sizes and loads have, with noise that is the same each time, and the straight line beside them.

import type { TimedValue } from '../../src/stats/forecast/regular-series.ts'

const DAY = 86_400_000
const T0 = Date.UTC(2026, 0, 1)

/** Numbers of a normal distribution, the same each time (a linear congruential generator, and Box and Muller). */
export function noiseOf(seed: number): () => number {
  let state = seed
  const next = () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return (state + 1) / 4_294_967_297
  }
  return () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next())
}

export type Shape = (day: number, noise: () => number, before: number) => number

export const SHAPES = {
  'a level': (_, noise) => 100 + 5 * noise(),
  'a line': (day, noise) => 100 + 2 * day + 5 * noise(),
  'growth in proportion': (day, noise) => 100 * Math.exp(day / 60) * (1 + 0.03 * noise()),
  'growth that wears off': (day, noise) => 1_000 * (1 - Math.exp(-day / 40)) + 8 * noise(),
  'a step': (day, noise) => (day < 70 ? 100 : 180) + 5 * noise(),
  'weeks on a line': (day, noise) => 200 + day + (day % 7 >= 5 ? -60 : 60) + 8 * noise(),
  'wild days': (_, noise) => 100 + 5 * noise() + (noise() > 1.7 ? 400 : 0),
  'a random walk': (day, noise, before) => (day === 0 ? 1_000 : before + 10 * noise()),
} as const satisfies Readonly<Record<string, Shape>>

/** A value a day. */
export function shapedSeries(shape: Shape, seed: number, days: number): readonly TimedValue[] {
  const noise = noiseOf(seed)
  const made: TimedValue[] = []
  for (let day = 0; day < days; day += 1)
    made.push({ atMs: T0 + day * DAY, value: shape(day, noise, made.at(-1)?.value ?? 0) })
  return made
}

/** By least squares over what is known. */
export function lineThrough(values: readonly number[]): (at: number) => number {
  const centre = (values.length - 1) / 2
  const level = values.reduce((sum, value) => sum + value, 0) / values.length
  const product = values.reduce((sum, value, at) => sum + (at - centre) * (value - level), 0)
  const square = values.reduce((sum, _, at) => sum + (at - centre) ** 2, 0)
  return (at) => level + (product / square) * (at - centre)
}
