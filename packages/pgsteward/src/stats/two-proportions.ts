// Shares of failures of two sets of runs: a normal test of two proportions whose variance is inflated by how much runs differ among
// each other (Pearson's dispersion, as in quasi-binomial models: McCullagh and Nelder 1989, 4.5). Failures come in bursts: requests
// are not independent, runs are.

import { normalCdf } from './normal.ts'
import { tTail } from './student-t.ts'

export interface Failures {
  readonly count: number
  readonly errors: number
}

export interface ProportionChange {
  readonly baseRatio: number
  readonly headRatio: number
  /** One-sided: small when head fails more often. */
  readonly pValue: number
}

/** Null: a side has no requests. */
export function compareProportions(
  base: readonly Failures[],
  head: readonly Failures[],
): ProportionChange | null {
  const [before, after] = [total(base), total(head)]
  if (before.count === 0 || after.count === 0) return null
  const baseRatio = before.errors / before.count
  const headRatio = after.errors / after.count
  // half a failure more on each side keeps the variance above zero
  const pooled = (before.errors + after.errors + 1) / (before.count + after.count + 2)
  const degreesOfFreedom = base.length + head.length - 2
  const pearson = [...scatter(base, baseRatio, pooled), ...scatter(head, headRatio, pooled)]
  const dispersion =
    degreesOfFreedom > 0 ? Math.max(1, pearson.reduce((sum, each) => sum + each, 0) / degreesOfFreedom) : 1
  const error = Math.sqrt(dispersion * pooled * (1 - pooled) * (1 / before.count + 1 / after.count))
  const z = (headRatio - baseRatio) / error
  return { baseRatio, headRatio, pValue: degreesOfFreedom > 0 ? tTail(z, degreesOfFreedom) : normalCdf(-z) }
}

function total(runs: readonly Failures[]): Failures {
  return runs.reduce((sum, run) => ({ count: sum.count + run.count, errors: sum.errors + run.errors }), {
    count: 0,
    errors: 0,
  })
}

function scatter(runs: readonly Failures[], ratio: number, pooled: number): readonly number[] {
  return runs
    .filter(({ count }) => count > 0)
    .map(({ count, errors }) => (errors - count * ratio) ** 2 / (count * pooled * (1 - pooled)))
}
