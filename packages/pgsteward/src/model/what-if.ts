// A what-if planner: something that can be asked what PostgreSQL's planner would do. The planner twin (on PGlite or on a native
// server) and HypoPG on the target implement it; one suite holds them to it (test/twin/).

import type { Bytes } from './units.ts'

/** A node of EXPLAIN (FORMAT JSON), as PostgreSQL names its fields. */
export interface PlanNode {
  readonly 'Node Type': string
  readonly 'Startup Cost': number
  readonly 'Total Cost': number
  readonly 'Plan Rows': number
  readonly 'Plan Width': number
  readonly 'Relation Name'?: string
  readonly Schema?: string
  readonly Alias?: string
  readonly 'Index Name'?: string
  readonly Plans?: readonly PlanNode[]
  readonly [field: string]: unknown
}

export type Parameters =
  /** EXPLAIN (GENERIC_PLAN), or a forced generic plan before 16. */
  | { readonly kind: 'generic' }
  /** Text forms of the values of $1, $2 ...; null is NULL. */
  | { readonly kind: 'values'; readonly values: readonly (string | null)[] }
  | { readonly kind: 'none' }

export interface Planned {
  readonly plan: PlanNode
}
export interface NotPlanned {
  readonly error: { readonly sqlState: string | null; readonly message: string }
}

/** An index that may come to be. */
export interface IndexSketch {
  readonly schema: string
  readonly table: string
  readonly method: 'btree' | 'gin' | 'gist' | 'brin' | 'hash'
  /** SQL of each key: a quoted column, or an expression in parentheses; with operator class, direction and nulls where they matter. */
  readonly keys: readonly string[]
  readonly include: readonly string[]
  /** SQL of the predicate; null: a whole index. */
  readonly where: string | null
  readonly isUnique: boolean
}

export interface SketchedIndex {
  /** Of this planner alone. */
  readonly handle: string
  /** How plans name it and its parts on partitions ('Index Name'); unique within the planner. */
  readonly indexNames: readonly string[]
  readonly sizeBytes: Bytes
  /** Levels above the leaves; null where the method has none. */
  readonly treeHeight: number | null
}

/** How well the planner agrees with the target's own EXPLAIN on the unchanged schema, measured on a workload. */
export interface Agreement {
  readonly statements: number
  readonly sameShape: number
  /** Total cost within a thousandth. */
  readonly sameCost: number
  readonly couldNotPlan: number
}

export interface Asked {
  readonly sql: string
  readonly parameters?: Parameters
  /** Handles of the sketched indexes that this plan sees, whatever was shown; existing ones stay hidden or not as `show` said. */
  readonly seeing?: ReadonlySet<string>
}

export interface WhatIfPlanner {
  readonly kind: 'pglite' | 'native' | 'hypopg'
  /** server_version_num of the planner, which may differ from the target's. */
  readonly versionNum: number
  /** False: existing indexes can't be hidden, and `show` refuses to (HypoPG before 1.4). Absent: they can. */
  readonly hidesExisting?: boolean
  explain(sql: string, parameters?: Parameters): Promise<Planned | NotPlanned>
  /** As explain, for many at once; answers in the order asked. A search asks nearly everything by it: one round trip where that can be. */
  explainAll(asked: readonly Asked[]): Promise<readonly (Planned | NotPlanned)[]>
  /** Creates the index so that it can be switched on; hidden at first. Errors: the sketch is not valid SQL for this table. */
  sketch(index: IndexSketch): Promise<SketchedIndex | NotPlanned>
  /** As sketch, for many at once, which costs a fraction; answers in the order asked. One that is refused does not stop the others. */
  sketchAll(indexes: readonly IndexSketch[]): Promise<readonly (SketchedIndex | NotPlanned)[]>
  /** From now on plans see exactly these sketched indexes, beside the existing ones that are not in `hideExisting` (qualified names). */
  show(handles: ReadonlySet<string>, hideExisting?: ReadonlySet<string>): Promise<void>
  close(): Promise<void>
}
