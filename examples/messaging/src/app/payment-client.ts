// Charges a church through the payment provider. A declined card is an answer, not an error.

import { z } from 'zod'
import type { Metrics } from './metrics.ts'

export interface Charge {
  readonly reference: string
  readonly amountCents: number
  readonly currency: string
}

export interface PaymentClient {
  /** Throws when the provider does not answer in time. */
  readonly charge: (charge: Charge) => Promise<'SUCCEEDED' | 'FAILED'>
}

const TIMEOUT_MS = 30_000
const answer = z.object({ status: z.enum(['SUCCEEDED', 'FAILED']) })

export function createPaymentClient(url: string, callbackUrl: () => string, metrics: Metrics) {
  return {
    charge: (charge: Charge) =>
      metrics.timeAsync('payments.charge', async () => {
        const response = await fetch(new URL('/charges', url), {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ ...charge, callbackUrl: callbackUrl() }),
          signal: AbortSignal.timeout(TIMEOUT_MS),
        })
        if (response.status !== 402 && !response.ok)
          throw new Error(`the payment provider answered ${response.status}`)
        return answer.parse(await response.json()).status
      }),
  } satisfies PaymentClient
}
