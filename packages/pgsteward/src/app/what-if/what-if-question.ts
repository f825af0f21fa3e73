// What can be asked of a target's planner twin, and how it answers: plain data, which goes between two processes.

import type { WorkloadStatement } from '../../advise/workload.ts'
import type { ErrorCode } from '../../model/error.ts'
import type { ReplannedStatement, ReviewReport, Runner } from '../../model/review.ts'
import type { Bytes } from '../../model/units.ts'
import type { PlanNode, WhatIfPlanner } from '../../model/what-if.ts'

/** What would the planner do with this text? `values`: text forms of $1, $2 ...; null: none are given. */
export interface ExplainQuestion {
  readonly kind: 'explain'
  readonly sql: string
  readonly values: readonly (string | null)[] | null
}

/** What would these indexes do to these statements? */
export interface IndexQuestion {
  readonly kind: 'indexes'
  /** CREATE INDEX statements. */
  readonly indexes: readonly string[]
  /** Names of existing indexes, with or without schema, that plans shall not see. */
  readonly hidden: readonly string[]
  /** One text of the caller's own, or captured statements. */
  readonly about: Omit<ExplainQuestion, 'kind'> | { readonly workload: readonly WorkloadStatement[] }
}

/** What would this migration lock, rewrite and do to the plans of these statements? */
export interface ReviewQuestion {
  readonly kind: 'review'
  readonly sql: string
  readonly runner: Runner
  readonly workload: readonly WorkloadStatement[]
}

export type WhatIfQuestion = ExplainQuestion | IndexQuestion | ReviewQuestion

/** Whose word it is, and how old what it knows. */
export interface TwinInShort {
  readonly kind: WhatIfPlanner['kind']
  readonly versionNum: number
  readonly targetVersionNum: number
  readonly statisticsAt: string
  /** What the twin lacks. */
  readonly notes: readonly string[]
}

export interface ExplainAnswer {
  readonly kind: 'explain'
  readonly plan: PlanNode
  /** The steps in one line. */
  readonly shapeText: string
  /** In plain words, the heaviest first. */
  readonly insights: readonly string[]
  readonly parameters: 'none' | 'generic' | 'values'
  readonly twin: TwinInShort
}

export interface TriedIndex {
  readonly name: string
  readonly schema: string
  readonly table: string
  /** `(shop_id, sent_at desc) where ...` */
  readonly definition: string
  readonly sizeBytes: Bytes
  /** Ids of statements whose plan would use it. */
  readonly usedBy: readonly string[]
}

export interface IndexAnswer {
  readonly kind: 'indexes'
  readonly indexes: readonly TriedIndex[]
  readonly hidden: readonly string[]
  readonly statements: readonly ReplannedStatement[]
  readonly twin: TwinInShort
}

export interface ReviewAnswer {
  readonly kind: 'review'
  readonly report: ReviewReport
}

export type WhatIfAnswer = ExplainAnswer | IndexAnswer | ReviewAnswer

export type AnswerTo<Question extends WhatIfQuestion> = Extract<WhatIfAnswer, { kind: Question['kind'] }>

/** `dir`: private, of this process alone, removed by who gives the order. */
export interface WhatIfOrder {
  readonly id: number
  readonly url: string
  readonly dir: string
  readonly cacheDir: string
  readonly question: WhatIfQuestion
}

export type WhatIfWord =
  | { readonly id: number; readonly progress: string }
  | { readonly id: number; readonly answer: WhatIfAnswer }
  | { readonly id: number; readonly failed: WhatIfFailure }

export interface WhatIfFailure {
  /** Null: a bug. */
  readonly code: ErrorCode | null
  readonly message: string
  readonly detail?: string
  readonly hint?: string
}
