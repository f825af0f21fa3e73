// How throughput grows with users, connections or instances: by the universal scalability law where it fits, with an interval for its
// knee from a bootstrap; else an honest "does not fit", with the knee of the points themselves.

import { kneeOf } from './knee-of-points.ts'
import { median, quantileOfSorted } from './order-statistics.ts'
import {
  fitUsl,
  type LoadPoint,
  peakOf,
  relativeResiduals,
  spreadOf,
  type UslParameters,
  uslKnee,
  uslThroughput,
} from './scalability-law.ts'

export type { LoadPoint, UslParameters } from './scalability-law.ts'

export interface Scalability {
  /** The law's parameters; null where it does not fit. */
  readonly usl: UslParameters | null
  /** Share of the variance that the law explains, on the scale of throughput. */
  readonly r2: number | null
  /** Where more stops to pay. Null: not within what was measured, or the points are too few or in no order. */
  readonly knee: Knee | null
  /** Throughput at the law's peak, or the best that was measured. */
  readonly peak: { readonly n: number; readonly throughput: number; readonly isMeasured: boolean }
  /** Why the law is not used; null: it is. */
  readonly doesNotFit: string | null
  /** Points more than three spreads off the law: measured, and not believed by it. */
  readonly disagreeing: readonly LoadPoint[]
}

export interface Knee {
  readonly n: number
  readonly by: 'usl' | 'kneedle'
  /** 90 % of bootstrap samples have theirs within. Null: too few points. */
  readonly interval: readonly [from: number, to: number] | null
}

const FITS_FROM_R2 = 0.9
const LEAST_LEVELS = 4
const SAMPLES = 400

/** `random` as Math.random; the same one gives the same interval. Several points of one N are repetitions. */
export function fitScalability(points: readonly LoadPoint[], random: () => number): Scalability {
  const usable = points.filter(({ n, throughput }) => n > 0 && throughput > 0)
  const levels = levelsOf(usable)
  const best = levels.reduce<LoadPoint | null>(
    (top, each) => (top === null || each.throughput > top.throughput ? each : top),
    null,
  )
  if (best === null) return without('nothing was measured', { n: 0, throughput: 0 }, null)
  if (levels.length < LEAST_LEVELS)
    return without(
      `${levels.length} different values; the law has three parameters and needs ${LEAST_LEVELS}`,
      best,
      null,
    )
  const usl = fitUsl(usable)
  const r2 = usl === null ? null : rSquared(usable, usl)
  const kneedle = kneeOf(levels)
  const interval = (knee: (sample: readonly LoadPoint[]) => number | null) => bootstrap(usable, knee, random)
  const byPoints = () =>
    kneedle === null
      ? null
      : { n: kneedle, by: 'kneedle' as const, interval: interval((sample) => kneeOf(levelsOf(sample))) }
  if (usl === null || r2 === null || r2 < FITS_FROM_R2) {
    const why =
      usl === null
        ? 'throughput does not rise and level off'
        : `it explains ${r2 === null || r2 <= 0 ? 'none' : `${(Math.floor(r2 * 1000) / 10).toFixed(1)} %`} of the variance, below ${FITS_FROM_R2 * 100} %`
    return { ...without(why, best, r2), knee: byPoints() }
  }
  const most = levels.at(-1)!.n
  const top = peakOf(usl)
  const n = uslKnee(usl)
  const isWithin = n <= most
  return {
    usl,
    r2,
    knee: isWithin
      ? {
          n,
          by: 'usl',
          interval: interval((sample) => {
            const fitted = fitUsl(sample)
            return fitted === null ? null : Math.min(uslKnee(fitted), 10 * most)
          }),
        }
      : null,
    peak:
      top !== null && top <= most
        ? { n: top, throughput: uslThroughput(usl, top), isMeasured: false }
        : { ...best, isMeasured: true },
    doesNotFit: null,
    disagreeing: disagreeing(usable, usl),
  }
}

function disagreeing(points: readonly LoadPoint[], usl: UslParameters): readonly LoadPoint[] {
  const residuals = relativeResiduals(points, usl)
  const spread = Math.max(0.03, spreadOf(residuals))
  return points.filter((_, index) => Math.abs(residuals[index]!) > 3 * spread)
}

function rSquared(points: readonly LoadPoint[], usl: UslParameters): number {
  const mean = points.reduce((sum, { throughput }) => sum + throughput, 0) / points.length
  const total = points.reduce((sum, { throughput }) => sum + (throughput - mean) ** 2, 0)
  const rest = points.reduce((sum, { n, throughput }) => sum + (throughput - uslThroughput(usl, n)) ** 2, 0)
  // a flat line is explained by nothing, not even by itself
  return total === 0 ? 0 : 1 - rest / total
}

/** One point a value of N, the median of its repetitions, in order. */
function levelsOf(points: readonly LoadPoint[]): readonly LoadPoint[] {
  return [...new Set(points.map(({ n }) => n))]
    .sort((a, b) => a - b)
    .map((n) => ({
      n,
      throughput: median(points.filter((each) => each.n === n).map((each) => each.throughput)),
    }))
}

/** 90 % of what `statistic` says of samples drawn with replacement; null: too few of them say anything. */
function bootstrap(
  points: readonly LoadPoint[],
  statistic: (sample: readonly LoadPoint[]) => number | null,
  random: () => number,
): readonly [number, number] | null {
  if (points.length < LEAST_LEVELS + 1) return null
  const found: number[] = []
  for (let n = 0; n < SAMPLES; n++) {
    const sample = points.map(() => points[Math.floor(random() * points.length)]!)
    if (new Set(sample.map((each) => each.n)).size < 3) continue
    const value = statistic(sample)
    if (value !== null && Number.isFinite(value)) found.push(value)
  }
  if (found.length < SAMPLES / 2) return null
  found.sort((a, b) => a - b)
  return [quantileOfSorted(found, 0.05), quantileOfSorted(found, 0.95)]
}

function without(why: string, best: LoadPoint, r2: number | null): Scalability {
  return {
    usl: null,
    r2,
    knee: null,
    peak: { ...best, isMeasured: true },
    doesNotFit: why,
    disagreeing: [],
  }
}
