// The normal distribution. Method: Abramowitz and Stegun 7.1.26 is too coarse for p-values, so the complementary error function is
// a Chebyshev series (Numerical Recipes, 6.2.2); the quantile is Acklam's rational approximation with one step of Halley.

/** P(Z <= z). */
export function normalCdf(z: number): number {
  return 0.5 * complementaryError(-z / Math.SQRT2)
}

/** Within 1e-9 of the true quantile. */
export function normalQuantile(ratio: number): number {
  if (ratio <= 0) return Number.NEGATIVE_INFINITY
  if (ratio >= 1) return Number.POSITIVE_INFINITY
  const rough = acklam(ratio)
  const error = normalCdf(rough) - ratio
  const step = error * Math.sqrt(2 * Math.PI) * Math.exp((rough * rough) / 2)
  return rough - step / (1 + (rough * step) / 2)
}

/** Clenshaw's recurrence over the coefficients, highest first. */
function complementaryError(x: number): number {
  const t = 2 / (2 + Math.abs(x))
  let [d, before] = [0, 0]
  for (const coefficient of CHEBYSHEV) [d, before] = [(4 * t - 2) * d - before + coefficient, d]
  const tail = t * Math.exp(-x * x + 0.5 * (FIRST + (4 * t - 2) * d) - before)
  return x >= 0 ? tail : 2 - tail
}

const FIRST = -1.3026537197817094
const CHEBYSHEV = [
  7.106e-15, 3.81e-16, -1.12708e-13, 3.13092e-13, 8.94487e-13, -6.886027e-12, 2.394038e-12, 9.6467911e-11,
  -2.27365122e-10, -9.91364156e-10, 5.059343495e-9, 6.529054439e-9, -8.5238095915e-8, 1.5626441722e-8,
  1.30365583558e-6, -1.624290004647e-6, -2.0278578112534e-5, 4.2523324806907e-5, 0.000366839497852761,
  -0.000946595344482036, -0.00956151478680863, 0.019476473204185836, 0.6419697923564902,
]

function acklam(ratio: number): number {
  if (ratio > 0.5) return -acklam(1 - ratio)
  if (ratio < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(ratio))
    return polynomial(TAIL_ABOVE, q) / polynomial(TAIL_BELOW, q)
  }
  const q = ratio - 0.5
  return (q * polynomial(MIDDLE_ABOVE, q * q)) / polynomial(MIDDLE_BELOW, q * q)
}

/** Highest power first. */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, each) => sum * x + each, 0)
}

const TAIL_ABOVE = [
  -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
]
const TAIL_BELOW = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1]
const MIDDLE_ABOVE = [
  -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1,
  2.506628277459239,
]
const MIDDLE_BELOW = [
  -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1,
  1,
]
