// Reviews after launches and meetings of the board as events of a calendar.

import type { GovernanceRecord } from '../../model/governance.ts'
import type { Window } from '../../model/units.ts'
import { meetingOf } from '../meeting/meeting-state.ts'
import { launchReviewOf } from './review-state.ts'

export interface CalendarEvent {
  /** The same as long as the event is the same. */
  readonly uid: string
  readonly title: string
  readonly from: Date
  readonly until: Date
  readonly description: string
}

const REVIEW_MS = 30 * 60_000
const MEETING_MS = 60 * 60_000

/** Those that begin within the window, by their beginning; of a closed launch and of a cancelled meeting none. */
export function reviewEvents(records: readonly GovernanceRecord[], window: Window): readonly CalendarEvent[] {
  return records
    .flatMap((record) =>
      record.kind === 'review'
        ? launchEvents(record, window.to)
        : record.kind === 'meeting'
          ? meetingEvents(record)
          : [],
    )
    .filter(({ from }) => from >= window.from && from < window.to)
    .sort((one, other) => one.from.getTime() - other.from.getTime() || (one.uid < other.uid ? -1 : 1))
}

function launchEvents(record: GovernanceRecord, now: Date): readonly CalendarEvent[] {
  const { name, title, version, reviews, state } = launchReviewOf(record, now)
  if (state === 'closed') return []
  return reviews.map(({ number, due }) => ({
    uid: `${name}-${number}@pgsteward`,
    title: `Review ${number} of ${reviews.length}: ${title} ${version}`,
    from: new Date(due),
    until: new Date(Date.parse(due) + REVIEW_MS),
    description: `${name}: look at errors, p95, deliveries and the database's load since the launch. pgsteward launch review ${name}`,
  }))
}

function meetingEvents(record: GovernanceRecord): readonly CalendarEvent[] {
  const { name, title, meetsAt, place, state } = meetingOf(record, [])
  if (state === 'cancelled') return []
  const from = new Date(meetsAt)
  return [
    {
      uid: `${name}@pgsteward`,
      title,
      from,
      until: new Date(from.getTime() + MEETING_MS),
      description: `${name}${place === '' ? '' : `, ${place}`}. The agenda: pgsteward meeting show ${name}`,
    },
  ]
}
