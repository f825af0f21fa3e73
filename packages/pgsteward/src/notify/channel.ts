// A channel: where alerts are sent. One contract for all (test/notify/contract.ts), so that none loses or repeats what it was given.

import type { DeliveryBatch } from '../model/alert.ts'
import type { Milliseconds } from '../model/units.ts'
import type { ReportNews } from './report-news.ts'

export const CHANNEL_KINDS = ['slack', 'pagerduty', 'email', 'webhook', 'opsgenie'] as const
export type ChannelKind = (typeof CHANNEL_KINDS)[number]

/**
 * `failed`: it may succeed later; `retryAfterMs` is what the receiver asked for. `refused`: the message itself is at fault, so it is not
 * sent again.
 */
export type SendResult =
  | { readonly is: 'sent'; readonly receipt: string | null }
  | { readonly is: 'failed'; readonly because: string; readonly retryAfterMs: Milliseconds | null }
  | { readonly is: 'refused'; readonly because: string }

export interface Channel {
  /** Its name in the configuration. */
  readonly id: string
  readonly kind: ChannelKind
  /** Alerts that one message holds at most; 1 where the receiver keeps an incident for each. */
  readonly most: number
  /** Between two messages at least, as the receiver demands. */
  readonly paceMs: Milliseconds
  /** A rejection counts as `failed`. Secrets stand in no reason. */
  readonly send: (batch: DeliveryBatch, signal: AbortSignal) => Promise<SendResult>
  /** Absent: it pages people, and takes no reports. */
  readonly sendReport?: (news: ReportNews, signal: AbortSignal) => Promise<SendResult>
}
