import { describe, expect, it } from 'vitest'
import { clusterAt, clusters, gravest } from './clusters.ts'
import type { ChartMark } from './marks.ts'

const SPAN = { from: 1000, to: 2000 }
const mark = (at: number, over: Partial<ChartMark> = {}): ChartMark => ({
  id: String(at),
  kind: 'deployment',
  severity: null,
  at,
  until: null,
  text: `at ${at}`,
  to: null,
  ...over,
})
// 1000 seconds on 1000 pixels: a second a pixel
const placed = (marks: readonly ChartMark[], widthPx = 1000) =>
  clusters(marks, SPAN, widthPx).map(({ place, marks: of }) => [place, of.map(({ at }) => at)])

describe('clusters', () => {
  it('leaves alone what has room, in the order of time', () => {
    expect(placed([mark(1500), mark(1100)])).toEqual([
      [0.1, [1100]],
      [0.5, [1500]],
    ])
  })

  it('gathers what would cover each other, all of it', () => {
    expect(placed([mark(1100), mark(1110), mark(1115), mark(1117)])).toEqual([
      [0.1, [1100, 1110, 1115]],
      [0.117, [1117]],
    ])
  })

  it('gathers more on a narrow chart', () => {
    expect(placed([mark(1100), mark(1150), mark(1400)], 200)).toEqual([
      [0.1, [1100, 1150]],
      [0.4, [1400]],
    ])
  })

  it.each([
    ['before', mark(900), 0],
    ['after', mark(2100), 0],
    ['over by then', mark(900, { until: 950 }), 0],
    ['begun before and lasting into it', mark(900, { until: 1100 }), 1],
    ['begun before and going on', mark(900, { until: Number.POSITIVE_INFINITY }), 1],
  ])('what is %s has %o', (_, one, count) => {
    const found = placed([one])
    expect(found.length).toBe(count)
    if (count > 0) expect(found[0]?.[0]).toBe(0)
  })

  it('draws nothing before there is a width', () => {
    expect(placed([mark(1100)], 0)).toEqual([])
  })
})

it('is as grave as the gravest of its alerts', () => {
  const warned = mark(1, { severity: 'warning' })
  expect(gravest([mark(1)])).toBeNull()
  expect(gravest([mark(1), warned])).toBe('warning')
  expect(gravest([warned, mark(1, { severity: 'critical' })])).toBe('critical')
})

it('finds the nearest within reach of the cursor', () => {
  const found = clusters([mark(1100), mark(1120)], SPAN, 1000)
  expect(clusterAt(found, SPAN, 1000, 1113)?.marks[0]?.at).toBe(1120)
  expect(clusterAt(found, SPAN, 1000, 1140)).toBeNull()
  expect(clusterAt([], SPAN, 1000, 1100)).toBeNull()
})
