import { describe, expect, it } from 'vitest'
import { visibleRows } from './visible-rows.ts'

describe('visibleRows', () => {
  it('draws from the start while the table is in view', () => {
    expect(visibleRows(-200, 800, 32, 100_000)).toEqual({ first: 0, last: 36 })
  })

  it('covers the whole viewport anywhere in a table of 100,000 rows', () => {
    for (const above of [0, 31, 32, 1000, 1_600_000, 3_199_000]) {
      const { first, last } = visibleRows(above, 900, 32, 100_000)
      expect(first * 32).toBeLessThanOrEqual(above)
      expect(last * 32).toBeGreaterThanOrEqual(Math.min(above + 900, 100_000 * 32))
      expect(last - first).toBeLessThan(80)
    }
  })

  it('draws the same rows for a small scroll', () => {
    expect(visibleRows(1000, 900, 32, 1000)).toEqual(visibleRows(1004, 900, 32, 1000))
  })

  it('draws all of a short table, wherever it stands', () => {
    expect(visibleRows(-9000, 900, 32, 100)).toEqual({ first: 0, last: 100 })
    expect(visibleRows(0, 900, 32, 0)).toEqual({ first: 0, last: 0 })
  })

  it('keeps to the rows that exist', () => {
    expect(visibleRows(99_999, 900, 32, 200)).toEqual({ first: 199, last: 200 })
    expect(visibleRows(-9000, 900, 32, 200)).toEqual({ first: 0, last: 1 })
  })
})
