// What `plan-check` answers. Others build on this: fields are added, never renamed.

import type { Evidence } from './finding.ts'
import type { ReviewReport } from './review.ts'

export const LEVELS = ['fail', 'warn', 'off'] as const
export type Level = (typeof LEVELS)[number]

export interface Violation {
  /** Id of the workload's statement; null: it is about a migration or the whole workload. */
  readonly statement: string | null
  readonly migration: string | null
  readonly line: number | null
  /** What a waiver may name: the statement's id, or a table or index. */
  readonly subject: string
  readonly summary: string
  readonly evidence: readonly Evidence[]
  readonly safer: readonly string[]
}

export interface JudgedViolation extends Violation {
  /** Null: it counts. */
  readonly waivedBecause: string | null
}

export interface JudgedCondition {
  readonly id: string
  readonly title: string
  readonly level: Level
  /** fail and warn: a violation that is not waived. */
  readonly status: 'ok' | 'warn' | 'fail' | 'off'
  readonly violations: readonly JudgedViolation[]
}

export interface PlanCheckReport {
  readonly verdict: 'pass' | 'fail'
  readonly statistics: {
    readonly origin: string
    readonly takenAt: string
    readonly ageDays: number
    readonly versionNum: number
    readonly values: 'literal' | 'surrogate'
  }
  readonly migrations: {
    /** Already on production. */
    readonly applied: readonly string[]
    readonly pending: readonly string[]
    /** recorded: the statistics file lists what is applied; recognised: their objects are there; since: as asked. */
    readonly knownBy: 'recorded' | 'recognised' | 'since'
  }
  readonly statements: { readonly known: number; readonly new: number; readonly leftOut: number }
  readonly conditions: readonly JudgedCondition[]
  /** The review of the pending migrations, plans included. */
  readonly review: ReviewReport
  readonly notes: readonly string[]
}
