// A channel for anything that takes a signed POST: alerts as JSON, one message for all that belong together.

import { createHmac } from 'node:crypto'
import type { AlertMessage, DeliveryBatch } from '../model/alert.ts'
import type { Channel } from './channel.ts'
import { clip } from './clip.ts'
import { post } from './http-channel.ts'

export interface WebhookOptions {
  readonly url: string
  readonly secret: string
}

/** Fields are added, never renamed. */
const VERSION = 1

/**
 * `X-Pgsteward-Signature: sha256=HEX`, HMAC-SHA256 of the body under the secret. `Idempotency-Key` stays the same when a message is
 * sent again, which happens when no answer came: a receiver that has seen it drops the repetition.
 */
export function webhook(id: string, { url, secret }: WebhookOptions): Channel {
  return {
    id,
    kind: 'webhook',
    most: 50,
    paceMs: 0,
    send: (batch, signal) => {
      const body = JSON.stringify(webhookBody(batch))
      return post({
        url,
        headers: {
          'idempotency-key': batch.id,
          'x-pgsteward-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
        },
        body,
        signal,
      })
    },
  }
}

export interface WebhookBody {
  readonly version: number
  readonly id: string
  readonly alerts: readonly AlertMessage[]
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
