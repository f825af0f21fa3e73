import type { SeriesWire } from 'pgsteward/wire'
import { describe, expect, it } from 'vitest'
import { align, byName, stack, summary } from './align.ts'

const series = (name: string, ...points: [number, number | null][]): SeriesWire => ({
  name,
  unit: 'count',
  labels: {},
  points,
})

describe('align', () => {
  it('puts series of different moments on one axis, and tells a gap from a moment of another series', () => {
    expect(align([series('a', [10, 1], [30, null]), series('b', [20, 5])])).toEqual({
      times: [10, 20, 30],
      columns: [
        [1, undefined, null],
        [undefined, 5, undefined],
      ],
    })
  })

  it('has nothing to say about nothing', () => {
    expect(align([])).toEqual({ times: [], columns: [] })
  })
})

describe('stack', () => {
  it('sums upwards and keeps gaps', () => {
    expect(
      stack([
        [1, 2, null, 4],
        [10, null, 30, undefined],
      ]),
    ).toEqual([
      [1, 2, null, 4],
      [11, null, null, undefined],
    ])
  })
})

describe('summary', () => {
  it('passes over gaps', () =>
    expect(summary([null, 3, 1, undefined])).toEqual({ least: 1, greatest: 3, last: 1 }))
  it('is null where nothing is known', () => expect(summary([null, undefined])).toBeNull())
})

it('groups series by name, the known names first', () => {
  const groups = byName([series('x'), series('b'), series('x'), series('a')], ['a', 'b'])
  expect(groups.map(([name, all]) => [name, all.length])).toEqual([
    ['a', 1],
    ['b', 1],
    ['x', 2],
  ])
})
