import { expect, test } from 'vitest'
import { runsOf, spread, thinned } from './chart-lines.ts'

const at = (minute: number) => new Date(minute * 60_000).toISOString()

test('a null parts a line in two', () => {
  const points = [3, 4, null, 5].map((value, minute): [string, number | null] => [at(minute), value])
  expect(runsOf({ label: '', points }, 0, 3_600_000).map((run) => run.map(([, value]) => value))).toEqual([
    [3, 4],
    [5],
  ])
})

test('thousands of points keep every peak', () => {
  const run = Array.from({ length: 10_000 }, (_, index) => [index, index === 5_432 ? 99 : index % 3] as const)
  const kept = thinned(run, 20)
  expect(kept.length).toBeLessThanOrEqual(1_000)
  expect(kept.map(([, value]) => value)).toContain(99)
  expect(kept.map(([moment]) => moment)).toEqual(kept.map(([moment]) => moment).toSorted((a, b) => a - b))
})

test('names are moved apart and stay inside', () => {
  expect(spread([100, 101, 102], 14, 0, 110)).toEqual([82, 96, 110])
  expect(spread([5, 90], 14, 0, 110)).toEqual([5, 90])
})
