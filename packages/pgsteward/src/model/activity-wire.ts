// What /api/v1 speaks of activity; part of wire.ts.

import { z } from 'zod'
import { ACTIVITY_DIMENSIONS } from './activity.ts'

const at = z.iso.datetime()

/** How sampling of the target goes. */
export const samplingWire = z.object({
  status: z.enum(['off', 'waiting', 'sampling', 'resting', 'down']),
  /** Why not, or why more rarely than configured. */
  because: z.string().nullable(),
  everyMs: z.number(),
  sampledAt: at.nullable(),
  samples: z.number(),
  /** What an answer takes the server. */
  answerMs: z.number().nullable(),
})

/** What is waited for; `name` is `Lock:transactionid`, or `CPU` where nothing is. */
export const waitWire = z.object({
  name: z.string(),
  waitType: z.string().nullable(),
  waitEvent: z.string().nullable(),
  /** Average sessions over the window. */
  average: z.number(),
  /** Of the activity that it is listed with: all, or a statement's. */
  share: z.number(),
  means: z.string(),
  helps: z.string().nullable(),
})

export const blockedSessionWire = z.object({
  pid: z.number(),
  startedAt: at.nullable(),
  database: z.string().nullable(),
  user: z.string().nullable(),
  application: z.string(),
  state: z.string().nullable(),
  queryId: z.string().nullable(),
  query: z.string(),
  caller: z.string().nullable(),
  preparedAs: z.string().nullable(),
  transactionMs: z.number().nullable(),
  waitsFor: z
    .object({
      lockType: z.string(),
      lockMode: z.string(),
      relation: z.string().nullable(),
      waitedMs: z.number(),
      blockedBy: z.array(z.number()),
    })
    .nullable(),
  /** 0 is the root; each waits behind the nearest before it that is one less. */
  depth: z.number(),
})

/** What would end a root; pgsteward never runs it. */
export const releaseWire = z.object({ sql: z.string(), caution: z.string() })

export const blockingTreeWire = z.object({
  /** The root first. */
  sessions: z.array(blockedSessionWire),
  /** Null where there is nothing to end. */
  release: releaseWire.nullable(),
})

export const blockingIncidentWire = z.object({
  id: z.string(),
  startedAt: at,
  /** Null: it lasts. */
  endedAt: at.nullable(),
  durationMs: z.number(),
  /** The incident in whose queue the root had waited itself. */
  handedOverFrom: z.string().nullable(),
  peakWaiting: z.number(),
  longestWaitMs: z.number(),
  lostMs: z.number(),
  /** At its worst moment. */
  tree: blockingTreeWire,
})

export const liveSessionWire = z.object({
  pid: z.number(),
  startedAt: at.nullable(),
  backendType: z.string(),
  database: z.string().nullable(),
  user: z.string().nullable(),
  application: z.string(),
  state: z.string().nullable(),
  wait: z.string(),
  waitType: z.string().nullable(),
  queryId: z.string().nullable(),
  query: z.string().nullable(),
  caller: z.string().nullable(),
  transactionMs: z.number().nullable(),
  queryMs: z.number().nullable(),
  stateMs: z.number().nullable(),
  xminAge: z.number().nullable(),
  release: releaseWire.nullable(),
})

/** GET /targets/:target/activity/live, asked every two seconds. */
export const activityLiveWire = z.object({
  sampling: samplingWire,
  /** Null: nothing to show, `sampling` says why. */
  at: at.nullable(),
  /** Those that do something or keep a transaction open, the longest transactions first; 200 at most. */
  sessions: z.array(liveSessionWire),
  active: z.number(),
  idleInTransaction: z.number(),
  waiting: z.number(),
  trees: z.array(blockingTreeWire),
})

export const activityQueryWire = z.object({
  /** Null: not known (compute_query_id is off), or beyond the bound of a minute. */
  queryId: z.string().nullable(),
  text: z.string().nullable(),
  /** Session-seconds. */
  seconds: z.number(),
  average: z.number(),
  share: z.number(),
  waits: z.array(waitWire),
})

const activitySeries = z.object({
  name: z.string(),
  unit: z.enum(['ms', 'bytes', 'ratio', 'count', 'perSecond', 'text']),
  labels: z.record(z.string(), z.string()),
  points: z.array(z.tuple([z.number(), z.number().nullable()])),
})

/** What keeps vacuum from removing dead rows. */
export const horizonHolderWire = z.object({
  kind: z.string(),
  name: z.string(),
  database: z.string().nullable(),
  user: z.string().nullable(),
  xminAge: z.number(),
  heldMs: z.number().nullable(),
  detail: z.string(),
})

/** GET /targets/:target/activity */
export const activityWire = z.object({
  sampling: samplingWire,
  by: z.enum(ACTIVITY_DIMENSIONS),
  /** Average active sessions, one series a value (`labels.value`); a query's is its id. */
  series: z.array(activitySeries),
  /** Sessions blocked, idle in transaction; age of the oldest transaction; transactions that vacuum waits with. */
  levels: z.array(activitySeries),
  /** The values of `series`, the heaviest first. */
  values: z.array(
    z.object({
      /** As in `labels.value`. */
      name: z.string(),
      /** What the filter takes; null is CPU, or not known. */
      value: z.string().nullable(),
      average: z.number(),
      share: z.number(),
      text: z.string().nullable(),
    }),
  ),
  average: z.number(),
  peak: z.number(),
  /** Covered by samples. */
  seconds: z.number(),
  waits: z.array(waitWire),
  queries: z.array(activityQueryWire),
  incidents: z.array(blockingIncidentWire),
  horizon: z.array(horizonHolderWire),
})

/** GET /targets/:target/statements/:queryId/waits */
export const statementWaitsWire = z.object({
  sampling: samplingWire,
  /** Average sessions that ran it, one series a wait event. */
  series: z.array(activitySeries),
  waits: z.array(waitWire),
  /** Session-seconds that it was seen running. */
  seconds: z.number(),
  /** Incidents of blocking with it as the root or among those that waited. */
  incidents: z.array(blockingIncidentWire),
})

export type SamplingWire = z.output<typeof samplingWire>
export type WaitWire = z.output<typeof waitWire>
export type BlockedSessionWire = z.output<typeof blockedSessionWire>
export type ReleaseWire = z.output<typeof releaseWire>
export type BlockingTreeWire = z.output<typeof blockingTreeWire>
export type BlockingIncidentWire = z.output<typeof blockingIncidentWire>
export type LiveSessionWire = z.output<typeof liveSessionWire>
export type ActivityLiveWire = z.output<typeof activityLiveWire>
export type ActivityQueryWire = z.output<typeof activityQueryWire>
export type HorizonHolderWire = z.output<typeof horizonHolderWire>
export type ActivityWire = z.output<typeof activityWire>
export type StatementWaitsWire = z.output<typeof statementWaitsWire>
