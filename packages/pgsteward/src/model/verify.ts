// What `verify` answers: whether declared indexes are there, valid and used, and what they bring to key queries. Others build on this:
// fields are added, never renamed.

import type { Bytes, Milliseconds } from './units.ts'

/** missing, invalid and different are the gate: what is declared is not there. unused: nobody has scanned it yet. */
export type IndexStatus = 'ok' | 'missing' | 'invalid' | 'different' | 'unused'

export interface FoundIndex {
  readonly schema: string
  readonly name: string
  /** `(a, b desc) where ...`, as PostgreSQL writes it. */
  readonly definition: string
  readonly isValid: boolean
  readonly isBeingBuilt: boolean
  /** On a partitioned table: of all its partitions. */
  readonly sizeBytes: Bytes
  /** Since the statistics began; on a partitioned table the sum of its partitions. */
  readonly scans: number
  /** PostgreSQL 16 on; null before, or never. */
  readonly lastScanAt: string | null
  /** Partitions that have it; null: the table has none. */
  readonly partitions: number | null
  /** Share of its size that a rebuild would free, estimated from the catalogs; null: not known (small, no B-tree, no statistics). */
  readonly bloatRatio: number | null
}

export interface VerifiedIndex {
  /** Where it is; for a missing one as declared (null: not named). */
  readonly schema: string | null
  readonly table: string
  readonly name: string
  readonly definition: string
  readonly isUnique: boolean
  readonly constraint: 'primary' | 'unique' | 'exclusion' | null
  /** `prisma/schema.prisma:120`. */
  readonly declaredIn: readonly string[]
  readonly status: IndexStatus
  /** Why it is not ok, or under which other name it is. */
  readonly because: string | null
  readonly found: FoundIndex | null
  /** Key queries whose plan uses it. */
  readonly usedBy: readonly string[]
}

export interface UndeclaredIndex {
  readonly schema: string
  readonly table: string
  readonly name: string
  readonly definition: string
  readonly isValid: boolean
  readonly isConstraint: boolean
  readonly sizeBytes: Bytes
  readonly scans: number
}

/** Milliseconds of execution of several runs, without planning. */
export interface Timing {
  readonly runs: number
  readonly medianMs: Milliseconds
  readonly leastMs: Milliseconds
  readonly mostMs: Milliseconds
  /** Blocks read from cache and disk, of the median run. */
  readonly blocks: number
  /** Ended by statement_timeout; the figures are then at least so much. */
  readonly hasTimedOut: boolean
}

export type Verdict = 'faster' | 'slower' | 'no difference' | 'inconclusive'

export interface Measured {
  readonly with: Timing
  /** Null: no plan without the index could be had. */
  readonly without: Timing | null
  /**
   * How the server was made to do without: `as planned`: by switching kinds of scans off, which gave the plan that the planner twin
   * chooses when the index is gone. `nearest`: another plan than that, so its time says little.
   */
  readonly withoutBy: 'as planned' | 'nearest' | null
  /** Median without, divided by the median with. */
  readonly ratio: number | null
  readonly verdict: Verdict
  readonly because: string
}

export interface PlannedQuery {
  readonly cost: number
  /** `Index Scan using message_pkey on message`, outermost first. */
  readonly steps: readonly string[]
}

export interface VerifiedQuery {
  readonly id: string
  readonly sql: string
  /** The target's own EXPLAIN; null: see error. */
  readonly plan: PlannedQuery | null
  readonly error: string | null
  /** Declared indexes, as `schema.name`, in its plan. */
  readonly uses: readonly string[]
  /** On the planner twin, without those of `uses` that no constraint needs; null: not asked, or none is used. */
  readonly without: PlannedQuery | null
  readonly measured: Measured | null
  /** Why it was not measured though asked for. */
  readonly notMeasured: string | null
}

export interface VerifyReport {
  readonly target: string
  readonly verifiedAt: string
  readonly server: {
    readonly version: string
    readonly versionNum: number
    readonly role: 'primary' | 'standby'
    /** Scans are counted since then. */
    readonly statisticsSince: string
  }
  readonly indexes: readonly VerifiedIndex[]
  readonly queries: readonly VerifiedQuery[]
  /** Indexes of the tables at hand that nothing declares. */
  readonly undeclared: readonly UndeclaredIndex[]
  /** What could not be read of the declarations. */
  readonly problems: readonly { readonly where: string; readonly because: string }[]
  readonly notes: readonly string[]
}

/** The reason of every unused index. */
export const UNUSED = 'not scanned since the statistics began'

export const GATE_STATUSES: ReadonlySet<IndexStatus> = new Set(['missing', 'invalid', 'different'])
