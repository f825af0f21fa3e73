// How well a team's practice goes, as the API speaks of it: GET /practice?range=90d.

import { z } from 'zod'

const at = z.iso.datetime()
/** Of `count` values; null where there are none. */
const spread = z.object({
  medianMs: z.number().nullable(),
  p90Ms: z.number().nullable(),
  count: z.number(),
})
/** `ratio` is null where there is nothing to divide by. */
const share = z.object({ good: z.number(), all: z.number(), ratio: z.number().nullable() })

export const practicePeriodWire = z.object({
  from: at,
  to: at,
  /** That were opened in it. */
  incidents: z.number(),
  toDetect: spread,
  toAcknowledge: spread,
  toMitigate: spread,
  toRecover: spread,
  /** Of the incidents that ended in it: those that are reviewed by now. */
  reviewed: share,
  /** Of the reviews after launches that fell due in it, without those that may still be done on time: done by now. */
  launchReviews: share,
  /** Of incidents, launches and meetings, of the items that were due in it: those that are done by now. */
  actionItems: share,
  /** Of the times that a change was applied in it, or that it was tried: it was done, not rolled back, and not found not to have worked. */
  changes: share,
  /** Of those times: approved as an emergency, without the board. */
  emergencyChanges: z.number(),
  /** Of the optimizations that were completed in it: those that improved, or whose finding is gone. */
  optimizations: share,
  /** What they save together: database time a day, space. Worse ones count against it. */
  savedMsPerDay: z.number(),
  freedBytes: z.number(),
})
export type PracticePeriodWire = z.output<typeof practicePeriodWire>

export const practiceWire = z.object({
  period: practicePeriodWire,
  /** As long each, the latest first. */
  before: z.array(practicePeriodWire),
})
export type PracticeWire = z.output<typeof practiceWire>
