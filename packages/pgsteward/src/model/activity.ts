// What sessions were seen doing, second by second: sums of samples over time, and incidents of blocking with both sides' texts.

import type { Milliseconds, Window } from './units.ts'

/** Sampled sessions that had these things in common. */
export interface ActivityGroup {
  /** PostgreSQL's wait_event_type and wait_event; both null: on the processor (or not known to wait). */
  readonly waitType: string | null
  readonly waitEvent: string | null
  readonly queryId: string | null
  readonly database: string | null
  readonly user: string | null
  readonly application: string | null
  /** Session-seconds: each sample counts for the time since the one before. By `samples` it is the average of active sessions. */
  readonly sessions: number
}

/** What one minute (the last of it may still come) held. */
export interface ActivityMinute {
  /** Its begin. */
  readonly at: Date
  /** Where sampling began within it (again, after a restart): tells its parts apart. Absent: at its begin. */
  readonly startedAt?: Date
  /** Seconds that its samples stand for: with one a second their number, with fewer the same. */
  readonly samples: number
  readonly groups: readonly ActivityGroup[]
  /** The most seen in one sample. */
  readonly peakActive: number
  readonly idleInTransactionMean: number
  readonly blockedMean: number
  readonly oldestTransactionMs: Milliseconds | null
  /** Transactions begun since the oldest that any session may still see. */
  readonly oldestXminAge: number | null
}

export const ACTIVITY_DIMENSIONS = [
  'waitType',
  'waitEvent',
  'queryId',
  'database',
  'user',
  'application',
] as const
export type ActivityDimension = (typeof ACTIVITY_DIMENSIONS)[number]

/** Only the groups that have these values; null is on the processor, or not known. */
export type ActivityFilter = { readonly [D in ActivityDimension]?: string | null }

/** Average active sessions of one bucket by the values of a dimension; null is on the processor, or not known. */
export interface ActivityPoint {
  /** The bucket's end. */
  readonly at: Date
  /** Covered by samples. */
  readonly seconds: number
  readonly sessions: ReadonlyMap<string | null, number>
}

/** Whether a text is one of pg_stat_statements' query ids: a whole number of 64 bits. */
export function isQueryId(text: string): boolean {
  return /^-?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)
}

/** A session within a chain of blocking. */
export interface BlockedSession {
  readonly pid: number
  readonly startedAt: Date | null
  readonly database: string | null
  readonly user: string | null
  readonly application: string
  readonly state: string | null
  readonly queryId: string | null
  /** What it runs or ran last; literals replaced. */
  readonly query: string
  /** From a sqlcommenter tag or the application's own reports: `src/routes/members.ts:41`, a route. */
  readonly caller: string | null
  /** Of a root without a session (pid 0): the name of the prepared transaction. */
  readonly preparedAs?: string
  readonly transactionMs: Milliseconds | null
  /** What it waits for; null for a root. */
  readonly waitsFor: {
    readonly lockType: string
    readonly lockMode: string
    readonly relation: string | null
    readonly waitedMs: Milliseconds
    readonly blockedBy: readonly number[]
  } | null
}

/** One root and all that waited behind it, from the first sample that saw it to the last. */
export interface BlockingIncident {
  readonly id: string
  readonly startedAt: Date
  /** Null: it lasts. */
  readonly endedAt: Date | null
  /** Set where the root had waited itself, in this incident: when its root let go, the queue stayed. */
  readonly handedOverFrom?: string
  readonly root: BlockedSession
  /** At its worst moment; 50 at most. */
  readonly waiting: readonly BlockedSession[]
  readonly peakWaiting: number
  readonly longestWaitMs: Milliseconds
  /** Session-time lost to waiting. */
  readonly lostMs: Milliseconds
}

/** The figures of a minute beside its groups; over buckets: the most, and means. */
export interface ActivityLevel {
  /** The bucket's end. */
  readonly at: Date
  readonly seconds: number
  readonly peakActive: number
  readonly idleInTransactionMean: number
  readonly blockedMean: number
  readonly oldestTransactionMs: Milliseconds | null
  readonly oldestXminAge: number | null
}

/** What checks and views may ask of it. */
export interface ActivityMemory {
  /**
   * Buckets of equal length, the oldest first; a bucket without samples is left out. The 20 values with the most session-seconds by
   * name, the others as `(other)`.
   */
  activityHistory(
    targetId: string,
    window: Window,
    by: ActivityDimension,
    buckets: number,
    filter?: ActivityFilter,
  ): Promise<readonly ActivityPoint[]>
  activityLevels(targetId: string, window: Window, buckets: number): Promise<readonly ActivityLevel[]>
  /** Sums over the window by all dimensions together, the heaviest first; 500 at most. */
  activityGroups(
    targetId: string,
    window: Window,
    filter?: ActivityFilter,
  ): Promise<{ readonly samples: number; readonly groups: readonly ActivityGroup[] }>
  /** By query id, those that are known; literals replaced. */
  textsOfQueries(targetId: string, queryIds: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** Those that lasted at any moment of the window, the latest first; 200 at most. */
  blockingIncidents(targetId: string, window: Window): Promise<readonly BlockingIncident[]>
}
