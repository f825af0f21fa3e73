// Closer, wider, earlier, later: spans from spans.

import type { Span } from '../time-range.ts'

/** Shorter than a few readings shows nothing. */
export const LEAST_SECONDS = 30
/** Nothing is kept for longer. */
const MOST_SECONDS = 800 * 86_400

/** Around the middle; a factor of 2 shows twice as much. Never into the future: what would lie there is shown before instead. */
export function scaledSpan({ from, to }: Span, factor: number, now: number): Span {
  const length = Math.min(MOST_SECONDS, Math.max(LEAST_SECONDS, (to - from) * factor))
  const middle = (from + to) / 2
  return upTo(now, { from: middle - length / 2, to: middle + length / 2 })
}

/** By a share of its length; negative: earlier. */
export function movedSpan({ from, to }: Span, share: number, now: number): Span {
  const by = (to - from) * share
  return upTo(now, { from: from + by, to: to + by })
}

function upTo(now: number, { from, to }: Span): Span {
  const late = Math.max(0, to - now)
  return { from: Math.floor(from - late), to: Math.ceil(to - late) }
}

/** What was marked, in its order; null where it is too short to show anything. */
export function markedSpan(one: number, other: number): Span | null {
  const from = Math.floor(Math.min(one, other))
  const to = Math.ceil(Math.max(one, other))
  return to - from < LEAST_SECONDS ? null : { from, to }
}
