// What one attempt of a probe found, before anybody writes down when it was.

import type { ProbeAttempt } from '../../model/availability.ts'

export type ProbeFinding = Omit<ProbeAttempt, 'at'>

/** A span as people say it: 5 s, 250 ms. */
export function within(ms: number): string {
  return ms >= 1_000 ? `${Number((ms / 1_000).toFixed(1))} s` : `${Math.round(ms)} ms`
}
