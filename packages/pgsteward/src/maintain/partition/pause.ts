// Waiting that ends with the signal.

import type { Milliseconds } from '../../model/units.ts'

/** Resolves early when the signal is aborted; whoever goes on asks it. */
export function pause(forMs: Milliseconds, signal: AbortSignal): Promise<void> {
  if (signal.aborted || forMs <= 0) return Promise.resolve()
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', over)
      resolve()
    }
    const timer = setTimeout(over, forMs)
    signal.addEventListener('abort', over, { once: true })
  })
}
