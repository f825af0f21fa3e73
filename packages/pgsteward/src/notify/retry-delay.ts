// When to try again.

import type { Milliseconds } from '../model/units.ts'

const FIRST_MS = 1_000
const MOST_MS = 5 * 60_000

/**
 * Doubling from a second to five minutes, by chance between half of it and all of it, so that what failed together does not come back
 * together. `attempts`: those that failed. `chance`: 0 to 1.
 */
export function retryDelayMs(attempts: number, chance: number): Milliseconds {
  const wholeMs = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(20, Math.max(0, attempts - 1)))
  return wholeMs * (0.5 + 0.5 * chance)
}
