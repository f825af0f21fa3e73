import type { SeriesWire } from 'pgsteward/wire'
import { describe, expect, it } from 'vitest'
import { align, byName, isolated, stack, summary, withGaps } from './align.ts'

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

describe('withGaps', () => {
  const at = (...moments: number[]) => moments.map((moment): [number, number] => [moment, 1])
  const holes = (points: readonly (readonly [number, number | null])[]) =>
    points.filter(([, value]) => value === null).map(([moment]) => moment)

  it('opens a hole where readings are missing', () => {
    expect(withGaps(at(0, 60, 120, 900, 960))).toEqual([...at(0, 60, 120), [180, null], ...at(900, 960)])
  })

  it.each([
    ['a late reading', at(0, 60, 120, 250, 310)],
    ['thinned out readings before full ones', at(0, 3600, 7200, 7260, 7320)],
    ['fast readings with a short pause', at(0, 10, 20, 60, 70)],
    ['two points alone', at(0, 9999)],
    ['none', []],
  ])('sees no hole in %s', (_, points) => {
    expect(holes(withGaps(points))).toEqual([])
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

it('finds the values that stand alone between gaps', () => {
  expect(isolated([1, null, 2, 3, null, 4, undefined, null, null, 5])).toEqual([0, 5, 9])
  expect(isolated([1, undefined, 2])).toEqual([])
  expect(isolated([])).toEqual([])
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
