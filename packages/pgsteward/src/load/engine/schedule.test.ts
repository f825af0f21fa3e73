import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arrivalSchedule, loadMs, mostUsers, usersSchedule } from './schedule.ts'

const open = (startPerSecond: number, ...stages: readonly (readonly [number, number])[]) => ({
  model: 'open' as const,
  startPerSecond,
  stages: stages.map(([forMs, perSecond]) => ({ for: forMs, perSecond })),
  maxInFlight: 100,
  sessions: 1,
})
const closed = (startUsers: number, ...stages: readonly (readonly [number, number])[]) => ({
  model: 'closed' as const,
  startUsers,
  stages: stages.map(([forMs, users]) => ({ for: forMs, users })),
})

const anyOpen = fc
  .record({
    start: fc.double({ min: 0, max: 500, noNaN: true }),
    stages: fc.array(
      fc.tuple(fc.integer({ min: 1, max: 60_000 }), fc.double({ min: 0, max: 500, noNaN: true })),
      { minLength: 1, maxLength: 5 },
    ),
  })
  .map(({ start, stages }) => open(start, ...stages))

/** Arrivals until a moment, by summing the rate in small steps: what the schedule inverts. */
function integrated(load: ReturnType<typeof open>, untilMs: number): number {
  let sum = 0
  let from = 0
  let rate = load.startPerSecond
  for (const stage of load.stages) {
    const ms = Math.min(stage.for, untilMs - from)
    if (ms <= 0) break
    const end = rate + ((stage.perSecond - rate) * ms) / stage.for
    sum += ((rate + end) / 2) * (ms / 1000)
    from += stage.for
    rate = stage.perSecond
  }
  return sum
}

describe('the schedule of an open load (L3)', () => {
  test('is evenly spaced at a constant rate', () => {
    const { count, atMs } = arrivalSchedule(open(200, [2000, 200]))
    expect(count).toBe(400)
    expect([0, 1, 2, 399].map(atMs)).toEqual([0, 5, 10, 1995])
  })

  test('a ramp from nothing has half the arrivals, the first when one is due', () => {
    const { count, atMs } = arrivalSchedule(open(0, [10_000, 100]))
    expect(count).toBe(500)
    // k = 5 t² with t in seconds
    expect(atMs(5)).toBeCloseTo(1000)
    expect(atMs(125)).toBeCloseTo(5000)
  })

  test('a stage of nothing has no arrivals, and what comes after it is in its time', () => {
    const { count, atMs } = arrivalSchedule(open(10, [1000, 10], [1, 0], [5000, 0], [1, 10], [1000, 10]))
    expect(count).toBeGreaterThanOrEqual(20)
    expect(atMs(9)).toBe(900)
    expect(atMs(12)).toBeGreaterThan(6000)
  })

  test('the k-th arrival comes when the integrated rate has reached k', () => {
    fc.assert(
      fc.property(anyOpen, fc.double({ min: 0, max: 1, noNaN: true }), (load, share) => {
        const { count, atMs } = arrivalSchedule(load)
        if (count === 0) return
        const k = Math.min(count - 1, Math.floor(share * count))
        expect(integrated(load, atMs(k))).toBeCloseTo(k, 3)
      }),
    )
  })

  test('there are as many as the integrated rate, in order and within the stages', () => {
    fc.assert(
      fc.property(anyOpen, (load) => {
        const { count, atMs } = arrivalSchedule(load)
        const whole = integrated(load, loadMs(load))
        expect(Math.abs(count - whole)).toBeLessThanOrEqual(1)
        let last = 0
        const step = Math.max(1, Math.floor(count / 50))
        for (let k = 0; k < count; k += step) {
          expect(atMs(k)).toBeGreaterThanOrEqual(last)
          expect(atMs(k)).toBeLessThanOrEqual(loadMs(load))
          last = atMs(k)
        }
      }),
    )
  })

  test('asked out of order it answers the same', () => {
    const { atMs } = arrivalSchedule(open(5, [1000, 50], [2000, 10], [1000, 100]))
    const forwards = Array.from({ length: 100 }, (_, k) => atMs(k))
    const backwards = Array.from({ length: 100 }, (_, k) => atMs(99 - k)).reverse()
    expect(backwards).toEqual(forwards)
  })
})

describe('the users of a closed load', () => {
  test('ramp in a straight line from one stage to the next', () => {
    const at = usersSchedule(closed(0, [10_000, 100], [5000, 100], [10_000, 0]))
    expect([0, 1000, 5000, 10_000, 12_000, 20_000, 25_000].map(at)).toEqual([0, 10, 50, 100, 100, 50, 0])
  })

  test('are at least one as soon as there is any', () => {
    const at = usersSchedule(closed(0, [60_000, 1]))
    expect(at(0)).toBe(0)
    expect(at(10)).toBe(1)
  })

  test('the most is the highest of all stages', () => {
    expect(mostUsers(closed(3, [1, 100], [1, 5]))).toBe(100)
  })
})
