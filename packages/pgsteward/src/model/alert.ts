// An alert: one life of a finding as people are told of it, from its opening to its end. And what is told, to whom, when not.

import type { Area, Evidence, Finding, Severity, Subject } from './finding.ts'
import type { Milliseconds, Unit, Window } from './units.ts'

/** acknowledged: somebody has it in hand, so it no longer escalates or repeats. */
export type AlertState = 'firing' | 'acknowledged' | 'resolved'

export const ALERT_EVENTS = [
  'opened',
  'worsened',
  'acknowledged',
  'escalated',
  'repeated',
  'resolved',
] as const
export type AlertEvent = (typeof ALERT_EVENTS)[number]

export interface Alert {
  readonly targetId: string
  readonly findingKey: string
  /** Of the finding: with the key it names this life. */
  readonly openedAt: Date
  readonly state: AlertState
  /** The worst that was told in this life, or would have been were it not silenced. */
  readonly severity: Severity
  /** Number of its last event; 0: none. */
  readonly seq: number
  /** Who was told that it opened, and is told when it is over. Empty: nobody. */
  readonly channels: readonly string[]
  /** Why nobody was told; null where somebody was. */
  readonly silencedBy: string | null
  readonly toldAt: Date | null
  readonly acknowledgedBy: string | null
  readonly acknowledgedUntil: Date | null
  /** Steps of the escalation that were taken. */
  readonly escalations: number
  readonly nextEscalationAt: Date | null
  readonly resolvedAt: Date | null
}

/** One critical alert: told, and perhaps answered. */
export interface AnsweredAlert {
  readonly targetId: string
  readonly findingKey: string
  /** When it was first told of as critical. */
  readonly toldAt: Date
  /** null: nobody has acknowledged it. */
  readonly acknowledgedAt: Date | null
  readonly acknowledgedBy: string | null
  /** null: it is still there. */
  readonly resolvedAt: Date | null
}

/** Names one life of one finding. */
export type AlertId = Pick<Alert, 'targetId' | 'findingKey' | 'openedAt'>

/** An event and whom it goes to. */
export interface AlertNews {
  readonly event: AlertEvent
  readonly channels: readonly string[]
  readonly actor: string | null
  readonly because: string | null
}

/** An alert as it is after an event, or after a change that nobody is told of. */
export interface AlertStep {
  /** seq that the alert had before: another process may have been quicker, and then nothing of this holds. Null: it is new. */
  readonly after: number | null
  readonly alert: Alert
  readonly news: AlertNews | null
  /** What is told; null where nothing is. */
  readonly message: AlertMessage | null
}

/** How the value went that a finding is about, so that a reader sees whether it leapt or crept. */
export interface AlertChart {
  readonly label: string
  readonly unit: Unit
  readonly window: Window
  /** At even distances over the window, the oldest first; null: nothing is known. */
  readonly values: readonly (number | null)[]
}

/** What a reader would look up first; told where somebody has to act. */
export interface AlertContext {
  readonly chart: AlertChart | null
  /** Shortly before it began: deployments, migrations, settings, changes of plan; the latest first. */
  readonly happened: readonly { readonly at: Date; readonly text: string }[]
}

/** All that a channel needs to say it well, as it was when it happened. */
export interface AlertMessage {
  readonly event: AlertEvent
  readonly at: Date
  readonly targetId: string
  readonly labels: Readonly<Record<string, string>>
  readonly findingKey: string
  readonly checkId: string
  /** The check's. */
  readonly title: string
  readonly area: Area
  readonly severity: Severity
  readonly subject: Subject
  readonly summary: string
  readonly evidence: readonly Evidence[]
  /** Statements that mend it, where there are some. */
  readonly remedy: Pick<NonNullable<Finding['remedy']>, 'sql' | 'caution'> | null
  readonly openedAt: Date
  readonly resolvedAt: Date | null
  /** Opens and closes so often that it is held open until it has been quiet for a while. */
  readonly isFlapping: boolean
  readonly actor: string | null
  readonly because: string | null
  /** In the dashboard; null: its public address is not configured. */
  readonly link: string | null
  /** What to do: the check's page, as a path in this project, or what a rule of the configuration names. */
  readonly runbook: string
  readonly context?: AlertContext
  /** Where a schedule says it: Anna Weber (primary), Ben Okafor (secondary). */
  readonly onCall?: string
}

/** One message on its way to one channel. */
export interface Delivery {
  readonly id: string
  readonly channel: string
  readonly seq: number
  readonly message: AlertMessage
  /** Tries that were begun, this one included. */
  readonly attempts: number
}

/**
 * Deliveries that go out together. `id` stays the same over tries and restarts: receivers that know such keys drop a repetition.
 */
export interface DeliveryBatch {
  readonly id: string
  readonly channel: string
  /** The oldest first; of one target. */
  readonly deliveries: readonly Delivery[]
  /** A try before this one ended with the process, so whether it arrived is not known. */
  readonly isInDoubt: boolean
}

export type DeliveryResult =
  | { readonly is: 'sent'; readonly receipt: string | null }
  | { readonly is: 'failed'; readonly because: string; readonly retryAt: Date }
  | { readonly is: 'given-up'; readonly because: string }

/** For lists: what became of a delivery. */
export interface DeliveryRecord {
  readonly targetId: string
  readonly findingKey: string
  readonly channel: string
  readonly event: AlertEvent
  readonly severity: Severity
  readonly summary: string
  readonly state: 'waiting' | 'sending' | 'sent' | 'given-up'
  readonly createdAt: Date
  readonly sentAt: Date | null
  readonly attempts: number
  readonly lastError: string | null
}

/** What silences and routes ask of a finding; absent parts match any. */
export interface AlertMatch {
  readonly targets?: readonly string[]
  readonly areas?: readonly Area[]
  readonly checks?: readonly string[]
  /** Parts of the finding's key; `*` stands for anything: `slow-route:route/shop/*`. */
  readonly findings?: readonly string[]
}

/** Nobody is told of what it matches, for a time. The finding lives on, and is told of afterwards if it is still there. */
export interface Silence {
  readonly id: string
  readonly match: AlertMatch
  readonly from: Date
  readonly until: Date
  readonly by: string
  readonly because: string
  readonly createdAt: Date
  /** Ended before its time. */
  readonly endedAt: Date | null
}

export interface AlertRoute {
  readonly match: AlertMatch
  /** The mildest severity that it takes. */
  readonly from: Severity
  readonly channels: readonly string[]
}

export interface EscalationStep {
  /** After the opening, or the step before. */
  readonly afterMs: Milliseconds
  readonly channels: readonly string[]
}

export interface AlertPolicy {
  /** All that match are followed. */
  readonly routes: readonly AlertRoute[]
  /** For critical alerts that nobody acknowledges. */
  readonly escalation: readonly EscalationStep[]
  /** Critical ones that are firing are told of again; null: never. */
  readonly repeatMs: Milliseconds | null
}

/** Who is on call, where a schedule says it: their channels are told beside those of the routes. Null: nobody is to be called then. */
export type OnCall = (
  at: Date,
  step: number,
) => { readonly name: string; readonly channels: readonly string[] } | null
