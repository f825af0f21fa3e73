import { expect, test } from 'vitest'
import type { Interval } from '../model/fact.ts'
import { slidingInterval, sumIntervals } from './sliding-interval.ts'

interface Row {
  readonly key: string
  readonly calls: number
  readonly failures: number | null
  readonly size: number
}

const fact = { counters: ['calls', 'failures'] as const, keyOf: (row: Row) => row.key }
const at = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1000)

function interval(from: number, to: number, calls: Readonly<Record<string, number>>): Interval<Row> {
  return {
    window: { from: at(from), to: at(to) },
    seconds: to - from,
    rows: Object.entries(calls).map(([key, each]) => ({ key, calls: each, failures: null, size: to })),
    breaks: [],
  }
}

const callsOf = (sum: Interval<Row>) => Object.fromEntries(sum.rows.map((row) => [row.key, row.calls]))

test('increases add up while they are within the window, and leave with it', () => {
  const sliding = slidingInterval<Row>(fact, 120_000)
  expect(callsOf(sliding.add(interval(0, 60, { a: 1 })))).toEqual({ a: 1 })
  expect(callsOf(sliding.add(interval(60, 120, { a: 2, b: 5 })))).toEqual({ a: 3, b: 5 })
  const third = sliding.add(interval(120, 180, { a: 4 }))
  expect(callsOf(third)).toEqual({ a: 6, b: 5 })
  expect(third).toMatchObject({ window: { from: at(60), to: at(180) }, seconds: 120 })
})

test('the newest is kept even where it is longer than the window', () => {
  const sliding = slidingInterval<Row>(fact, 10_000)
  sliding.add(interval(0, 60, { a: 1 }))
  expect(callsOf(sliding.add(interval(60, 360, { a: 2 })))).toEqual({ a: 2 })
})

test('columns that are no counters are the latest', () => {
  const sum = sumIntervals<Row>(fact, [interval(0, 60, { a: 1 }), interval(60, 120, { a: 1 })])
  expect(sum.rows).toEqual([{ key: 'a', calls: 2, failures: null, size: 120 }])
})

test('a null counter stays null, and one that was null before starts with what came after', () => {
  const [first, second] = [interval(0, 60, { a: 1 }), interval(60, 120, { a: 1 })]
  const known = { ...second, rows: [{ ...second.rows[0]!, failures: 3 }] }
  expect(sumIntervals<Row>(fact, [first, second]).rows[0]?.failures).toBeNull()
  expect(sumIntervals<Row>(fact, [first, known]).rows[0]?.failures).toBe(3)
})

test('every break within the window is told, and the broken span covers no seconds', () => {
  const sliding = slidingInterval<Row>(fact, 600_000)
  sliding.add(interval(0, 60, { a: 1 }))
  const broken = { at: at(120), cause: 'failover' as const }
  sliding.add({ ...interval(60, 120, {}), seconds: 0, breaks: [broken] })
  const sum = sliding.add(interval(120, 180, { a: 2 }))
  expect(sum).toMatchObject({ seconds: 120, breaks: [broken] })
  expect(callsOf(sum)).toEqual({ a: 3 })
})

test('a clock set back forgets what now seems to lie ahead', () => {
  const sliding = slidingInterval<Row>(fact, 600_000)
  sliding.add(interval(3600, 3660, { a: 100 }))
  sliding.add({ ...interval(60, 60, {}), window: { from: at(60), to: at(60) } })
  expect(callsOf(sliding.add(interval(60, 120, { a: 2 })))).toEqual({ a: 2 })
})

test('an hour at ten seconds is summed exactly, whatever the parts it is kept in', () => {
  const sliding = slidingInterval<Row>(fact, 600_000)
  let sum = interval(0, 10, { a: 1 })
  for (let second = 0; second < 3600; second += 10) sum = sliding.add(interval(second, second + 10, { a: 1 }))
  // one call each ten seconds: the count equals the seconds covered, which are the window less at most one part
  expect(callsOf(sum)).toEqual({ a: sum.seconds / 10 })
  expect(sum.seconds).toBeGreaterThanOrEqual(500)
  expect(sum.seconds).toBeLessThanOrEqual(600)
  expect(sum.window.to.getTime() - sum.window.from.getTime()).toBe(sum.seconds * 1000)
})
