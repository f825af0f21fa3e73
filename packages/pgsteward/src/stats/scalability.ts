// How throughput grows with users, connections or instances: Gunther's universal scalability law,
//   X(N) = λN / (1 + σ(N−1) + κN(N−1)),
// fitted robustly, with an interval for its knee from a bootstrap, and an honest "does not fit" with the knee of the points themselves.
// N. J. Gunther, Guerrilla Capacity Planning, 2007, ch. 4 to 6; the knee of points: Satopää et al., Kneedle, 2011.

export interface LoadPoint {
  /** Users, connections or instances. */
  readonly n: number
  /** Whatever is done per second. */
  readonly throughput: number
}

export interface UslParameters {
  /** Throughput of one. */
  readonly lambda: number
  /** Contention: the share that is done one after the other. */
  readonly sigma: number
  /** Coherency: what each pair costs in agreeing; above 0 more makes it slower in the end. */
  readonly kappa: number
}

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

/** Of the marginal gain of the first step: a further one that brings less than this share of it is not worth its cost. */
const KNEE_SHARE = 0.1
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
        : `it explains ${((r2 ?? 0) * 100).toFixed(0)} % of the variance, below ${FITS_FROM_R2 * 100} %`
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

export function uslThroughput({ lambda, sigma, kappa }: UslParameters, n: number): number {
  return (lambda * n) / (1 + sigma * (n - 1) + kappa * n * (n - 1))
}

/** Where the law's throughput is highest; null: it rises for ever (κ is 0). */
export function peakOf({ sigma, kappa }: UslParameters): number | null {
  return kappa <= 0 ? null : Math.sqrt(Math.max(0, 1 - sigma) / kappa)
}

/** The N from which one more brings less than a tenth of what the first one did; Infinity when it never does. */
export function uslKnee(usl: UslParameters): number {
  const { sigma, kappa } = usl
  // dX/dN relative to λ: (1 − σ − κN²) / (1 + σ(N−1) + κN(N−1))²
  const gain = (n: number) => (1 - sigma - kappa * n * n) / (1 + sigma * (n - 1) + kappa * n * (n - 1)) ** 2
  let high = 1
  while (gain(high) >= KNEE_SHARE) {
    high *= 2
    if (high > 1e9) return Number.POSITIVE_INFINITY
  }
  let low = 1
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (gain(middle) >= KNEE_SHARE) low = middle
    else high = middle
  }
  return Math.max(1, (low + high) / 2)
}

/**
 * N/X is linear in (1, N−1, N(N−1)) with the coefficients 1/λ, σ/λ and κ/λ. Weighted to count relative errors of X, and reweighted by
 * Huber's rule, so that one stalled run does not bend the curve. Coefficients below 0 mean nothing here and are held at 0. Null where
 * no such curve is (throughput that only falls).
 */
export function fitUsl(points: readonly LoadPoint[]): UslParameters | null {
  let weights = points.map(() => 1)
  let fitted: UslParameters | null = null
  for (let round = 0; round < 20; round++) {
    const next = leastSquares(points, weights)
    if (next === null) return null
    fitted = next
    const residuals = relativeResiduals(points, next)
    const spread = spreadOf(residuals)
    weights = residuals.map((each) => 1 / Math.max(1, Math.abs(each) / (1.345 * spread)))
  }
  return fitted
}

function leastSquares(points: readonly LoadPoint[], weights: readonly number[]): UslParameters | null {
  const rows = points.map(({ n, throughput }, index) => {
    const y = n / throughput
    // relative errors: an error of a tenth weighs the same at one user and at a hundred
    const scale = Math.sqrt(weights[index]!) / y
    return { x: [scale, (n - 1) * scale, n * (n - 1) * scale], y: y * scale }
  })
  let best: { readonly error: number; readonly b: readonly number[] } | null = null
  // with three coefficients all subsets are tried: the least error without a negative one
  for (const used of [[0, 1, 2], [0, 1], [0, 2], [0]]) {
    const solved = solve(
      used.map((i) => used.map((j) => rows.reduce((sum, { x }) => sum + x[i]! * x[j]!, 0))),
      used.map((i) => rows.reduce((sum, { x, y }) => sum + x[i]! * y, 0)),
    )
    if (solved === null || solved.some((value) => value < 0) || solved[0]! <= 0) continue
    const b = [0, 0, 0]
    for (const [at, index] of used.entries()) b[index] = solved[at]!
    const error = rows.reduce(
      (sum, { x, y }) => sum + (y - b[0]! * x[0]! - b[1]! * x[1]! - b[2]! * x[2]!) ** 2,
      0,
    )
    if (best === null || error < best.error) best = { error, b }
  }
  if (best === null) return null
  const [perOne, contention, coherency] = best.b
  return { lambda: 1 / perOne!, sigma: contention! / perOne!, kappa: coherency! / perOne! }
}

/** Gauss with pivoting; null: no single solution. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | null {
  const rows = matrix.map((row, index) => [...row, right[index]!])
  const size = rows.length
  const scale = Math.max(...rows.flat().map(Math.abs))
  for (let column = 0; column < size; column++) {
    let pivot = column
    for (let row = column + 1; row < size; row++)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row
    ;[rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!]
    const head = rows[column]![column]!
    if (Math.abs(head) < 1e-14 * scale) return null
    for (let row = 0; row < size; row++) {
      if (row === column) continue
      const factor = rows[row]![column]! / head
      for (let each = column; each <= size; each++) rows[row]![each]! -= factor * rows[column]![each]!
    }
  }
  return rows.map((row, index) => row[size]! / row[index]!)
}

function relativeResiduals(points: readonly LoadPoint[], usl: UslParameters): readonly number[] {
  return points.map(({ n, throughput }) => Math.log(throughput / uslThroughput(usl, n)))
}

/** Median absolute deviation as a standard deviation, and never so small that rounding counts as an outlier. */
function spreadOf(residuals: readonly number[]): number {
  return Math.max(0.01, 1.4826 * medianOf(residuals.map(Math.abs)))
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
      throughput: medianOf(points.filter((each) => each.n === n).map((each) => each.throughput)),
    }))
}

/** What rises less than this from the lowest to the highest has no knee, but noise. */
const LEAST_RISE = 0.1

/** Kneedle: the point that lies furthest above the straight line from the first to the best. Null: they do not rise, or do so evenly. */
export function kneeOf(levels: readonly LoadPoint[]): number | null {
  const top = levels.reduce(
    (best, each, index) => (each.throughput > levels[best]!.throughput ? index : best),
    0,
  )
  const [first, last] = [levels[0], levels[top]]
  if (first === undefined || last === undefined || top === 0) return null
  const rise = last.throughput - first.throughput
  if (rise < LEAST_RISE * last.throughput) return null
  let knee: number | null = null
  let furthest = 0.1
  for (const { n, throughput } of levels.slice(1, top + 1)) {
    const above = (throughput - first.throughput) / rise - (n - first.n) / (last.n - first.n)
    if (above > furthest) [furthest, knee] = [above, n]
  }
  // straight up to the best, and lower afterwards: the best is the knee
  return knee ?? (top < levels.length - 1 ? last.n : null)
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
  const at = (share: number) => found[Math.min(found.length - 1, Math.floor(share * found.length))]!
  return [at(0.05), at(0.95)]
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
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
