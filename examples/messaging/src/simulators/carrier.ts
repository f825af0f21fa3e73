// Plays the SMS carrier: accepts a message after a short time, and reports later whether it arrived.

import type { Faults } from '../app/faults.ts'
import { type Simulator, type SimulatorOptions, startSimulator } from './simulator.ts'

const LATENCY_MS = { from: 10, to: 50 }
const REPORT_AFTER_MS = { from: 100, to: 800 }
const SLOW_MS = 2_000
/** Of two thousand messages, one goes to a phone that is off for good: in a quiet hour of the demo that is under ten. */
const UNDELIVERED = 0.0005
const REFUSED_BY_FAULT = { 'failing-carrier': 0.3, 'delivery-failures': 0.9 } as const

export function startCarrier(options: SimulatorOptions, faults: Pick<Faults, 'has'>): Promise<Simulator> {
  let accepted = 0
  return startSimulator(options, async ({ path, body, random, wait, answer, callBack }) => {
    if (path !== '/messages' || typeof body.to !== 'string') return answer(404, { error: 'not found' })
    const between = ({ from, to }: typeof LATENCY_MS) => from + random() * (to - from)
    await wait(faults.has('slow-external-call') ? SLOW_MS : between(LATENCY_MS))
    const refused = (['delivery-failures', 'failing-carrier'] as const).find((id) => faults.has(id))
    if (refused !== undefined && random() < REFUSED_BY_FAULT[refused])
      return answer(503, { error: 'out of capacity' })
    answer(202, { id: `SM${String(++accepted).padStart(10, '0')}-${options.seed}` })
    if (typeof body.callbackUrl !== 'string') return
    await wait(between(REPORT_AFTER_MS))
    const fails = random() < UNDELIVERED
    await callBack(body.callbackUrl, {
      type: 'delivery',
      reference: body.reference,
      ...(fails ? { status: 'FAILED', errorCode: 30_003 } : { status: 'DELIVERED' }),
    })
  })
}
