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
  /** Session samples; divided by the samples taken it is the average of active sessions. */
  readonly sessions: number
}

/** What one minute (the last of it may still come) held. */
export interface ActivityMinute {
  /** Its begin. */
  readonly at: Date
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

/** Average active sessions of one bucket by the values of a dimension; null is on the processor, or not known. */
export interface ActivityPoint {
  /** The bucket's end. */
  readonly at: Date
  /** Covered by samples. */
  readonly seconds: number
  readonly sessions: ReadonlyMap<string | null, number>
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
  readonly root: BlockedSession
  /** At its worst moment; 50 at most. */
  readonly waiting: readonly BlockedSession[]
  readonly peakWaiting: number
  readonly longestWaitMs: Milliseconds
  /** Session-time lost to waiting. */
  readonly lostMs: Milliseconds
}

/** What checks and views may ask of it. */
export interface ActivityMemory {
  /** Buckets of equal length, the oldest first; a bucket without samples is left out. */
  activityHistory(
    targetId: string,
    window: Window,
    by: ActivityDimension,
    buckets: number,
    filter?: { readonly queryId?: string; readonly waitType?: string | null },
  ): Promise<readonly ActivityPoint[]>
  /** Sums over the window by all dimensions together, the heaviest first; 500 at most. */
  activityGroups(
    targetId: string,
    window: Window,
    filter?: { readonly queryId?: string },
  ): Promise<{ readonly samples: number; readonly groups: readonly ActivityGroup[] }>
  /** The latest first; 200 at most. */
  blockingIncidents(targetId: string, window: Window): Promise<readonly BlockingIncident[]>
}
