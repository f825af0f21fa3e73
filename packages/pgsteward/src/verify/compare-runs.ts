// What two series of runs allow to say. No model of the noise: one series must lie wholly above the other.

import type { Measured, Timing, Verdict } from '../model/verify.ts'

export interface Run {
  readonly ms: number
  readonly blocks: number
  readonly hasTimedOut: boolean
}

/**
 * Fewer runs can lie apart by chance: two series of 4 do so in 2 of 70 orders (2.9 %), of 5 in 2 of 252 (0.8 %), of 3 in 2 of 20.
 */
export const FEWEST_RUNS = 4
/** The least difference worth a word: V5's bands begin at 5 percent. */
const LEAST_RATIO = 1.05

export function timingOf(runs: readonly Run[]): Timing {
  const sorted = [...runs].sort((a, b) => a.ms - b.ms)
  const middle = sorted[Math.floor(sorted.length / 2)]!
  const other = sorted[Math.floor((sorted.length - 1) / 2)]!
  return {
    runs: runs.length,
    medianMs: (middle.ms + other.ms) / 2,
    leastMs: sorted[0]!.ms,
    mostMs: sorted.at(-1)!.ms,
    blocks: middle.blocks,
    hasTimedOut: runs.some(({ hasTimedOut }) => hasTimedOut),
  }
}

export function judge(
  withIndex: Timing,
  without: Timing | null,
  withoutBy: Measured['withoutBy'],
): Pick<Measured, 'ratio' | 'verdict' | 'because'> {
  if (without === null || withoutBy === null)
    return { ratio: null, verdict: 'inconclusive', because: 'there is nothing to compare with' }
  const ratio = withIndex.medianMs === 0 ? null : without.medianMs / withIndex.medianMs
  const say = (verdict: Verdict, because: string) => ({ ratio, verdict, because })
  if (withoutBy === 'nearest')
    return say(
      'inconclusive',
      'the server could not be made to take the plan that it would choose without the index; the figures without are of another one',
    )
  if (withIndex.hasTimedOut)
    return say('inconclusive', 'with the index it ran into the time limit; --timeout allows more')
  if (without.hasTimedOut)
    return say('faster', 'without the index it ran into the time limit, so the ratio is the least possible')
  const runs = Math.min(withIndex.runs, without.runs)
  if (runs < FEWEST_RUNS)
    return say('inconclusive', `${runs} runs can differ by chance; at least ${FEWEST_RUNS} are needed`)
  if (withIndex.mostMs < without.leastMs && without.medianMs > withIndex.medianMs * LEAST_RATIO)
    return say('faster', `each of ${runs} runs with the index was faster than each without`)
  if (without.mostMs < withIndex.leastMs && withIndex.medianMs > without.medianMs * LEAST_RATIO)
    return say('slower', `each of ${runs} runs with the index was slower than each without`)
  const apart =
    Math.max(withIndex.medianMs, without.medianMs) / Math.min(withIndex.medianMs, without.medianMs)
  return apart <= LEAST_RATIO
    ? say('no difference', 'the medians are within 5 %')
    : say('inconclusive', 'the runs overlap; --runs asks for more')
}
