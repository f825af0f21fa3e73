// What an index that appeared did to the statements it is for: the same query ids before and after, from the statement history.

import type { Milliseconds, Window } from './units.ts'

/**
 * improved, no-change, worse: by the time that the calls of before would take now. too-few-calls: nothing can be said (yet).
 * disturbed: something else changed at the same time, and the figures are of both.
 */
export const EFFECT_VERDICTS = ['improved', 'no-change', 'worse', 'too-few-calls', 'disturbed'] as const
export type EffectVerdict = (typeof EFFECT_VERDICTS)[number]

export interface StatementFigures {
  readonly calls: number
  readonly callsPerMinute: number
  readonly meanMs: Milliseconds
  readonly totalMsPerMinute: Milliseconds
  /** Shared blocks, found in the cache or read. */
  readonly blocksPerCall: number
}

export interface StatementEffect {
  readonly queryId: string
  /** Shortened. */
  readonly text: string
  readonly before: StatementFigures
  readonly after: StatementFigures
  /** As the advice predicted them, per call; null: it was not advised for this statement. */
  readonly predictedCostRatio: number | null
  /** Mean time after to before; null: too few calls on either side. */
  readonly measuredRatio: number | null
  readonly verdict: Exclude<EffectVerdict, 'disturbed'>
}

export interface IndexEffect {
  readonly targetId: string
  readonly schema: string
  readonly table: string
  readonly index: string
  readonly definition: string
  /** The reading that saw it first; it was made since `before.to`. */
  readonly appearedAt: Date
  /** The run that advised it; null: none did. */
  readonly advisedBy: string | null
  readonly before: Window
  /** As long as `before`. Grows up to a day. */
  readonly after: Window
  readonly isComplete: boolean
  /** Of the statements that it serves, weighted by their calls; null: none was predicted. */
  readonly predictedCostRatio: number | null
  readonly measuredRatio: number | null
  readonly verdict: EffectVerdict
  /** What else changed, or what there is too little of. */
  readonly because: string | null
  readonly statements: readonly StatementEffect[]
  readonly refreshedAt: Date
}
