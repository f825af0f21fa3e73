// What comparing runs with a baseline answers. Others build on this: fields are added, never renamed.

import type { Evidence } from './finding.ts'
import type { InvalidReason } from './load-run.ts'

export const COMPARISON_FORMAT = 'pgsteward-comparison/1'

/** inconclusive: a slowdown that would fail can't be excluded and none is proven; invalid: the runs must not be compared. */
export const VERDICTS = ['pass', 'warn', 'fail', 'inconclusive', 'invalid'] as const
export type Verdict = (typeof VERDICTS)[number]

/** Of a slowdown: critical over 25 %, high 15 to 25, medium 10 to 15, low 5 to 10; improvement: over 5 % faster (V5). */
export const BANDS = ['critical', 'high', 'medium', 'low', 'none', 'improvement'] as const
export type Band = (typeof BANDS)[number]

export const QUANTILES = ['p50', 'p90', 'p95', 'p99'] as const
export type Quantile = (typeof QUANTILES)[number]

/** How the runs were made: the best first. stored: head against runs of earlier; single: one against one. */
export const DESIGNS = ['duet', 'interleaved', 'stored', 'single'] as const
export type Design = (typeof DESIGNS)[number]

export interface ComparedSide {
  /** Of all its runs together, from the merged histogram. */
  readonly valueMs: number | null
  readonly requests: number
  readonly runs: number
}

/** One quantile of one endpoint. */
export interface ComparedSeries {
  readonly name: string
  readonly feature: string | null
  readonly quantile: Quantile
  readonly base: ComparedSide
  readonly head: ComparedSide
  /** Head by base, as estimated from repetitions; null: nothing to compare. */
  readonly ratio: number | null
  /** Of the ratio, one-sided 95 % each, runs as the unit of replication. */
  readonly lower: number | null
  readonly upper: number | null
  /** Adjusted for all comparisons together (Benjamini-Hochberg). */
  readonly pValue: number | null
  /** Only with statistical support (V5); null: without. */
  readonly band: Band | null
  readonly verdict: Verdict
  /** The least slowdown that could have been seen, as a ratio: 1.38 is 38 %. */
  readonly detectable: number | null
  /** Repetitions a side that would decide, by the noise seen; null: decided, or no number would. */
  readonly runsNeeded: number | null
  readonly noiseFloor: number | null
  /** In words, for inconclusive and invalid above all. */
  readonly because: string
}

/** Do more requests fail? Judged apart from latencies. */
export interface ComparedErrors {
  readonly name: string
  /** Of the requests of all runs, 0 to 1. */
  readonly baseRatio: number
  readonly headRatio: number
  /** One-sided, adjusted; by how much runs differ among each other. */
  readonly pValue: number
  readonly verdict: Verdict
  readonly because: string
}

export interface Cause {
  /** application: the time is outside of the database. */
  readonly kind:
    | 'statement'
    | 'plan'
    | 'table'
    | 'wait'
    | 'pool'
    | 'connections'
    | 'cache'
    | 'errors'
    | 'settings'
    | 'schema'
    | 'application'
  /** What it is about: a statement's text, a table, a pool. */
  readonly subject: string
  readonly queryId: string | null
  readonly summary: string
  readonly evidence: readonly Evidence[]
  /** Of the time a request takes more, 0 to 1; null: not to be told. */
  readonly share: number | null
}

export interface Comparison {
  readonly format: typeof COMPARISON_FORMAT
  readonly verdict: Verdict
  /** One sentence. */
  readonly summary: string
  readonly scenario: { readonly id: string; readonly hash: string } | null
  readonly design: Design
  readonly baseRuns: number
  readonly headRuns: number
  readonly invalid: readonly { readonly reason: InvalidReason | Mismatch; readonly detail: string }[]
  readonly series: readonly ComparedSeries[]
  /** Of series where any request failed; absent: not judged. */
  readonly errors?: readonly ComparedErrors[]
  /** How many comparisons were made, and how many of them decided nothing. */
  readonly comparisons: number
  readonly inconclusive: number
  readonly causes: readonly Cause[]
  /** Improved by over 10 % on the whole: the baseline may be renewed (V6). */
  readonly isNewBaselineDue: boolean
  readonly notes: readonly string[]
}

/** Why two valid runs must not be compared. */
export const MISMATCHES = [
  'other-scenario',
  'other-model',
  'other-engine',
  'other-scale',
  'other-host-class',
  'other-data',
  'no-histogram',
  'no-common-series',
] as const
export type Mismatch = (typeof MISMATCHES)[number]
