import { describe, expect, test } from 'vitest'
import { fitScalability, type LoadPoint, type UslParameters } from './scalability.ts'
import { peakOf, uslKnee, uslThroughput } from './scalability-law.ts'

/** mulberry32 */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
const LEVELS = [1, 2, 4, 8, 16, 32, 64, 100]
const LAW: UslParameters = { lambda: 100, sigma: 0.05, kappa: 0.0005 }
const measured = (law: UslParameters, noise = 0, repetitions = 1, seed = 1): readonly LoadPoint[] => {
  const random = seeded(seed)
  return LEVELS.flatMap((n) =>
    Array.from({ length: repetitions }, () => ({
      n,
      throughput: uslThroughput(law, n) * (1 + noise * (2 * random() - 1)),
    })),
  )
}
const fitted = (points: readonly LoadPoint[]) => fitScalability(points, seeded(7))

describe('the universal scalability law (L5)', () => {
  test.each<UslParameters>([
    LAW,
    { lambda: 1000, sigma: 0.2, kappa: 0.0001 },
    { lambda: 12, sigma: 0, kappa: 0.002 },
    { lambda: 50, sigma: 0.3, kappa: 0 },
  ])('is found again in points that follow it: %o', (law) => {
    const { usl, r2, doesNotFit, disagreeing } = fitted(measured(law))
    expect(usl!.lambda).toBeCloseTo(law.lambda, 4)
    expect(usl!.sigma).toBeCloseTo(law.sigma, 6)
    expect(usl!.kappa).toBeCloseTo(law.kappa, 8)
    expect(r2).toBeCloseTo(1, 6)
    expect({ doesNotFit, disagreeing }).toEqual({ doesNotFit: null, disagreeing: [] })
  })

  test('survives noise: the interval of the knee holds the true one in at least eight of ten series', () => {
    const truth = uslKnee(LAW)
    let held = 0
    for (let seed = 1; seed <= 40; seed++) {
      const { knee, r2 } = fitted(measured(LAW, 0.08, 3, seed))
      expect(r2).toBeGreaterThan(0.9)
      expect(knee!.n).toBeGreaterThan(truth / 1.6)
      expect(knee!.n).toBeLessThan(truth * 1.6)
      const [from, to] = knee!.interval!
      if (from <= truth && truth <= to) held += 1
    }
    expect(held).toBeGreaterThanOrEqual(32)
  })

  test('one stalled run neither bends the curve nor goes unsaid', () => {
    const points = measured(LAW, 0.02, 3).map((point, index) =>
      index === 10 ? { ...point, throughput: point.throughput / 4 } : point,
    )
    const { usl, disagreeing } = fitted(points)
    expect(usl!.lambda).toBeGreaterThan(90)
    expect(usl!.lambda).toBeLessThan(110)
    expect(disagreeing).toEqual([points[10]])
  })

  test('has its peak where more makes it slower, and its knee before', () => {
    const { peak, knee } = fitted(measured(LAW))
    expect(peakOf(LAW)).toBeCloseTo(Math.sqrt(0.95 / 0.0005), 6)
    expect(peak).toMatchObject({ n: expect.closeTo(43.6, 1), isMeasured: false })
    expect(knee!.n).toBeLessThan(peak.n)
  })

  test('says no knee where everything measured lies before it', () => {
    const { knee, peak } = fitted(measured({ lambda: 10, sigma: 0.0005, kappa: 0 }))
    expect(knee).toBeNull()
    expect(peak).toMatchObject({ n: 100, isMeasured: true })
  })

  test('the same chance gives the same interval', () => {
    const points = measured(LAW, 0.05, 2)
    expect(fitted(points)).toEqual(fitted(points))
  })
})

describe('where the law does not fit', () => {
  const points = (...throughputs: readonly number[]) =>
    throughputs.map((throughput, index) => ({ n: LEVELS[index]!, throughput }))

  test('a flat line has no knee and says so', () => {
    expect(fitted(points(100, 101, 99, 100, 101, 99))).toMatchObject({
      usl: null,
      knee: null,
      doesNotFit: expect.stringMatching(/variance|rise/),
    })
  })

  test('a convex start is told, and the knee is that of the points', () => {
    const { usl, knee, doesNotFit } = fitted(points(10, 12, 16, 600, 620, 630, 632))
    expect(usl).toBeNull()
    expect(doesNotFit).not.toBeNull()
    expect(knee).toMatchObject({ n: 8, by: 'kneedle' })
  })

  test.each<[name: string, points: readonly LoadPoint[], why: RegExp]>([
    ['nothing', [], /nothing was measured/],
    ['three values', points(1, 2, 3), /3 different values/],
    ['nothing but failures', points(0, 0, 0, 0, 0), /nothing was measured/],
  ])('%s is too little', (_name, given, why) => {
    expect(fitted(given)).toMatchObject({ usl: null, knee: null, doesNotFit: expect.stringMatching(why) })
  })
})
