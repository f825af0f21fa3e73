// A channel for anything that takes a signed POST: alerts as JSON, one message for all that belong together.

import { createHmac } from 'node:crypto'
import type { AlertMessage, DeliveryBatch } from '../model/alert.ts'
import type { Channel } from './channel.ts'
import { clip } from './clip.ts'
import { type HttpChannelOptions, post } from './http-channel.ts'
import { type ReportNews, reasonsOf, reportId } from './report-news.ts'

export interface WebhookOptions extends HttpChannelOptions {
  readonly url: string
  readonly secret: string
}

/** Fields are added, never renamed. */
const VERSION = 1

/**
 * `X-Pgsteward-Signature: sha256=HEX`, HMAC-SHA256 of the body under the secret. `Idempotency-Key` stays the same when a message is
 * sent again, which happens when no answer came: a receiver that has seen it drops the repetition.
 */
export function webhook(id: string, { url, secret, allow }: WebhookOptions): Channel {
  const send = (key: string, content: WebhookBody, signal: AbortSignal) => {
    const body = JSON.stringify(content)
    return post({
      allow,
      url,
      headers: {
        'idempotency-key': key,
        'x-pgsteward-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      },
      body,
      signal,
    })
  }
  return {
    id,
    kind: 'webhook',
    most: 50,
    paceMs: 0,
    send: (batch, signal) => send(batch.id, webhookBody(batch), signal),
    sendReport: (news, signal) => send(reportId(news), reportBody(news), signal),
  }
}

export interface WebhookBody {
  readonly version: number
  readonly id: string
  readonly alerts: readonly AlertMessage[]
  /** A report that was made: then there are no alerts. */
  readonly report?: {
    readonly targetId: string
    readonly kind: string
    readonly name: string
    readonly title: string
    readonly label: string
    readonly status: string | null
    readonly reasons: readonly { readonly text: string; readonly severity: string | null }[]
    readonly link: string | null
  }
}

export function reportBody(news: ReportNews): WebhookBody {
  const { report, name, link } = news
  const { targetId, kind, title, period, status } = report
  return {
    version: VERSION,
    id: reportId(news),
    alerts: [],
    report: {
      targetId,
      kind,
      name,
      title: clip(title, TEXT_MOST),
      label: clip(period.label, TEXT_MOST),
      status: status?.level ?? null,
      reasons: reasonsOf(news).lines.map(({ text, severity }) => ({ text: clip(text, TEXT_MOST), severity })),
      link,
    },
  }
}

export function webhookBody(batch: DeliveryBatch): WebhookBody {
  return { version: VERSION, id: batch.id, alerts: batch.deliveries.map(({ message }) => bounded(message)) }
}

/** Longer ones are cut: a receiver has a limit too, and 50 alerts may come together. */
const TEXT_MOST = 4_000
const EVIDENCE_MOST = 40

function bounded(message: AlertMessage): AlertMessage {
  const { summary, evidence, remedy } = message
  const cut = (text: string) => clip(text, TEXT_MOST)
  return {
    ...message,
    summary: cut(summary),
    evidence: evidence.slice(0, EVIDENCE_MOST).map((each) => ({
      ...each,
      label: cut(each.label),
      value: typeof each.value === 'string' ? cut(each.value) : each.value,
    })),
    remedy: remedy === null ? null : { sql: remedy.sql.map(cut), caution: cut(remedy.caution) },
  }
}
