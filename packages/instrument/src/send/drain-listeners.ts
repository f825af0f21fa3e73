// Who else hears of what was measured, beside the sender: bridges to an agent that runs in the same process.

import type { Drained } from '../record/drained.ts'

type DrainListener = (drained: Drained) => void

const listeners = new Set<DrainListener>()

/** Returns what ends it. A listener must be quick: it holds the event loop. */
export function onDrained(listener: DrainListener): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

export function tellDrained(drained: Drained): void {
  for (const listener of listeners) listener(drained)
}
