// A run of advise by the server: over which workload, how it ended, and what it advised. The store keeps the last ones a target.

import type { AdviceReport } from './advice.ts'
import type { Milliseconds } from './units.ts'

/** Where the statements of a run and their calls come from. */
export interface AdviceWorkload {
  /** history: the increases that the store has of the last days. pg_stat_statements: the target's sums since their reset. */
  readonly source: 'history' | 'pg_stat_statements'
  readonly statements: number
  readonly from: Date | null
  readonly to: Date | null
  /** Measured, by query id; empty where it is not known. */
  readonly execMsPerMinute: Readonly<Record<string, Milliseconds>>
}

export interface AdviceRun {
  readonly id: string
  readonly startedAt: Date
  readonly finishedAt: Date | null
  readonly status: 'running' | 'done' | 'failed'
  /** Why it failed. */
  readonly because: string | null
  readonly workload: AdviceWorkload | null
  readonly report: AdviceReport | null
}

/** What checks and views may ask of it. */
export interface AdviceMemory {
  /** The latest run however it ended, and the latest that was done. */
  advice(targetId: string): Promise<{ readonly latest: AdviceRun | null; readonly done: AdviceRun | null }>
}
