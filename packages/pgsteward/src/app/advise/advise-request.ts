// What is asked of advise, and what its planners are given.

import type { Surroundings } from '../../advise/surroundings.ts'
import type { Workload } from '../../advise/workload.ts'
import { type Bytes, type Milliseconds, parseSize } from '../../model/units.ts'
import type { Session } from '../../postgres/connect.ts'

export const PLANNERS = ['auto', 'twin', 'hypopg'] as const
/**
 * twin: on this machine. hypopg: on the target, by its extension. auto: a twin, and what it advises is checked with HypoPG where the
 * target has it.
 */
export type PlannerChoice = (typeof PLANNERS)[number]

export interface AdviseRequest {
  readonly url: string
  /** null: pg_stat_statements of the target. */
  readonly workloadFile: string | null
  /** Given, nothing else is read for it. */
  readonly workload?: Workload
  readonly budget: Budget
  readonly planner: PlannerChoice
  readonly mostIndexes: number
  /** How long to search at most, once all is read. */
  readonly searchMs: Milliseconds
  /** Keeps prepared clusters between twins. */
  readonly cacheDir: string
  /** Two plan at once, on two cores and in twice the memory (PGlite: some 300 MB each). Default 1. */
  readonly twins?: 1 | 2
  readonly now: () => Date
  readonly signal: AbortSignal
  readonly onProgress?: (text: string) => void
}

/** Of all tables' bytes, or in bytes. */
export type Budget =
  | { readonly kind: 'share'; readonly share: number }
  | { readonly kind: 'bytes'; readonly bytes: Bytes }

/** '25%' or '500MB'; null when it is neither. */
export function parseBudget(text: string): Budget | null {
  const percent = /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(text)?.[1]
  if (percent !== undefined) return { kind: 'share', share: Number(percent) / 100 }
  const bytes = parseSize(text)
  return bytes === null ? null : { kind: 'bytes', bytes }
}

/** What was read of the target before any planner is asked. */
export interface AdviseGround {
  readonly request: AdviseRequest
  /** The target's, for what a planner still has to read. */
  readonly session: Session
  readonly surroundings: Surroundings
  readonly workload: Workload
  /** About the reading, for the report. */
  readonly notes: readonly string[]
}
