// How a run is cut: whole seconds counted from the end of the warm-up; the warm-up has its own, the last of them cut short.

import type { Milliseconds } from '../../model/units.ts'

export const SECOND_MS: Milliseconds = 1000

export function warmUpSeconds(warmUpMs: Milliseconds): number {
  return Math.ceil(warmUpMs / SECOND_MS)
}

/** End of the n-th second. Answers that come after the run has ended belong to the last one. */
export function endOfSecond(n: number, warmUpMs: Milliseconds, totalMs: Milliseconds): Milliseconds {
  const warm = warmUpSeconds(warmUpMs)
  const end = n < warm ? Math.min((n + 1) * SECOND_MS, warmUpMs) : warmUpMs + (n - warm + 1) * SECOND_MS
  return end >= totalMs ? Number.POSITIVE_INFINITY : end
}

export function startOfSecond(n: number, warmUpMs: Milliseconds): Milliseconds {
  const warm = warmUpSeconds(warmUpMs)
  return n < warm ? n * SECOND_MS : warmUpMs + (n - warm) * SECOND_MS
}
