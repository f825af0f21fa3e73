// Maintenance: what is to be done to a target, step by step, under whose decision, and what came of it.

import type { Lock } from './finding.ts'
import type { Bytes, Milliseconds } from './units.ts'

export const STEP_KINDS = [
  'analyze',
  'vacuum',
  'reindex',
  'create-index',
  'drop-index',
  'table-settings',
  'repack',
  'pg-repack',
  'vacuum-full',
  'create-partition',
  'attach-partition',
  'detach-partition',
] as const
export type StepKind = (typeof STEP_KINDS)[number]

/** Write a table anew. */
export const REWRITE_KINDS: readonly StepKind[] = ['repack', 'pg-repack', 'vacuum-full']
/** Lock everybody out: for a person who names the table and approves, never for a rule. */
export const NAMED_KINDS: readonly StepKind[] = ['vacuum-full']

/** Give a partitioned table a partition, or take one out of it: run as its owner. */
export const PARTITION_KINDS: readonly StepKind[] = [
  'create-partition',
  'attach-partition',
  'detach-partition',
]

export interface RelationRef {
  readonly schema: string
  readonly name: string
}

/** One statement (of create-partition two or three, in one transaction), of a kind that maintenance knows how to interrupt, to clean up after and to verify. */
export interface MaintenanceStep {
  readonly kind: StepKind
  readonly sql: string
  /** The table, the index of reindex, create-index and drop-index, or the partition. */
  readonly relation: RelationRef
  /** Of create-index: on what. Of a partition: of what. */
  readonly table: RelationRef | null
  /** Of detach-partition: not if it has rows. What was created by mistake is taken back, what came since stays. */
  readonly onlyEmpty?: true
  /** How long others may wait for it, where that is more than the configuration lets them. */
  readonly othersWaitMs?: Milliseconds
}

/** Of the relation that a step is about, before and after it. */
export interface ObjectState {
  /** Null: there is none of this name. */
  readonly oid: string | null
  /** Of an index. */
  readonly isValid: boolean | null
  readonly isPartitioned: boolean
  /** A table with TOAST and its maps, without indexes; or an index. */
  readonly sizeBytes: Bytes
  /** As the planner knows it; null: not known. */
  readonly rows: number | null
  readonly deadRows: number | null
  /** By hand, since the statistics were reset. */
  readonly vacuums: number
  readonly analyzes: number
  readonly options: readonly string[]
  /** Names of the invalid indexes of the same table. */
  readonly invalidIndexes: readonly string[]
  /** Of its file: another one after it was written anew. Null: it has none. Absent in what was kept before there was such a step. */
  readonly fileNode?: string | null
  /** Of what it is a partition; null: of nothing. Absent in what was kept before there were such steps, as the next one. */
  readonly partition?: PartitionState | null
  /** A table whose file never held a row. */
  readonly isUnwritten?: boolean
  /** What pg_repack has made for the table, at work or left over: names of relations and triggers. Absent alike. */
  readonly repackObjects?: readonly string[]
}

export interface PartitionState {
  readonly of: RelationRef
  /** DETACH CONCURRENTLY was begun and not finished: its rows are seen no more, and no other can be detached so. */
  readonly isDetaching: boolean
}

/** Kept before a step changes anything: by it an interrupted one is found again and judged. */
export interface RunMark {
  readonly pid: number
  /** With the pid it names one session; as text, to the microsecond. */
  readonly backendStart: string
  readonly before: ObjectState
}

/**
 * done: and verified by its effect. gave-way: others needed the way, or the window ended; it will be tried again. interrupted: the
 * connection, the server or pgsteward itself went; tried again. failed: it won't do better by itself.
 */
export const STEP_OUTCOMES = ['done', 'gave-way', 'interrupted', 'failed'] as const
export type StepOutcome = (typeof STEP_OUTCOMES)[number]

export interface StepResult {
  readonly outcome: StepOutcome
  /** A sentence. */
  readonly because: string
  readonly before: ObjectState | null
  readonly after: ObjectState | null
  /** What the server said meanwhile, notices and warnings. */
  readonly notices: readonly string[]
  /** Left-overs of interrupted builds that were dropped. */
  readonly cleaned: readonly string[]
  readonly tookMs: Milliseconds
}

export interface GiveWayLimits {
  /** Somebody waits for a lock of ours for as long. */
  readonly blockedMs: Milliseconds
  /** Sessions at work besides ours. */
  readonly activeSessions: number
  /** A standby replays as far behind. */
  readonly replayLagMs: Milliseconds
}

/** Where a job comes from. A finding's remedy, what takes back an earlier job, the routine of the configuration, or somebody who named a table. */
export type JobOrigin =
  | { readonly kind: 'finding'; readonly key: string }
  | { readonly kind: 'undo'; readonly key: string }
  | { readonly kind: 'routine'; readonly key: string }
  | { readonly kind: 'request'; readonly key: string }

export const JOB_STATES = ['proposed', 'approved', 'running', 'done', 'failed', 'rejected'] as const
export type JobState = (typeof JOB_STATES)[number]

/** A job before anybody decided on it. */
export interface JobDraft {
  readonly origin: JobOrigin
  readonly because: string
  readonly steps: readonly MaintenanceStep[]
  readonly undo: readonly string[] | null
  readonly lock: Lock
  readonly caution: string
}

export interface MaintenanceJob extends JobDraft {
  readonly id: string
  readonly targetId: string
  readonly state: JobState
  /** The record that allows it; null: nobody decided. */
  readonly decisionId: string | null
  readonly decidedBy: string | null
  /** Of steps: the first that is not done. */
  readonly nextStep: number
  readonly attempts: number
  /** Not tried again before; null: at once. */
  readonly notBefore: Date | null
  readonly createdAt: Date
  readonly endedAt: Date | null
  /** Of the last attempt; null: none was made. */
  readonly last: { readonly outcome: StepOutcome; readonly because: string } | null
}

/** One attempt at one step. */
export interface JobRun {
  readonly id: string
  readonly jobId: string
  readonly step: number
  readonly startedAt: Date
  /** Null: it is under way, or its process ended in the middle. */
  readonly endedAt: Date | null
  readonly mark: RunMark
  readonly result: Omit<StepResult, 'before'> | null
}

/** What an attempt leaves its job in. */
export interface JobSettlement {
  readonly state: JobState
  readonly nextStep: number
  readonly attempts: number
  readonly notBefore: Date | null
}
