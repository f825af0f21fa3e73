// Plays the payment provider: one card in twenty is declined, and each charge is confirmed by a webhook.

import { type Simulator, type SimulatorOptions, startSimulator } from './simulator.ts'

const LATENCY_MS = { from: 30, to: 120 }
const CONFIRM_AFTER_MS = 300
const DECLINED = 0.05
/** A card with this amount is always declined, for tests. */
export const ALWAYS_DECLINED_CENTS = 66_600

export function startPayments(options: SimulatorOptions): Promise<Simulator> {
  return startSimulator(options, async ({ path, body, random, wait, answer, callBack }) => {
    if (path !== '/charges' || typeof body.amountCents !== 'number')
      return answer(404, { error: 'not found' })
    await wait(LATENCY_MS.from + random() * (LATENCY_MS.to - LATENCY_MS.from))
    const declined = body.amountCents === ALWAYS_DECLINED_CENTS || random() < DECLINED
    const status = declined ? 'FAILED' : 'SUCCEEDED'
    answer(declined ? 402 : 200, { status })
    if (typeof body.callbackUrl !== 'string') return
    await wait(CONFIRM_AFTER_MS)
    await callBack(body.callbackUrl, { reference: body.reference, status })
  })
}
