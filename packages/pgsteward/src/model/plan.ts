// Plans that statements really have or had, kept once per shape; their changes; and what happened to the target around them.

import type { Milliseconds, Window } from './units.ts'
import type { PlanNode } from './what-if.ts'

/** auto_explain: as it ran. parameters: EXPLAIN with captured values. generic: EXPLAIN (GENERIC_PLAN). */
export const PLAN_SOURCES = ['auto_explain', 'parameters', 'generic'] as const
export type PlanSource = (typeof PLAN_SOURCES)[number]

export interface StatementPlan {
  readonly id: string
  /** Null where only the fingerprint is known (an auto_explain plan without query id). */
  readonly queryId: string | null
  readonly fingerprint: string
  readonly database: string
  /** Of plans/plan-shape.ts: equal for plans of the same steps, whatever their costs and rows. */
  readonly shape: string
  readonly plan: PlanNode
  /** True: with actual rows and times. */
  readonly isAnalyzed: boolean
  readonly source: PlanSource
  /** $1 first, secrets replaced; null: generic, or not known. */
  readonly parameters: readonly (string | null)[] | null
  readonly text: string
  /** The planner's, of the statement's last sight. */
  readonly totalCost: number
  /** Of the execution that auto_explain logged. */
  readonly durationMs: Milliseconds | null
  readonly firstSeenAt: Date
  readonly lastSeenAt: Date
  readonly seen: number
}

/** A plan as it was seen once; literals in it are replaced already (plans/redact-plan.ts). */
export type PlanSight = Pick<
  StatementPlan,
  | 'queryId'
  | 'fingerprint'
  | 'database'
  | 'shape'
  | 'plan'
  | 'isAnalyzed'
  | 'source'
  | 'parameters'
  | 'text'
  | 'durationMs'
> & { readonly at: Date }

export const EVENT_KINDS = ['deployment', 'schema', 'settings', 'statistics', 'restart', 'load'] as const

/** Something that happened to the target or its application, by which a change may be explained. */
export interface TargetEvent {
  readonly at: Date
  readonly kind: (typeof EVENT_KINDS)[number]
  /** What it is about: an application, `schema.table`, a setting. */
  readonly subject: string
  /** `version 1.4.0 to 1.5.0`, `index orders_at_idx dropped`, `work_mem 4MB to 64MB`, `analyzed, 1,200 to 1,900,000 rows`. */
  readonly detail: string
}

export interface PlanChange {
  readonly queryId: string
  readonly fingerprint: string
  readonly database: string
  /** First sight of the new shape. */
  readonly at: Date
  /** Last sight of the old one: the change lies between. */
  readonly notBefore: Date
  readonly from: StatementPlan
  readonly to: StatementPlan
  /** Where the shapes part, from the top. */
  readonly difference: string
  /** How often the statement went from one of the two to the other within the window; more than once: it flips to and fro. */
  readonly flips: number
  /** Per call, before and after, from the statement's history; null: no calls there. */
  readonly meanMsBefore: Milliseconds | null
  readonly meanMsAfter: Milliseconds | null
  readonly callsPerMinuteBefore: number
  readonly callsPerMinuteAfter: number
  /** Of a while before the change, the nearest first, those of tables that the plans read before others. */
  readonly events: readonly TargetEvent[]
}

/** What checks and views may ask of it. */
export interface PlanMemory {
  /** Latest sight first. */
  plansOf(
    targetId: string,
    statement: { readonly queryId: string } | { readonly fingerprint: string },
  ): Promise<readonly StatementPlan[]>
  /**
   * The plan that each statement was executed with in the last half hour of the window, else last seen with; the statements' heaviest
   * first; at most `limit` (default 300).
   */
  currentPlans(targetId: string, window: Window, limit?: number): Promise<readonly StatementPlan[]>
  /** The latest first; 200 at most. */
  planChanges(targetId: string, window: Window): Promise<readonly PlanChange[]>
  /** The latest first; 500 at most. */
  targetEvents(targetId: string, window: Window): Promise<readonly TargetEvent[]>
}

/** What a plan's reader should see first, in plain words; plans/insights makes them. */
export interface PlanInsight {
  readonly kind:
    | 'dominant-step'
    | 'misestimate'
    | 'nested-loop'
    | 'spill'
    | 'filter'
    | 'scan'
    | 'lossy-bitmap'
    | 'order-by-limit'
    | 'or-filter'
    | 'offset'
    | 'jit'
    | 'never-executed'
    | 'workers'
  /** One sentence. */
  readonly words: string
  /** How bad: share of the plan's cost (or time, where it was analyzed) that it is about; 0 to 1. */
  readonly share: number
  /** Where in the plan: indexes into Plans from the root. */
  readonly path: readonly number[]
  readonly figures: Readonly<Record<string, string | number>>
}
