// What each entry of a review after a launch says.

import { z } from 'zod'
import { actionDone, line, moment, newActionItem } from '../../model/record-wire.ts'
import { dueReviewWire, launchMetricsWire, REVIEW_REQUESTS } from '../../model/review-wire.ts'

export const REVIEW_BODIES = {
  opened: z.object({
    title: line,
    version: line,
    launchedAt: moment,
    /** As the configuration had it then. */
    dues: z.array(z.object({ every: z.enum(['day', 'week', 'month']), due: moment })),
    onTimeMs: z.number().min(0),
    baseline: launchMetricsWire.nullable(),
  }),
  /** By pgsteward, when a review falls due. */
  measured: z.object({
    due: z.int().min(1),
    metrics: launchMetricsWire,
    findingsOpened: z.number(),
    findings: dueReviewWire.shape.findings,
  }),
  reviewed: z.object({ due: z.int().min(1), note: z.string() }),
  'action-opened': newActionItem,
  'action-done': actionDone,
  closed: REVIEW_REQUESTS.close,
} as const
export type ReviewAction = keyof typeof REVIEW_BODIES
