// What `review` says of migrations. Others build on this: fields are added, never renamed.

import type { Evidence, Severity } from './finding.ts'
import type { Bytes, Milliseconds } from './units.ts'
import type { PlanNode, WhatIfPlanner } from './what-if.ts'

/** Who runs the migrations of a folder. */
export const RUNNERS = ['prisma', 'drizzle', 'knex', 'node-pg-migrate', 'flyway', 'psql'] as const
export type Runner = (typeof RUNNERS)[number]

/** PostgreSQL's table-level lock modes, weakest first. */
export const LOCK_MODES = [
  'access share',
  'row share',
  'row exclusive',
  'share update exclusive',
  'share',
  'share row exclusive',
  'exclusive',
  'access exclusive',
] as const
export type LockMode = (typeof LOCK_MODES)[number]

/** What other sessions can't do to a table meanwhile. */
export type Blocks = 'nothing' | 'schema changes' | 'writes' | 'reads and writes'

export interface ReviewedLock {
  readonly schema: string | null
  readonly name: string
  readonly mode: LockMode
  readonly blocks: Blocks
}

/** What a statement does to a table beside changing the catalogs. */
export interface ReviewedWork {
  readonly kind: 'scan' | 'rewrite' | 'index-build' | 'update'
  readonly schema: string | null
  readonly table: string
  /** Of the table; null: not known. */
  readonly rows: number | null
  readonly sizeBytes: Bytes | null
}

/** A prediction, as an interval: the machine, its cache and what else it does are not known. */
export interface Span {
  readonly lowMs: Milliseconds
  readonly highMs: Milliseconds
}

export interface ReviewedStatement {
  readonly migration: string
  readonly line: number
  /** As written, shortened. */
  readonly sql: string
  /** `add-column`, `create-index` ...; several for an ALTER TABLE of several actions. */
  readonly kinds: readonly string[]
  readonly does: string
  readonly locks: readonly ReviewedLock[]
  readonly work: readonly ReviewedWork[]
  /** manual: from what PostgreSQL's manual says; twin: seen when it ran on the planner twin. */
  readonly knownFrom: 'manual' | 'twin'
  /** shared: in one transaction with other statements, whose locks are held to its end. */
  readonly transaction: 'own' | 'shared'
  /** Null: sizes are not known. Zero for a change of catalogs. */
  readonly takes: Span | null
  /** How long its locks are held. */
  readonly held: Span | null
  /** PostgreSQL's refusal on the twin. */
  readonly error: string | null
}

export interface ReviewFinding {
  /** `blocking-lock`, `no-lock-timeout`, `data-loss` ...: docs/guides/review.md has the list. */
  readonly rule: string
  readonly severity: Severity
  /** Null: of the workload as a whole. */
  readonly migration: string | null
  readonly line: number | null
  /** A table or index (`public.message`), or a statement's id. */
  readonly subject: string
  readonly summary: string
  readonly evidence: readonly Evidence[]
  /** SQL that does the same more safely, one statement each; empty: there is none, or none is needed. */
  readonly safer: readonly string[]
}

export interface SequentialScan {
  readonly schema: string | null
  readonly table: string
  /** Rows and bytes of the table, times the share of it that is expected to be read. */
  readonly rows: number
  readonly sizeBytes: Bytes
}

export interface PlanSide {
  readonly cost: number
  readonly rows: number
  /** `Index Scan using message_pkey on message`, from the top. */
  readonly steps: readonly string[]
  readonly sequentialScans: readonly SequentialScan[]
  readonly indexes: readonly string[]
  /** Bytes of sorts and hash tables over work_mem, as estimated; 0: none. */
  readonly spillBytes: Bytes
  readonly plan: PlanNode
}

export interface ReplannedStatement {
  readonly id: string
  readonly sql: string
  readonly callsPerMinute: number
  /** Not known to production yet. */
  readonly isNew: boolean
  /** Null: it can't be planned on the schema as it is. */
  readonly before: PlanSide | null
  readonly after: PlanSide | null
  readonly errorBefore: string | null
  readonly errorAfter: string | null
  /** Where the plans' shapes part; null: they don't. */
  readonly difference: string | null
  /** Where its parameters' values come from. */
  readonly valuesFrom: 'text' | 'captured' | 'statistics' | 'generic'
}

export interface ReviewReport {
  /** Host, port and database, or the statistics file; null: sizes are not known. */
  readonly target: string | null
  readonly sizesAt: string | null
  readonly planner: { readonly kind: WhatIfPlanner['kind']; readonly versionNum: number } | null
  /** How statements are put into transactions: `prisma`, `psql` ... */
  readonly runner: string
  readonly migrations: readonly string[]
  readonly statements: readonly ReviewedStatement[]
  /** The gravest first. */
  readonly findings: readonly ReviewFinding[]
  /** Null: no workload or no sizes. */
  readonly plans: readonly ReplannedStatement[] | null
  readonly notes: readonly string[]
}
