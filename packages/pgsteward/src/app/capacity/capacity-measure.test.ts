import { describe, expect, test } from 'vitest'
import { limitOf } from './capacity-limits.ts'
import { type MeasureGiven, measureOf, type PlanFrame, withUsers } from './capacity-measure.ts'

const DAY = 86_400_000
const now = new Date('2026-03-01T00:00:00Z')
const frame: PlanFrame = {
  now,
  users: 10,
  confidence: 0.9,
  horizons: [
    { id: '6-months', label: 'in 6 months', at: new Date(now.getTime() + 182 * DAY) },
    { id: '12-months', label: 'in 12 months', at: new Date(now.getTime() + 365 * DAY) },
  ],
}
/** 1,000 bytes a day, up to 1,000,000 now; the last whole day began yesterday. */
const given = (days: number, over: Partial<MeasureGiven> = {}): MeasureGiven => ({
  id: 'storage',
  label: 'Databases on disk',
  unit: 'bytes',
  scales: 'growth',
  now: 1_000_000,
  history: Array.from({ length: days }, (_, at) => ({
    atMs: now.getTime() - (days - at) * DAY,
    value: 1_000_000 - (days - at) * 1_000,
  })),
  ...over,
})

describe('how far a history goes (C1)', () => {
  test('a hundred days go on for a year', () => {
    const { wire } = measureOf(given(100), frame)
    expect(wire.because).toBeNull()
    expect(wire.projections[0]!.now!.value).toBeCloseTo(1_182_000, -3)
    expect(wire.projections[1]!.now!.value).toBeCloseTo(1_365_000, -3)
    // what is there stays, and it grows ten times as fast
    expect(wire.projections[1]!.withUsers!.value).toBeCloseTo(4_650_000, -4)
    expect(wire.growthPerDay).toBeCloseTo(1_000, 6)
    expect(wire.backTest!.error).toBeLessThan(1)
  })

  test('fifty are good for half a year, and what is beyond is left open with its reason', () => {
    const { wire } = measureOf(given(50), frame)
    expect(wire.projections[0]!.now).not.toBeNull()
    expect(wire.projections[1]).toMatchObject({ now: null, withUsers: null })
    expect(wire.because).toBe('50 days of history: no projection beyond 2026-09-16')
  })

  test('three are none', () => {
    const { wire, points } = measureOf(given(3), frame)
    expect(points).toEqual([])
    expect(wire.projections.every((each) => each.now === null)).toBe(true)
    expect(wire).toMatchObject({
      projectedUntil: null,
      because: '3 days of history: no projection before there are 7 days',
    })
  })
})

test('what is stored goes on from what it is now, wherever a line through its past would pass', () => {
  // small tables are in the size of now and not in the history
  const { wire } = measureOf(given(100, { now: 1_500_000 }), frame)
  expect(wire.projections[0]!.now!.value).toBeCloseTo(1_682_000, -3.5)
  expect(wire.projections[0]!.withUsers!.value).toBeCloseTo(1_500_000 + 1_820_000, -4.5)
})

test('a peak goes on as its mean does', () => {
  const { wire } = measureOf(given(100, { scales: 'users', times: 3, now: 3_000_000 }), frame)
  expect(wire.projections[0]!.now!.value).toBeCloseTo(3 * 1_182_000, -3)
  expect(wire.projections[0]!.withUsers!.value).toBeCloseTo(30 * 1_182_000, -4)
  expect(wire.nowWithUsers).toBe(30_000_000)
})

test('what falls is never below nothing, and what users do not cause stays', () => {
  const point = { value: 40, lower: 30, upper: 50 }
  expect(withUsers('growth', point, 45, 10)).toEqual({ value: 0, lower: 0, upper: 95 })
  expect(withUsers('none', point, 45, 10)).toEqual(point)
})

describe('limits', () => {
  const made = measureOf(given(100), frame)
  const disk = (value: number) =>
    limitOf(
      {
        id: 'disk',
        label: 'disk',
        measure: 'storage',
        unit: 'bytes',
        value,
        source: 'capacity.limits',
        now: 1_000_000,
        nowWithUsers: 1_000_000,
        points: made.points,
        pointsWithUsers: made.points.map(({ atMs, ...point }) => ({
          atMs,
          ...withUsers('growth', point, 1_000_000, 10),
        })),
      },
      frame,
    )
  const dayOf = (text: string | null) => Math.round((Date.parse(text!) - now.getTime()) / DAY)

  test('a date by the middle, the earliest by the upper bound; ten times as fast a tenth of the time', () => {
    const { expectedAt, earliestAt, latestAt, withUsers: faster } = disk(1_200_000)
    expect(dayOf(expectedAt)).toBe(200)
    expect(dayOf(earliestAt)).toBeLessThanOrEqual(200)
    expect(latestAt === null || dayOf(latestAt) >= 200).toBe(true)
    expect(dayOf(faster.expectedAt)).toBe(20)
  })

  test('not within what is projected', () => {
    expect(disk(9_000_000)).toMatchObject({
      expectedAt: null,
      earliestAt: null,
      searchedUntil: made.wire.projectedUntil,
    })
  })

  test('one that is reached already is reached now', () => {
    expect(disk(1_000_000)).toMatchObject({ usedRatio: 1, expectedAt: now.toISOString() })
  })
})
