import type { HistoryPointWire, LoadHistoryWire } from 'pgsteward/wire'
import { expect, it } from 'vitest'
import { placePoints } from './place-points.ts'

const point = (
  id: string,
  valueMs: number | null,
  over: Partial<HistoryPointWire> = {},
): HistoryPointWire => ({
  id,
  at: '2026-11-22T12:00:00.000Z',
  valueMs,
  isInvalid: false,
  isComparable: true,
  gitSha: null,
  ...over,
})
const history = (points: HistoryPointWire[], changes: LoadHistoryWire['changes'] = []): LoadHistoryWire => ({
  scenario: 'smoke',
  series: 'all',
  quantile: 'p95',
  points,
  changes,
})

it('runs lie evenly, values from zero, what has no value is left out', () => {
  const { points, line } = placePoints(history([point('a', 50), point('b', null), point('c', 100)]), 108, 32)
  expect(points.map(({ id, x, y }) => [id, x, y])).toEqual([
    ['a', 4, 18],
    ['c', 104, 8],
  ])
  expect(line).toBe('M4 18L104 8')
})

it('an invalid run and one of another kind are dots beside the line, and do not set its height', () => {
  const { points, line } = placePoints(
    history([
      point('a', 50),
      point('x', 9000, { isInvalid: true }),
      point('o', 25, { isComparable: false }),
      point('b', 50),
    ]),
    104,
    32,
  )
  expect(points.map(({ y }) => y)).toEqual([8, 8, 18, 8])
  expect(line.match(/[ML]/g)).toEqual(['M', 'L'])
})

it('a change is marked before the first run that has it', () => {
  const { changes } = placePoints(
    history([point('a', 50), point('b', 50), point('c', 90)], [{ index: 2, runId: 'c', ratio: 1.8 }]),
    108,
    32,
  )
  expect(changes).toEqual([{ x: 79, ratio: 1.8, runId: 'c' }])
})

it('of nothing and of one run there is no line to go wrong', () => {
  expect(placePoints(history([]), 100, 30)).toMatchObject({ points: [], line: '' })
  expect(placePoints(history([point('a', 0)]), 100, 30).points[0]).toMatchObject({ x: 96, y: 26 })
})
