// What the reviews after a launch are now: which are due, done, overdue; and what may be added.

import { type GovernanceRecord, recordName } from '../../model/governance.ts'
import type { DueReviewWire, LaunchReviewWire } from '../../model/review-wire.ts'
import { actionItems } from '../action-items.ts'
import { numberIn, readBody, textIn } from '../read-body.ts'
import { refused } from '../refused.ts'
import { worseThan } from './launch-compare.ts'
import { REVIEW_BODIES, type ReviewAction } from './review-entries.ts'

export function launchReviewOf(record: GovernanceRecord, now: Date): LaunchReviewWire {
  const opening = record.entries[0]!
  const launch = readBody(REVIEW_BODIES.opened, opening.body)
  const baseline = launch?.baseline ?? null
  const reviews: DueReviewWire[] = (launch?.dues ?? []).map(({ every, due }, at) => ({
    number: at + 1,
    every,
    due,
    state: 'to come',
    reviewedAt: null,
    reviewedBy: null,
    note: '',
    metrics: null,
    findingsOpened: null,
    findings: [],
    worse: [],
  }))
  let closedAt: Date | null = null
  for (const { action, body, at, actor } of record.entries) {
    const review = reviews[numberIn(body, 'due') - 1]
    if (action === 'measured') {
      const measured = readBody(REVIEW_BODIES.measured, body)
      if (measured !== null && review !== undefined) {
        const { metrics, findingsOpened, findings } = measured
        Object.assign(review, { metrics, findingsOpened, findings, worse: worseThan(metrics, baseline) })
      }
    } else if (action === 'reviewed' && review !== undefined && review.reviewedAt === null)
      Object.assign(review, {
        reviewedAt: at.toISOString(),
        reviewedBy: actor,
        note: textIn(body, 'note'),
      })
    else if (action === 'closed') closedAt = at
  }
  const onTimeMs = launch?.onTimeMs ?? 0
  for (const review of reviews) review.state = stateOf(review, closedAt ?? now, onTimeMs)
  return {
    name: recordName(record),
    targetId: record.targetId,
    title: launch?.title ?? 'A launch of another version',
    version: launch?.version ?? '',
    launchedAt: launch?.launchedAt ?? opening.at.toISOString(),
    openedBy: opening.actor,
    state: closedAt === null ? 'open' : 'closed',
    baseline,
    reviews,
    actions: actionItems(record, (action, body) => {
      const item = action === 'action-opened' ? readBody(REVIEW_BODIES['action-opened'], body) : null
      return item === null ? [] : [item]
    }),
    completion: completionOf(reviews),
  }
}

function stateOf({ due, reviewedAt }: DueReviewWire, now: Date, onTimeMs: number): DueReviewWire['state'] {
  const lateAt = Date.parse(due) + onTimeMs
  if (reviewedAt !== null) return Date.parse(reviewedAt) <= lateAt ? 'done on time' : 'done late'
  if (now.getTime() < Date.parse(due)) return 'to come'
  return now.getTime() <= lateAt ? 'due' : 'overdue'
}

function completionOf(reviews: readonly DueReviewWire[]): LaunchReviewWire['completion'] {
  const inState = (...states: readonly DueReviewWire['state'][]) =>
    reviews.filter(({ state }) => states.includes(state)).length
  // what is due today still may be done on time: it counts once it is done or late
  const counted = inState('overdue', 'done on time', 'done late')
  const onTime = inState('done on time')
  return {
    due: inState('due') + counted,
    reviewed: inState('done on time', 'done late'),
    onTime,
    overdue: inState('overdue'),
    onTimeRatio: counted === 0 ? null : onTime / counted,
  }
}

/** The review that is meant: the named one, or the first that is due and not done. Throws 'record-changed'. */
export function reviewToDo(
  { name, reviews }: LaunchReviewWire,
  number: number | undefined,
  now: Date,
): DueReviewWire {
  const review =
    number === undefined
      ? reviews.find(({ state }) => state === 'overdue' || state === 'due')
      : reviews[number - 1]
  if (review === undefined)
    throw refused(
      name,
      number === undefined ? 'no review is due' : `it has no review ${number}`,
      number === undefined
        ? `The next falls due ${reviews.find(({ state }) => state === 'to come')?.due ?? 'never: close it'}.`
        : `It has 1 to ${reviews.length}.`,
    )
  if (review.reviewedAt !== null)
    throw refused(
      name,
      `review ${review.number} was done by ${review.reviewedBy}`,
      'Name another with --due.',
    )
  if (Date.parse(review.due) > now.getTime())
    throw refused(
      name,
      `review ${review.number} is not due before ${review.due}`,
      'What it looks at has not happened yet.',
    )
  return review
}

/** Throws 'record-changed' where it is closed. */
export function refuseReview({ name, state }: LaunchReviewWire, action: ReviewAction): void {
  if (state === 'closed' && action !== 'action-done')
    throw refused(name, 'it is closed', 'Open another: pgsteward launch open.')
}
