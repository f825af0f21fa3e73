// Sends an SMS through the carrier. It accepts or refuses at once; whether the message arrived it says later, to our webhook.

import { z } from 'zod'
import type { Metrics } from './metrics.ts'

export interface Sms {
  readonly to: string
  readonly body: string
  /** Ours; the webhook names it. */
  readonly reference: string
}

export interface CarrierClient {
  /** The carrier's id of the message. Throws when it refuses or does not answer in time. */
  readonly send: (sms: Sms) => Promise<string>
}

const TIMEOUT_MS = 5_000
const answer = z.object({ id: z.string() })

export function createCarrierClient(url: string, callbackUrl: () => string, metrics: Metrics) {
  return {
    send: (sms: Sms) =>
      metrics.timeAsync(
        'carrier.send',
        async () => {
          const response = await fetch(new URL('/messages', url), {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ ...sms, callbackUrl: callbackUrl() }),
            signal: AbortSignal.timeout(TIMEOUT_MS),
          })
          if (!response.ok) throw new Error(`the carrier answered ${response.status}`)
          return answer.parse(await response.json()).id
        },
        { channel: 'sms' },
      ),
  } satisfies CarrierClient
}
