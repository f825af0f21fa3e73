// Reviews after launches and meetings of the board, as a calendar to subscribe to.

import { reviewEvents } from '../../govern/review/review-events.ts'
import type { GovernanceRecord } from '../../model/governance.ts'
import { icalendar } from '../../report/icalendar.ts'

const DAY_MS = 86_400_000
/** What somebody looks up: the weeks that were, and the last of the monthly reviews of a launch of today. */
const BACK_MS = 28 * DAY_MS
const AHEAD_MS = 400 * DAY_MS

/** Meetings are of no target: they stand in the calendar of each. `targetId` null: of all. */
export function reviewCalendar(
  records: readonly GovernanceRecord[],
  targetId: string | null,
  now: Date,
): string {
  const wanted = records.filter(
    (record) => record.kind === 'meeting' || targetId === null || record.targetId === targetId,
  )
  const window = { from: new Date(now.getTime() - BACK_MS), to: new Date(now.getTime() + AHEAD_MS) }
  const events = reviewEvents(wanted, window).map(({ title, ...event }) => ({
    ...event,
    summary: title,
    contact: '',
    takesTime: true,
  }))
  return icalendar(targetId === null ? 'Launch reviews' : `Launch reviews: ${targetId}`, events, now)
}
