// How far head lies above base, on a log scale, with runs as the unit of replication: one value a run or pair of runs, never one a
// request. Estimate by Hodges and Lehmann; bounds and p-values by Student's t (Welch's for two samples, 1947), and from six pairs or
// four runs a side on also by exact ranks, where the better of both counts at half the error each (Bonferroni): t is the sharper with
// ordinary noise, ranks when one run went wild.

import { hodgesLehmann, hodgesLehmannShift } from './hodges-lehmann.ts'
import { median } from './order-statistics.ts'
import { mannWhitney, mannWhitneyLower, signedRank, signedRankLower } from './rank-tests.ts'
import { tCritical, tTail } from './student-t.ts'

export type ShiftSample =
  /** Differences of pairs that ran at the same time or one after the other. */
  | { readonly kind: 'paired'; readonly differences: readonly number[] }
  /** Runs of both sides in the same spell, not paired. */
  | { readonly kind: 'unpaired'; readonly base: readonly number[]; readonly head: readonly number[] }
  /**
   * Runs of earlier against head: all of head's runs share one occasion, so they count as one more value of the history (prediction
   * interval), however many they are.
   */
  | { readonly kind: 'predicted'; readonly base: readonly number[]; readonly head: readonly number[] }
  /** One against one, with the standard deviation of such a difference known from elsewhere. */
  | {
      readonly kind: 'single'
      readonly difference: number
      readonly scale: number
      readonly degreesOfFreedom: number
    }

export interface ShiftMoments {
  readonly mean: number
  /** Of a single difference between two runs: divided by the root of the repetitions it is the error of `mean`. */
  readonly scale: number
  readonly standardError: number
  readonly degreesOfFreedom: number
}

export interface Shift {
  readonly estimate: number
  /** One-sided each, at 1 - alpha. */
  readonly lower: number
  readonly upper: number
}

/** Null: too few runs to know their spread. */
export function shiftMoments(sample: ShiftSample): ShiftMoments | null {
  switch (sample.kind) {
    case 'paired': {
      const { differences } = sample
      if (differences.length < 2) return null
      const scale = Math.sqrt(variance(differences))
      return {
        mean: mean(differences),
        scale,
        standardError: scale / Math.sqrt(differences.length),
        degreesOfFreedom: differences.length - 1,
      }
    }
    case 'unpaired':
      return welch(sample.base, sample.head)
    case 'predicted':
      return predicted(sample.base, sample.head)
    case 'single':
      return {
        mean: sample.difference,
        scale: sample.scale,
        standardError: sample.scale,
        degreesOfFreedom: sample.degreesOfFreedom,
      }
  }
}

export function shiftOf(sample: ShiftSample, alpha: number): Shift | null {
  const moments = shiftMoments(sample)
  if (moments === null) return null
  const estimate = estimateOf(sample)
  const lower = lowerBound(sample, moments, alpha)
  const upper = -lowerBound(mirrored(sample), { ...moments, mean: -moments.mean }, alpha)
  return { estimate, lower: Math.min(lower, estimate), upper: Math.max(upper, estimate) }
}

/** One-sided p-value of "head is not above base by more than `margin`". */
export function pAbove(sample: ShiftSample, margin: number): number {
  const moments = shiftMoments(sample)
  if (moments === null) return 1
  const byT = tTail(ratioOf(moments.mean - margin, moments.standardError), moments.degreesOfFreedom)
  const byRanks = rankP(sample, margin)
  return byRanks === null ? byT : Math.min(1, 2 * Math.min(byT, byRanks))
}

/** The same of "head is not below base by more than `margin`". */
export function pBelow(sample: ShiftSample, margin: number): number {
  return pAbove(mirrored(sample), margin)
}

function estimateOf(sample: ShiftSample): number {
  if (sample.kind === 'paired') return hodgesLehmann(sample.differences)
  if (sample.kind === 'single') return sample.difference
  return hodgesLehmannShift(sample.base, sample.head)
}

function lowerBound(
  sample: ShiftSample,
  { mean: centre, standardError, degreesOfFreedom }: ShiftMoments,
  alpha: number,
): number {
  const byT = (tail: number) => centre - tCritical(tail, degreesOfFreedom) * standardError
  if (!hasRanks(sample)) return byT(alpha)
  const byRanks =
    sample.kind === 'paired'
      ? signedRankLower(sample.differences, alpha / 2)
      : mannWhitneyLower(sample.base, sample.head, alpha / 2)
  return byRanks === null ? byT(alpha / 2) : Math.max(byRanks, byT(alpha / 2))
}

function rankP(sample: ShiftSample, margin: number): number | null {
  if (!hasRanks(sample)) return null
  return sample.kind === 'paired'
    ? signedRank(sample.differences.map((each) => each - margin))
    : mannWhitney(
        sample.base,
        sample.head.map((each) => each - margin),
      )
}

/** Fewer runs than this can never reach one in forty by their order alone. */
const LEAST_PAIRS = 6
const LEAST_A_SIDE = 4

function hasRanks(sample: ShiftSample): sample is Extract<ShiftSample, { kind: 'paired' | 'unpaired' }> {
  if (sample.kind === 'paired') return sample.differences.length >= LEAST_PAIRS
  return sample.kind === 'unpaired' && Math.min(sample.base.length, sample.head.length) >= LEAST_A_SIDE
}

function mirrored(sample: ShiftSample): ShiftSample {
  const negative = (values: readonly number[]) => values.map((value) => -value)
  if (sample.kind === 'paired') return { kind: 'paired', differences: negative(sample.differences) }
  if (sample.kind === 'single') return { ...sample, difference: -sample.difference }
  return { ...sample, base: negative(sample.base), head: negative(sample.head) }
}

function welch(base: readonly number[], head: readonly number[]): ShiftMoments | null {
  if (base.length < 2 || head.length < 2) return predicted(base, head)
  const baseError = variance(base) / base.length
  const headError = variance(head) / head.length
  const error = baseError + headError
  const degreesOfFreedom =
    error ** 2 / (baseError ** 2 / (base.length - 1) + headError ** 2 / (head.length - 1))
  return {
    mean: mean(head) - mean(base),
    scale: Math.sqrt(variance(base) + variance(head)),
    standardError: Math.sqrt(error),
    // hardly any spread at all: its square is no number any more
    degreesOfFreedom: Number.isFinite(degreesOfFreedom) ? degreesOfFreedom : base.length + head.length - 2,
  }
}

/** From whichever side has the history. */
function predicted(base: readonly number[], head: readonly number[]): ShiftMoments | null {
  const history = base.length >= 2 ? base : head
  if (history.length < 2 || base.length === 0 || head.length === 0) return null
  const scale = Math.sqrt(variance(history))
  return {
    mean: median(head) - median(base),
    scale: scale * Math.SQRT2,
    standardError: scale * Math.sqrt(1 + 1 / history.length),
    degreesOfFreedom: history.length - 1,
  }
}

function ratioOf(difference: number, error: number): number {
  if (error > 0) return difference / error
  return difference === 0 ? 0 : difference * Number.POSITIVE_INFINITY
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length
}

function variance(values: readonly number[]): number {
  const centre = mean(values)
  return values.reduce((sum, each) => sum + (each - centre) ** 2, 0) / (values.length - 1)
}
