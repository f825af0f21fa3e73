// Changes and what belongs to them in words.

import type { ChangeWire, LaunchReviewWire, MeetingWire, RehearsalWire } from 'pgsteward/wire'

export const STATE_WORDS: Readonly<Record<ChangeWire['state'], string>> = {
  open: 'To decide',
  deferred: 'Deferred',
  approved: 'Approved',
  rejected: 'Rejected',
  applied: 'Applied',
  verified: 'Verified',
  'rolled-back': 'Rolled back',
  closed: 'Closed',
}

export const STATE_BADGES: Readonly<Record<ChangeWire['state'], string>> = {
  open: 'is-warning',
  deferred: 'is-muted',
  approved: 'is-info',
  rejected: 'is-muted',
  applied: 'is-info',
  verified: 'is-resolved',
  'rolled-back': 'is-critical',
  closed: 'is-muted',
}

export function changeState({ state, closedAs }: Pick<ChangeWire, 'state' | 'closedAs'>): string {
  return closedAs === null ? STATE_WORDS[state] : `Closed: ${closedAs}`
}

/** `rolled back` as a row begins: `Rolled back`. */
export function capitalised(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`
}

export const MEETING_BADGES: Readonly<Record<MeetingWire['state'], string>> = {
  planned: 'is-info',
  held: 'is-warning',
  minuted: 'is-resolved',
  closed: 'is-muted',
  cancelled: 'is-muted',
}

export function rehearsalBadge({ verdict }: Pick<RehearsalWire, 'verdict'>): string {
  if (verdict === null) return 'is-info'
  return verdict === 'passed' ? 'is-resolved' : verdict === 'rolled back' ? 'is-warning' : 'is-critical'
}

export function launchBadge({ state, completion }: Pick<LaunchReviewWire, 'state' | 'completion'>): string {
  if (state === 'closed') return 'is-muted'
  return completion.overdue > 0 ? 'is-warning' : 'is-resolved'
}

/** `5 of 17 reviews done, 80 % of those due on time, 1 overdue`. */
export function completionWords({
  reviews,
  completion,
}: Pick<LaunchReviewWire, 'reviews' | 'completion'>): string {
  const { reviewed, onTimeRatio, overdue } = completion
  const onTime = onTimeRatio === null ? '' : `, ${Math.round(onTimeRatio * 100)} % of those due on time`
  return `${reviewed} of ${reviews.length} reviews done${onTime}${overdue === 0 ? '' : `, ${overdue} overdue`}`
}

/** What may be asked of a change that stands so, the likeliest first. */
export function mayBeAsked(state: ChangeWire['state']): readonly ChangeAsk[] {
  switch (state) {
    case 'open':
    case 'deferred':
      return ['vote', 'decide', 'close']
    case 'approved':
      return ['apply', 'close']
    case 'applied':
      return ['verify', 'roll-back', 'apply']
    case 'verified':
      return ['close', 'roll-back']
    case 'rejected':
    case 'rolled-back':
      return ['close']
    case 'closed':
      return []
  }
}

export type ChangeAsk = 'vote' | 'decide' | 'apply' | 'verify' | 'roll-back' | 'close'

export const ASK_WORDS: Readonly<Record<ChangeAsk, string>> = {
  vote: 'Vote',
  decide: 'Decide',
  apply: 'Applied',
  verify: 'Verify',
  'roll-back': 'Rolled back',
  close: 'Close',
}
