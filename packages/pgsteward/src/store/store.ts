// The store's contract: what app/ asks of pgsteward's memory. Two backends pass the same suite: embedded (PGlite) and server.

import type { AdviceMemory, AdviceRun } from '../model/advice-run.ts'
import type { AnnotationMemory } from '../model/annotation.ts'
import type {
  ApplicationMemory,
  ApplicationReport,
  SlowQueryFilter,
  SlowQueryGroup,
  SlowQueryRecord,
} from '../model/application.ts'
import type { Outcome } from '../model/check.ts'
import type { Memory, PgFact, Snapshot } from '../model/fact.ts'
import type { IndexEffect } from '../model/index-effect.ts'
import type { Change, Decision, OpenFinding } from '../model/open-finding.ts'
import type { Bytes, Milliseconds, Window } from '../model/units.ts'
import type { AccessStore } from './access/access-store.ts'
import type { AuditStore } from './access/audit-store.ts'
import type { ActivityStore } from './activity/activity-store.ts'
import type { AdviceOutcome } from './advice/advice-runs.ts'
import type { IndexAppearance, IndexNow } from './advice/index-history.ts'
import type { AlertStore } from './alerts/alert-store.ts'
import type { OccurrenceStore } from './alerts/occurrences.ts'
import type { AvailabilityStore } from './availability/availability-store.ts'
import type { GovernanceStore } from './governance-store.ts'
import type { LoadStore } from './load/load-store.ts'
import type { LogStore } from './logs/log-store.ts'
import type { MaintenanceStore } from './maintenance-store.ts'
import type { PlanStore } from './plans/plan-store.ts'
import type { ReportStore } from './report-store.ts'
import type { SearchStore } from './search-store.ts'

export type StatementOrder = 'totalTime' | 'calls' | 'meanTime' | 'rows' | 'reads' | 'tempBlocks'

/** Sums over a window of one statement (query id, database, user), all levels and intervals together. */
export interface StatementTotals {
  readonly queryId: string
  readonly database: string
  readonly user: string
  readonly text: string
  readonly calls: number
  readonly totalExecMs: number
  readonly rows: number
  readonly sharedBlocksHit: number
  readonly sharedBlocksRead: number
  readonly tempBlocksWritten: number
  readonly walBytes: number
  readonly blockReadMs: number
}

export interface StatementSums {
  readonly totalExecMs: number
  readonly calls: number
  /** Really covered by readings: gaps, and the time before watching began, excluded. What rates divide by. */
  readonly seconds: number
}

/** Sums of one statement per time bucket; `at` is the bucket's end. */
export interface StatementPoint {
  readonly at: Date
  readonly seconds: number
  readonly calls: number
  readonly totalExecMs: number
  readonly rows: number
  readonly sharedBlocksHit: number
  readonly sharedBlocksRead: number
  readonly tempBlocksWritten: number
}

/** Of a series within a window; one and the same point where there is only one. */
export interface SeriesEnds {
  readonly labels: Readonly<Record<string, string>>
  readonly first: readonly [at: Date, value: number]
  readonly last: readonly [at: Date, value: number]
}

export interface FindingEvent {
  readonly at: Date
  readonly transition: string
  readonly severity: OpenFinding['severity']
  readonly actor: string | null
  readonly reason: string | null
}

export interface RetentionPolicy {
  /** Narrow series and statement rows at full grain. */
  readonly rawMs: Milliseconds
  readonly hourlyMs: Milliseconds
  readonly dailyMs: Milliseconds
  readonly resolvedFindingsMs: Milliseconds
  /** slow_query_log: 30 days (S1). */
  readonly slowQueriesMs: Milliseconds
  /** slow_query_log and its indexes; the oldest and most repetitive go first, and are counted. */
  readonly slowQueriesMaxBytes: Bytes
  /** Events and counts of PostgreSQL's log. Default: a month. */
  readonly logsMs?: Milliseconds
  /** Of the events with their indexes. Default: 500 MB. */
  readonly logsMaxBytes?: Bytes
  /** Load runs and comparisons. Default: a year and a month. */
  readonly loadRunsMs?: Milliseconds
  /** Of their bodies; beyond it those of the oldest go, and their figures stay. Default: 500 MB. */
  readonly loadRunsMaxBytes?: Bytes
  /** Reports. Default: three years. */
  readonly reportsMs?: Milliseconds
  /** The audit log, never less than 90 days. Default: a year and a month. */
  readonly auditMs?: Milliseconds
  /** The store as a whole; the oldest partitions go first when it is exceeded. Null: unbounded. */
  readonly maxBytes: Bytes | null
}

export interface RetentionResult {
  readonly droppedPartitions: readonly string[]
  readonly rolledUpHours: number
  readonly sizeBytes: Bytes
}

export interface FindingFilter {
  readonly targetId?: string
  readonly states?: readonly OpenFinding['state'][]
  /** With `states`: beside them those that were resolved since then. */
  readonly orResolvedSince?: Date
  readonly limit?: number
}

/** The application's side of the store. */
export interface ApplicationStore extends ApplicationMemory {
  /** One transaction. Operations beyond the bound an application are kept as one named `(other)` a kind. */
  saveReport(targetId: string, report: ApplicationReport, at: Date): Promise<void>
  slowQueries(targetId: string, window: Window, filter: SlowQueryFilter): Promise<readonly SlowQueryRecord[]>
  /** By total time. */
  slowQueryGroups(
    targetId: string,
    window: Window,
    filter: Omit<SlowQueryFilter, 'order'>,
  ): Promise<readonly SlowQueryGroup[]>
  /** Kept in the window, and thrown away before their time because of the size bound. */
  slowQueryCounts(
    targetId: string,
    window: Window,
  ): Promise<{ readonly kept: number; readonly dropped: number }>
}

/** Advice that was sought, and what became of it. */
export interface AdviceStore extends AdviceMemory {
  /** The run's id. */
  startAdvice(targetId: string, at: Date): Promise<string>
  /** Keeps the last 30 runs of a target, and the last that was done. */
  finishAdvice(id: string, outcome: AdviceOutcome, at: Date): Promise<void>
  /** Ends as failed what began before a moment and never ended. */
  endLostAdvice(startedBefore: Date, because: string, at: Date): Promise<void>
  latestAdviceRun(targetId: string): Promise<AdviceRun | null>

  /** All indexes of a reading; those of a target's first reading are not new. */
  noticeIndexes(targetId: string, indexes: readonly IndexNow[], at: Date): Promise<void>
  /** Indexes that came or went within the window, new names of old ones left out. */
  indexChanges(targetId: string, window: Window): Promise<readonly IndexAppearance[]>
  /** Valid indexes that a target had at a moment, as far as they are remembered. */
  indexesAt(targetId: string, at: Date): Promise<readonly IndexAppearance[]>
  saveIndexEffect(effect: IndexEffect): Promise<void>
  /** The latest first, 100 at most. */
  indexEffects(targetId: string): Promise<readonly IndexEffect[]>
}

export interface Store
  extends Memory,
    ApplicationStore,
    AdviceStore,
    ActivityStore,
    LogStore,
    PlanStore,
    LoadStore,
    AlertStore,
    AvailabilityStore,
    MaintenanceStore,
    GovernanceStore,
    ReportStore,
    SearchStore,
    OccurrenceStore,
    AnnotationMemory,
    AccessStore,
    AuditStore {
  readonly kind: 'embedded' | 'server'
  /** One transaction: series, statements that moved, breaks, documents. Idempotent for the same target and `takenAt`. */
  saveSnapshot(snapshot: Snapshot, facts: readonly PgFact[]): Promise<void>
  /** How far series came within a window, without the points between. */
  seriesEnds(targetId: string, name: string, window: Window): Promise<readonly SeriesEnds[]>
  saveOutcomes(targetId: string, outcomes: readonly Outcome[], at: Date): Promise<void>
  latestOutcomes(targetId: string): Promise<
    readonly {
      readonly checkId: string
      readonly status: Outcome['status']
      readonly because: string | null
      readonly at: Date
    }[]
  >

  /** Findings that are pending, open or muted, and those resolved since then. */
  knownFindings(targetId: string, resolvedSince: Date): Promise<readonly OpenFinding[]>
  findings(filter: FindingFilter): Promise<readonly OpenFinding[]>
  finding(targetId: string, key: string): Promise<OpenFinding | null>
  /** One transaction: the findings as they are now, and an event for each transition other than 'persisted' and 'pending'. */
  saveChanges(changes: readonly Change[], at: Date): Promise<void>
  findingHistory(targetId: string, key: string): Promise<readonly FindingEvent[]>
  /**
   * Appends; a 'waive' mutes the finding until `expiresAt`, an 'unmute' ends that, a 'propose' stands in its history. Records are never
   * changed.
   */
  decide(decision: Decision): Promise<void>
  decisions(targetId: string, findingKey?: string): Promise<readonly Decision[]>

  /** Those of the query ids whose text is not stored yet. */
  missingTexts(targetId: string, queryIds: readonly string[]): Promise<readonly string[]>
  saveTexts(targetId: string, texts: ReadonlyMap<string, string>): Promise<void>
  topStatements(
    targetId: string,
    window: Window,
    order: StatementOrder,
    limit: number,
  ): Promise<readonly StatementTotals[]>
  /** Of one query, by database and user, the heaviest first; empty when it did not run. */
  statementTotals(targetId: string, queryId: string, window: Window): Promise<readonly StatementTotals[]>
  /** Of all statements together, for shares and rates. */
  statementSums(targetId: string, window: Window): Promise<StatementSums>
  statementHistory(
    targetId: string,
    queryId: string,
    window: Window,
    buckets: number,
  ): Promise<readonly StatementPoint[]>

  /**
   * The window that statement figures over `window` really are about. Up to six hours it is the same; a longer one begins (and ends,
   * unless it reaches up to now) at the nearest hour, one of a week at the nearest quarter of a day, one of four weeks at the nearest
   * day. Rates divide by the length of this one.
   */
  statementWindow(targetId: string, window: Window): Promise<Window>

  breaks(
    targetId: string,
    window: Window,
  ): Promise<readonly { readonly at: Date; readonly factId: string; readonly cause: string }[]>

  /**
   * Takes or renews the right to collect from these targets, for `ttlMs`; returns those that the holder has now, which are all but those that
   * another live holder has. `now`: by default the store's own clock, which is the same to all processes.
   */
  lease(
    targetIds: readonly string[],
    holder: string,
    ttlMs: Milliseconds,
    now?: Date,
  ): Promise<ReadonlySet<string>>
  releaseLeases(holder: string): Promise<void>

  applyRetention(policy: RetentionPolicy, now: Date): Promise<RetentionResult>
  sizeBytes(): Promise<Bytes>
  close(): Promise<void>
}
