import { expect, test } from 'vitest'
import { gapsOf } from './coverage.ts'

const T0 = Date.parse('2026-11-22T00:00:00Z')
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const window = { from: new Date(T0), to: new Date(T0 + 6 * HOUR) }
const minutes = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => T0 + (from + at + 1) * MINUTE)
const inMinutes = (gaps: ReturnType<typeof gapsOf>) =>
  gaps.map(({ from, to }) => [(from.getTime() - T0) / MINUTE, (to.getTime() - T0) / MINUTE])

test.each([
  ['readings each minute', minutes(0, 360), []],
  ['a round that was lost', [...minutes(0, 100), ...minutes(103, 360)], []],
  ['an hour without', [...minutes(0, 100), ...minutes(160, 360)], [[100, 161]]],
  ['nothing at all', [], [[0, 360]]],
  ['a begin in the middle', minutes(200, 360), [[0, 201]]],
  ['an end in the middle', minutes(0, 200), [[200, 360]]],
  ['a gap that ends on the hour', [...minutes(0, 100), ...minutes(179, 360)], [[100, 180]]],
])('%s', (_, readings, gaps) => {
  expect(inMinutes(gapsOf(readings, window))).toEqual(gaps)
})

test('means of hours stand for their hour', () => {
  const hours = (...ends: readonly number[]) => ends.map((end) => T0 + end * HOUR)
  expect(gapsOf(hours(1, 2, 3, 4, 5, 6), window)).toEqual([])
  expect(inMinutes(gapsOf(hours(1, 2, 5, 6), window))).toEqual([[120, 240]])
})

test('a place whose hours are not those of UTC has no gap at either end', () => {
  const half = { from: new Date(T0 + HOUR / 2), to: new Date(T0 + 5.5 * HOUR) }
  expect(
    gapsOf(
      [1, 2, 3, 4, 5, 6].map((at) => T0 + at * HOUR),
      half,
    ),
  ).toEqual([])
  expect(
    gapsOf([3, 4].map((at) => T0 + at * HOUR).concat(minutes(240, 360)), {
      from: new Date(T0 + 2 * HOUR),
      to: window.to,
    }),
  ).toEqual([])
  expect(
    inMinutes(
      gapsOf(
        [1, 2, 3, 4, 5].map((at) => T0 + at * HOUR),
        half,
      ),
    ),
  ).toEqual([[300, 330]])
})

test('a target that may sleep is looked at once an hour', () => {
  const rests = [
    ...minutes(0, 100),
    T0 + 161 * MINUTE,
    T0 + 222 * MINUTE,
    T0 + 283 * MINUTE,
    ...minutes(343, 360),
  ]
  expect(inMinutes(gapsOf(rests, window))).toEqual([
    [100, 161],
    [161, 222],
    [222, 283],
    [283, 344],
  ])
  expect(gapsOf(rests, window, 65 * MINUTE)).toEqual([])
})
