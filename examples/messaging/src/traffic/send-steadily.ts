// Keeps a steady rate of visits: an open model, in which a slow answer does not slow down those who come next, up to a limit.

import { setTimeout as sleep } from 'node:timers/promises'

export interface Pace {
  readonly perSecond: number
  readonly maxInFlight: number
  /** The nth visit. */
  readonly visit: (n: number) => Promise<void>
  readonly signal: AbortSignal
}

const TICK_MS = 25
/** After a failed visit: a server that restarts is not asked forty times a second. */
const AFTER_FAILURE_MS = 250

/** Runs until the signal, whose abort rejects. A visit that fails reports by itself. */
export async function sendSteadily({ perSecond, maxInFlight, visit, signal }: Pace): Promise<void> {
  let credit = 0
  let sent = 0
  let inFlight = 0
  let lastAt = performance.now()
  let silentUntil = 0
  while (!signal.aborted) {
    const now = performance.now()
    // what could not be sent within a second is lost, not sent in a burst afterwards
    credit = Math.min(perSecond, credit + ((now - lastAt) / 1000) * perSecond)
    lastAt = now
    while (credit >= 1 && inFlight < maxInFlight && now >= silentUntil) {
      credit--
      inFlight++
      visit(++sent)
        .catch(() => {
          silentUntil = performance.now() + AFTER_FAILURE_MS
        })
        .finally(() => inFlight--)
    }
    await sleep(TICK_MS, undefined, { signal })
  }
}
