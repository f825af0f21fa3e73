// Exact rank tests for few values: Wilcoxon's signed ranks (1945) for pairs, Mann and Whitney's U (1947) for two samples, with the
// one-sided bounds that follow from them. The null distributions are counted out; with ties the p-values are on the safe side.

import { allDifferences, walshAverages } from './hodges-lehmann.ts'

/** P(U >= u) where u is as seen: small when `head` is above `base`. */
export function mannWhitney(base: readonly number[], head: readonly number[]): number {
  const above = allDifferences(base, head).filter((difference) => difference > 0).length
  return tailOf(uCounts(base.length, head.length), above)
}

/** Small when the values lie above zero. */
export function signedRank(values: readonly number[]): number {
  // the number of positive Walsh averages is the sum of the positive ranks
  const above = walshAverages(values).filter((average) => average > 0).length
  return tailOf(rankSumCounts(values.length), above)
}

/** Lower bound of the centre, one-sided at 1 - alpha; null: too few values for any. For the upper one give them with the other sign. */
export function signedRankLower(values: readonly number[], alpha: number): number | null {
  return boundOf(walshAverages(values), rankSumCounts(values.length), alpha)
}

export function mannWhitneyLower(
  base: readonly number[],
  head: readonly number[],
  alpha: number,
): number | null {
  return boundOf(allDifferences(base, head), uCounts(base.length, head.length), alpha)
}

/** Beyond this the counts lose digits, and the t test is as good. */
const MOST = 40

/** How many sets of signs give each sum of ranks. */
function rankSumCounts(n: number): readonly number[] {
  if (n > MOST) return [1]
  let counts = [1]
  for (let rank = 1; rank <= n; rank += 1) {
    const wider = [...counts, ...Array<number>(rank).fill(0)]
    for (const [sum, count] of counts.entries()) wider[sum + rank]! += count
    counts = wider
  }
  return counts
}

/** How many orders of both samples give each U: Gauss' binomial coefficients. */
function uCounts(n: number, m: number): readonly number[] {
  if (n > MOST || m > MOST) return [1]
  let counts = [1]
  for (let i = 1; i <= m; i += 1) counts = dividedBy(multipliedBy(counts, n + i), i)
  return counts
}

/** By 1 - x^power. */
function multipliedBy(counts: readonly number[], power: number): number[] {
  const product = [...counts, ...Array<number>(power).fill(0)]
  for (const [at, count] of counts.entries()) product[at + power]! -= count
  return product
}

/** By 1 - x^power, where nothing remains. */
function dividedBy(counts: readonly number[], power: number): number[] {
  const quotient = counts.slice(0, counts.length - power)
  for (let at = power; at < quotient.length; at += 1) quotient[at]! += quotient[at - power]!
  return quotient
}

function tailOf(counts: readonly number[], from: number): number {
  const total = counts.reduce((sum, each) => sum + each, 0)
  return counts.slice(from).reduce((sum, each) => sum + each, 0) / total
}

function boundOf(ascending: readonly number[], counts: readonly number[], alpha: number): number | null {
  const total = counts.reduce((sum, each) => sum + each, 0)
  let below = 0
  let at = 0
  while (at < counts.length && (below + counts[at]!) / total <= alpha) {
    below += counts[at]!
    at += 1
  }
  return at === 0 ? null : (ascending[at - 1] ?? null)
}
