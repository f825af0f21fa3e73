// What outcomes become over time: findings that live, their transitions, and the decisions people make about them.

import type { Area, Finding, Severity } from './finding.ts'

/** pending: seen, not yet for as long as the check's hold. open: stands. muted: stands, hidden by a decision until it expires. */
export type FindingState = 'pending' | 'open' | 'muted' | 'resolved'

export interface OpenFinding extends Finding {
  readonly key: string
  readonly checkId: string
  readonly area: Area
  readonly targetId: string
  readonly state: FindingState
  readonly firstSeenAt: Date
  readonly lastSeenAt: Date
  readonly openedAt: Date | null
  /** Since when the check no longer finds it, while that is not long enough to call it over; null: it was found the last time. */
  readonly quietSince: Date | null
  /** When it opened lately, the latest last: what flapping is told by (evaluate/flapping.ts). */
  readonly openings: readonly Date[]
  readonly resolvedAt: Date | null
  readonly mutedUntil: Date | null
  readonly muteReason: string | null
}

export type Transition =
  | 'pending'
  | 'opened'
  | 'worsened'
  | 'eased'
  | 'persisted'
  | 'unmuted'
  | 'resolved'
  | 'forgotten'

export interface Change {
  readonly transition: Transition
  readonly finding: OpenFinding
  readonly previousSeverity?: Severity
}

export interface Notice {
  readonly transition: 'opened' | 'worsened' | 'resolved'
  readonly finding: OpenFinding
}

export interface Decision {
  readonly at: Date
  readonly actor: string
  /** propose: somebody, or a coding agent, suggests a remedy; people decide. Nothing is run for it. */
  readonly action:
    | 'propose'
    | 'approve'
    | 'reject'
    | 'waive'
    | 'unmute'
    | 'apply'
    | 'promote-baseline'
    | 'override-gate'
  readonly targetId: string
  readonly findingKey: string | null
  readonly reason: string
  readonly expiresAt: Date | null
}
