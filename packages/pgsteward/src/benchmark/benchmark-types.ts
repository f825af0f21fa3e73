// The nouns of PerformanceBenchmark.

import type { Baseline } from '../model/baseline.ts'
import type { Band, Verdict } from '../model/comparison.ts'

export type Better = 'lower' | 'higher'

export interface BenchmarkMetric {
  readonly name: string
  /** One sample or several, finite and not negative. */
  readonly value: number | readonly number[]
  /** Default `ms`. */
  readonly unit?: string
  /** Default `lower`. */
  readonly better?: Better
}

/** The same file format as that of load runs: a set of runs, at most 20, of one host class. */
export type BenchmarkBaseline = Baseline

export interface MetricAnalysis {
  readonly name: string
  readonly unit: string
  readonly better: Better
  /** Medians of the runs; null: not in the baseline, or not recorded now. */
  readonly base: number | null
  readonly current: number | null
  readonly baseRuns: number
  /** Current by base as a slowdown: 1.2 is 20 % worse, whichever way is better. */
  readonly ratio: number | null
  /** Of the ratio, 95 % sure each. */
  readonly lower: number | null
  readonly upper: number | null
  /** Only with statistical support; null: without. */
  readonly band: Band | null
  readonly verdict: Verdict
  /** The least worsening that could have been seen, as a ratio. */
  readonly detectable: number | null
  /** Runs that the baseline needs for a decision; null: decided, or no number would do. */
  readonly runsNeeded: number | null
  readonly because: string
}

export interface RegressionAnalysis {
  readonly name: string
  readonly verdict: Verdict
  /** One sentence. */
  readonly summary: string
  readonly metrics: readonly MetricAnalysis[]
  readonly comparisons: number
  readonly inconclusive: number
  /** Improved by over 10 %, and nothing got worse: renew the baseline. */
  readonly isNewBaselineDue: boolean
  readonly notes: readonly string[]
}
