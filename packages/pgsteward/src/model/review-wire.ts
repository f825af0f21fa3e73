// Reviews after a launch as the API speaks of them (G5).

import { z } from 'zod'
import {
  actionDone,
  actionItemWire,
  actorWire,
  line,
  moment,
  newActionItem,
  prose,
  toldEntryWire,
} from './record-wire.ts'

/** Over one spell; null where nothing told of it. */
export const launchMetricsWire = z.object({
  from: moment,
  to: moment,
  /** Answered by applications. */
  requests: z.number(),
  errorRatio: z.number().nullable(),
  p95Ms: z.number().nullable(),
  /** Of deliveries of messages. */
  deliveredRatio: z.number().nullable(),
  /** Seconds in statements for each second: how many were at work on average. */
  databaseLoad: z.number().nullable(),
  statementsPerSecond: z.number().nullable(),
})
export type LaunchMetricsWire = z.output<typeof launchMetricsWire>

export const scheduleWire = z.object({
  /** Days after the launch. */
  daily: z.int().min(0).max(60),
  weekly: z.int().min(0).max(52),
  monthly: z.int().min(0).max(36),
})

export const openReviewWire = z.object({
  title: line,
  version: line,
  target: z.string(),
  /** Default: now. */
  launchedAt: moment.optional(),
  actor: actorWire,
})

const due = z.int().min(1)
export const REVIEW_REQUESTS = {
  /** Of the due review that is the first without one, unless it is named. */
  review: z.object({ due: due.optional(), note: prose }),
  'open-action': newActionItem,
  'action-done': actionDone,
  close: z.object({ note: prose }),
} as const
export type ReviewRequest = keyof typeof REVIEW_REQUESTS

export const dueReviewWire = z.object({
  /** From 1. */
  number: z.number(),
  every: z.enum(['day', 'week', 'month']),
  due: moment,
  state: z.enum(['to come', 'due', 'overdue', 'done on time', 'done late']),
  reviewedAt: moment.nullable(),
  reviewedBy: z.string().nullable(),
  note: z.string(),
  /** Null: not measured yet. */
  metrics: launchMetricsWire.nullable(),
  /** Since the launch, up to then. */
  findingsOpened: z.number().nullable(),
  /** The worst of them. */
  findings: z.array(z.object({ key: z.string(), summary: z.string(), severity: z.string() })),
  /** What is clearly worse than before the launch, in words. */
  worse: z.array(z.string()),
})
export type DueReviewWire = z.output<typeof dueReviewWire>

export const launchReviewWire = z.object({
  name: z.string(),
  targetId: z.string().nullable(),
  title: z.string(),
  version: z.string(),
  launchedAt: moment,
  openedBy: z.string(),
  state: z.enum(['open', 'closed']),
  /** The spell before the launch. */
  baseline: launchMetricsWire.nullable(),
  reviews: z.array(dueReviewWire),
  actions: z.array(actionItemWire),
  /** Of the reviews that were due so far. */
  completion: z.object({
    due: z.number(),
    reviewed: z.number(),
    onTime: z.number(),
    overdue: z.number(),
    /** Reviewed on time, of those due; null: none was due yet. */
    onTimeRatio: z.number().nullable(),
  }),
})
export type LaunchReviewWire = z.output<typeof launchReviewWire>
export const launchReviewDetailWire = launchReviewWire.extend({ entries: z.array(toldEntryWire) })
export type LaunchReviewDetailWire = z.output<typeof launchReviewDetailWire>

/** On the overview: not an alert, but not forgotten either. */
export const overdueReviewWire = z.object({
  name: z.string(),
  title: z.string(),
  due: moment,
  overdue: z.number(),
})
export type OverdueReviewWire = z.output<typeof overdueReviewWire>
