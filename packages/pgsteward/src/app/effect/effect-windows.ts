// The two spans that are compared: as long as each other, a day at most, and without anything else that changed.

import type { Milliseconds, Window } from '../../model/units.ts'

/** A day has its rush and its night. */
export const LONGEST_MS: Milliseconds = 24 * 3_600_000
const HOUR_MS: Milliseconds = 3_600_000
/** Up to here the store answers for any moment; longer windows begin and end at full hours. */
const EXACT_MS: Milliseconds = 6 * HOUR_MS

export interface Disturbance {
  readonly at: Date
  readonly what: string
}

export interface EffectWindows {
  readonly before: Window
  readonly after: Window
  /** No longer window is to come. */
  readonly isComplete: boolean
  /** What changed between the reading without the index and the one with it; null: nothing else that is known. */
  readonly disturbedBy: string | null
}

export interface Moments {
  /** The last reading without the index, and the first with it. */
  readonly absentUntil: Date
  readonly appearedAt: Date
  /** When it was dropped again. */
  readonly goneAt: Date | null
  /** Since when the history has the target. */
  readonly historyFrom: Date
  readonly now: Date
}

export function effectWindows(
  { absentUntil, appearedAt, goneAt, historyFrom, now }: Moments,
  disturbances: readonly Disturbance[],
): EffectWindows {
  const earlier = disturbances.filter(({ at }) => at <= absentUntil).map(({ at }) => at.getTime())
  const later = disturbances.filter(({ at }) => at > appearedAt).map(({ at }) => at.getTime())
  const meanwhile = disturbances.find(({ at }) => at > absentUntil && at <= appearedAt)
  const lower = Math.max(absentUntil.getTime() - LONGEST_MS, historyFrom.getTime(), ...earlier)
  const upper = Math.min(
    appearedAt.getTime() + LONGEST_MS,
    goneAt?.getTime() ?? Number.POSITIVE_INFINITY,
    ...later,
  )
  const possibleMs = Math.max(0, Math.min(absentUntil.getTime() - lower, upper - appearedAt.getTime()))
  const lengthMs = Math.max(0, Math.min(possibleMs, now.getTime() - appearedAt.getTime()))
  const windows =
    lengthMs <= EXACT_MS
      ? around(absentUntil.getTime(), appearedAt.getTime(), lengthMs)
      : around(
          Math.floor(absentUntil.getTime() / HOUR_MS) * HOUR_MS,
          Math.ceil(appearedAt.getTime() / HOUR_MS) * HOUR_MS,
          Math.floor(lengthMs / HOUR_MS - 1) * HOUR_MS,
        )
  return { ...windows, isComplete: lengthMs >= possibleMs, disturbedBy: meanwhile?.what ?? null }
}

function around(end: number, start: number, lengthMs: Milliseconds): Pick<EffectWindows, 'before' | 'after'> {
  return {
    before: { from: new Date(end - lengthMs), to: new Date(end) },
    after: { from: new Date(start), to: new Date(start + lengthMs) },
  }
}
