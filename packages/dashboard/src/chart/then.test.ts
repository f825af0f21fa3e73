import type { SeriesWire } from 'pgsteward/wire'
import { describe, expect, it } from 'vitest'
import { alignWithThen, broughtForward, valueNear } from './then.ts'

const line = (of: string, points: SeriesWire['points']): SeriesWire => ({
  name: 'load',
  unit: 'count',
  labels: { of },
  points,
})
const now = line('a', [
  [1000, 1],
  [1060, 2],
  [1120, 3],
])

it('brings points forward by as much', () => {
  expect(broughtForward([now], 86_400)[0]?.points[0]).toEqual([87_400, 1])
})

describe('alignWithThen', () => {
  it('puts readings of then at the nearest of now', () => {
    const then = line('a', [
      [1010, 10],
      [1050, 20],
      [1130, 30],
    ])
    expect(alignWithThen([now], [then], false)).toEqual({
      times: [1000, 1060, 1120],
      columns: [[1, 2, 3]],
      past: [[10, 20, 30]],
    })
  })

  it('keeps the times of then where now has no reading', () => {
    const then = line('a', [
      [400, 7],
      [460, 8],
      [1000, 9],
    ])
    const { times, columns, past } = alignWithThen([now], [then], false)
    expect(times.slice(0, 2)).toEqual([400, 460])
    expect(columns[0]?.slice(0, 2)).toEqual([undefined, undefined])
    expect(past[0]?.slice(0, 2)).toEqual([7, 8])
    // nobody looked between 460 and 1000: a gap then is a gap
    expect(past[0]).toContain(null)
  })

  it('tells series apart by their labels, and leaves one empty that was not there', () => {
    const { past } = alignWithThen([now, line('b', now.points)], [line('b', [[1000, 5]])], false)
    expect(past).toEqual([
      [undefined, undefined, undefined],
      [5, undefined, undefined],
    ])
  })

  it('sums what is stacked', () => {
    const before = [line('a', [[1000, 5]]), line('c', [[1000, 6]])]
    expect(alignWithThen([now, line('b', now.points)], before, true).past).toEqual([
      [11, undefined, undefined],
    ])
  })

  it('draws then alone where nothing was read now', () => {
    expect(alignWithThen([line('a', [])], [now], false)).toMatchObject({
      times: [1000, 1060, 1120],
      past: [[1, 2, 3]],
    })
  })
})

it('finds the value of a series that was read at other times nearby, and none far away', () => {
  expect(valueNear([1, undefined, 3], 1)).toBe(1)
  expect(valueNear([undefined, null, undefined], 1)).toBeNull()
  expect(valueNear([undefined, undefined, undefined, undefined, undefined, 9], 0)).toBeUndefined()
})
