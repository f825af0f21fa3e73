// Flap damping: a finding that opens again and again is held open until it has been quiet for long, so that it is told of twice and not
// twenty times.

import type { Milliseconds } from '../model/units.ts'

const MINUTE_MS = 60_000

/** Three openings in half an hour: two may be the fault and a first try to mend it. */
const OPENINGS = 3
const WITHIN_MS: Milliseconds = 30 * MINUTE_MS

/** Findings resolved since then are still needed: their openings count. */
export function rememberedSince(now: Date): Date {
  return new Date(now.getTime() - WITHIN_MS)
}

/** Longer than the pauses of anything that opened three times in half an hour. */
export const DAMPED_CLEAR_MS: Milliseconds = 15 * MINUTE_MS

/** Of the life that began with the last opening, until it ends. */
export function isFlapping(openings: readonly Date[]): boolean {
  const [last, first] = [openings.at(-1), openings.at(-OPENINGS)]
  return last !== undefined && first !== undefined && last.getTime() - first.getTime() < WITHIN_MS
}

/** What has to be remembered of earlier openings when another one comes. */
export function lately(openings: readonly Date[], now: Date): readonly Date[] {
  return openings.filter((each) => now.getTime() - each.getTime() < WITHIN_MS)
}
