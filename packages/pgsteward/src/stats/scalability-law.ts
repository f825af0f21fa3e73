// Gunther's universal scalability law, X(N) = λN / (1 + σ(N−1) + κN(N−1)): its curve, its peak, its knee, and a robust fit.
// N. J. Gunther, Guerrilla Capacity Planning, 2007, ch. 4 to 6.

import { median } from './order-statistics.ts'

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

/** Of the marginal gain of the first step: a further one that brings less than this share of it is not worth its cost. */
const KNEE_SHARE = 0.1
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
    const before = weights
    weights = residuals.map((each) => 1 / Math.max(1, Math.abs(each) / (1.345 * spread)))
    if (weights.every((weight, index) => Math.abs(weight - before[index]!) < 1e-3)) break
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

export function relativeResiduals(points: readonly LoadPoint[], usl: UslParameters): readonly number[] {
  return points.map(({ n, throughput }) => Math.log(throughput / uslThroughput(usl, n)))
}

/** Median absolute deviation as a standard deviation, and never so small that rounding counts as an outlier. */
export function spreadOf(residuals: readonly number[]): number {
  return Math.max(0.01, 1.4826 * median(residuals.map(Math.abs)))
}
