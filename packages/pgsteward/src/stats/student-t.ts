// Student's t distribution, by the regularised incomplete beta function (continued fraction, Numerical Recipes 6.4).

import { normalQuantile } from './normal.ts'

/** P(T > t): what a one-sided test calls its p-value. */
export function tTail(t: number, degreesOfFreedom: number): number {
  if (Number.isNaN(t)) return 1
  if (!Number.isFinite(t)) return t > 0 ? 0 : 1
  const half = 0.5 * incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5)
  return t >= 0 ? half : 1 - half
}

/** The t that is exceeded with probability `tail` (0 to 0.5), by bisection. */
export function tCritical(tail: number, degreesOfFreedom: number): number {
  let low = 0
  let high = Math.max(1, normalQuantile(1 - tail)) * 2
  while (tTail(high, degreesOfFreedom) > tail && high < 1e12) high *= 4
  for (let step = 0; step < 60 && high - low > 1e-7 * high; step += 1) {
    const middle = (low + high) / 2
    if (tTail(middle, degreesOfFreedom) > tail) low = middle
    else high = middle
  }
  return (low + high) / 2
}

function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x))
  return x < (a + 1) / (a + b + 2) ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(1 - x, b, a)) / b
}

/** Lentz's way to evaluate the continued fraction. */
function fraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1))
  let value = d
  for (let m = 1; m <= 300; m += 1) {
    for (const term of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / nonZero(1 + term * d)
      c = nonZero(1 + term / c)
      value *= d * c
    }
    if (Math.abs(d * c - 1) < 1e-14) break
  }
  return value
}

function nonZero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value
}

/** Lanczos' approximation, g = 7. */
function logGamma(x: number): number {
  const shifted = x - 1
  const sum = LANCZOS.reduce(
    (total, each, index) => total + (index === 0 ? each : each / (shifted + index)),
    0,
  )
  const t = shifted + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum)
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]
