// Keeps a steady rate of calls while each request makes several: what was called is counted, and the next request waits its turn.

import { setTimeout as sleep } from 'node:timers/promises'

export interface Pace {
  readonly callsPerSecond: number
  readonly maxInFlight: number
  /** Calls so far. */
  readonly calls: () => number
  /** The nth request. */
  readonly request: (n: number) => Promise<void>
  readonly signal: AbortSignal
}

const TICK_MS = 25
/** After a failed request: a server that restarts is not asked forty times a second. */
const AFTER_FAILURE_MS = 500

/** Runs until the signal, whose abort rejects. A request that fails reports by itself. */
export async function sendSteadily({
  callsPerSecond,
  maxInFlight,
  calls,
  request,
  signal,
}: Pace): Promise<void> {
  let credit = 0
  let sent = 0
  let inFlight = 0
  let lastAt = performance.now()
  let lastCalls = calls()
  let silentUntil = 0
  while (!signal.aborted) {
    const now = performance.now()
    // what could not be sent within a second is lost, not sent in a burst afterwards
    credit = Math.min(
      callsPerSecond,
      credit + ((now - lastAt) / 1000) * callsPerSecond - (calls() - lastCalls),
    )
    lastAt = now
    lastCalls = calls()
    if (credit > 0 && inFlight < maxInFlight && now >= silentUntil) {
      inFlight++
      request(++sent)
        .catch(() => {
          silentUntil = performance.now() + AFTER_FAILURE_MS
        })
        .finally(() => inFlight--)
    }
    await sleep(TICK_MS, undefined, { signal })
  }
}
