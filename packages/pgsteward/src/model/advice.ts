// What `advise` answers: indexes worth having for a workload, each with its evidence. Others build on this: fields are added, never
// renamed. Costs are the planner's units; a minute's cost is the statement's cost times its calls.

import type { Bytes, Milliseconds } from './units.ts'
import type { Agreement, IndexSketch, WhatIfPlanner } from './what-if.ts'

export interface ServedStatement {
  readonly id: string
  /** Its text, shortened. */
  readonly sql: string
  readonly callsPerMinute: number
  /** Per call, with no advised index. */
  readonly costBefore: number
  /** Per call, with all advised indexes. */
  readonly costAfter: number
  /** How the table was read before, and by this index after: 'Seq Scan', 'Index Only Scan'. */
  readonly scanBefore: string | null
  readonly scanAfter: string
  /** Set where it is the search that a foreign key makes behind a delete. */
  readonly foreignKey: string | null
}

export interface AdvisedIndex {
  readonly schema: string
  readonly table: string
  readonly name: string
  /** `create index concurrently ...`, and how to take it back. */
  readonly sql: string
  readonly undo: string
  /** `(org_id, created_at) where ...` */
  readonly definition: string
  /** The same as data. */
  readonly sketch?: IndexSketch
  /** As predicted, deduplication included. */
  readonly sizeBytes: Bytes
  /** Of the same index without its WHERE, as predicted; null: it has none, or that is not known. */
  readonly wholeSizeBytes?: Bytes | null
  readonly statements: readonly ServedStatement[]
  /** What all statements together would cost more a minute without this index, the others being there. */
  readonly gainPerMinute: number
  readonly write: {
    readonly costPerMinute: number
    readonly walBytesPerMinute: Bytes
    /** Updates a minute that stop being heap-only. */
    readonly hotLostPerMinute: number
  }
  /** `planner`: it was asked with the index in place. `formula`: the planner can't tell this method's cost well. */
  readonly verifiedBy: 'planner' | 'formula'
  /** The second planner that was asked, on the target itself with all advised indexes; null: none could be, or not about this one. */
  readonly checkedWith?: 'hypopg' | null
  readonly cautions: readonly string[]
}

export interface RedundantIndex {
  readonly schema: string
  readonly table: string
  readonly name: string
  readonly sizeBytes: Bytes
  readonly because: string
  readonly sql: string
}

/** A statement written otherwise, which the planner puts clearly lower. Nothing applies it: only the application can. */
export interface ProvenRewrite {
  /** Of the statement. */
  readonly id: string
  /** What was done: `bare-column-day`, `not-exists`, `keyset` ... */
  readonly kind: string
  /** The statement as it was, and as it should be; parameters keep their numbers. */
  readonly before: string
  readonly sql: string
  readonly why: string
  /** `always`, or the condition on which both return the same rows. */
  readonly sameResult: string
  readonly callsPerMinute: number
  /** Per call, over the same values, with the indexes that there are. */
  readonly costBefore: number
  readonly costAfter: number
}

export interface AdviceReport {
  readonly target: string
  readonly planner: {
    readonly kind: WhatIfPlanner['kind']
    readonly versionNum: number
    /** With the target's own EXPLAIN on the unchanged schema; null where it was not measured. */
    readonly agreement: Agreement | null
  }
  readonly budgetBytes: Bytes
  readonly tableBytes: Bytes
  readonly indexes: readonly AdvisedIndex[]
  readonly redundant: readonly RedundantIndex[]
  /** The largest saving a minute first. Absent: made before there were any. */
  readonly rewrites?: readonly ProvenRewrite[]
  readonly cost: {
    readonly beforePerMinute: number
    readonly afterPerMinute: number
    readonly writePerMinute: number
    readonly walBytesPerMinute: Bytes
  }
  readonly sizeBytes: Bytes
  readonly statements: readonly {
    readonly id: string
    readonly callsPerMinute: number
    readonly costBefore: number
    readonly costAfter: number
    /** The same as the second planner has it; null: it was not asked. */
    readonly costAfterChecked?: number | null
    /** Where its parameters' values come from. */
    readonly valuesFrom: 'text' | 'captured' | 'statistics' | 'generic'
  }[]
  /** Statements that could not be taken into account, each with its reason. */
  readonly leftOut: readonly { readonly id: string; readonly because: string }[]
  readonly notes: readonly string[]
  readonly search: {
    readonly candidates: number
    readonly explains: number
    readonly answeredFromPlans: number
    readonly tookMs: Milliseconds
    /** False: time ran out, and more time may find a better answer. */
    readonly isFinished: boolean
  }
}
