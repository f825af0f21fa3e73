// The verdict on one quantile of one endpoint: a band where the estimate has support, a pass where a slowdown that would fail is
// excluded, and otherwise inconclusive, with what could have been seen and how many repetitions would decide.

import type { NoiseFloor } from '../model/baseline.ts'
import type { Band, ComparedSeries, Design, Verdict } from '../model/comparison.ts'
import { detectableShift, repetitionsNeeded } from '../stats/power.ts'
import { type Shift, type ShiftSample, shiftMoments, shiftOf } from '../stats/shift.ts'
import { bandOf, FAILING_RATIO, LEAST_RATIO, leastChangeMs, verdictOf } from './bands.ts'
import { supportLevel } from './support-level.ts'

export interface Evidence {
  readonly sample: ShiftSample
  readonly design: Design
  readonly repetitions: number
  readonly isSequential: boolean
  readonly baseMs: number
  /** Learnt on this class of host; a change within it is none, whatever the runs say. */
  readonly floor: NoiseFloor | null
  /** Adjusted, of a slowdown beyond 5 % and of any improvement. */
  readonly slowerP: number
  readonly fasterP: number
}

export type Judgement = Pick<
  ComparedSeries,
  'ratio' | 'lower' | 'upper' | 'pValue' | 'band' | 'verdict' | 'detectable' | 'runsNeeded' | 'because'
>

/** Of the bounds, one-sided each. */
const BOUND_ALPHA = 0.05

/** Where nothing is known of the noise: what a machine with runs 7 % apart takes for a slowdown of 25 %. */
const USUAL_REPETITIONS = 5

export function judgeSeries(evidence: Evidence): Judgement {
  const { sample, slowerP, fasterP } = evidence
  const shift = shiftOf(sample, BOUND_ALPHA)
  if (shift === null)
    return {
      ratio: sample.kind === 'paired' ? Math.exp(sample.differences[0]!) : null,
      lower: null,
      upper: null,
      pValue: null,
      band: null,
      verdict: 'inconclusive',
      detectable: null,
      runsNeeded: USUAL_REPETITIONS,
      because: `One run a side cannot tell a change from noise; run base and head ${USUAL_REPETITIONS} times, interleaved.`,
    }
  const [ratio, lower, upper] = [Math.exp(shift.estimate), Math.exp(shift.lower), Math.exp(shift.upper)]
  const decided = decide({ ...evidence, ratio, lower, upper })
  return {
    ratio,
    lower,
    upper,
    pValue: ratio >= 1 ? slowerP : fasterP,
    ...decided,
    ...(decided.verdict === 'inconclusive'
      ? outlook(evidence, shift)
      : { detectable: detectableOf(evidence), runsNeeded: null }),
  }
}

interface Bounded extends Evidence {
  readonly ratio: number
  readonly lower: number
  readonly upper: number
}

interface Decision {
  readonly band: Band | null
  readonly verdict: Verdict
  readonly because: string
}

function decide(found: Bounded): Decision {
  const { ratio, lower, upper, slowerP, fasterP, baseMs } = found
  const level = supportLevel(found)
  const isLarge = Math.abs(ratio - 1) * baseMs > leastChangeMs(baseMs)
  const isSlower = lower > LEAST_RATIO && slowerP <= level
  if (isSlower && ratio > LEAST_RATIO) {
    if (!isLarge)
      return {
        band: null,
        verdict: 'pass',
        because: `Slower, by less than ${round(leastChangeMs(baseMs))} ms.`,
      }
    if (isWithinFloor(found))
      return {
        band: null,
        verdict: 'inconclusive',
        because: `Slower by ${percent(ratio)}, within what this host strays by itself.`,
      }
    const band = bandOf(ratio)
    return {
      band,
      verdict: verdictOf(band),
      because: `Slower by ${percent(ratio)}, at least ${percent(lower)} (95 % sure).`,
    }
  }
  if (ratio < 0.95 && upper < 1 && fasterP <= level && isLarge)
    return {
      band: 'improvement',
      verdict: 'pass',
      because: `Faster by ${percent(ratio)}, at least ${percent(upper)} (95 % sure).`,
    }
  if (upper <= LEAST_RATIO)
    return { band: 'none', verdict: 'pass', because: 'A slowdown of over 5 % is excluded.' }
  if (upper <= FAILING_RATIO)
    return { band: null, verdict: 'pass', because: `A slowdown of over ${percent(upper)} is excluded.` }
  return { band: null, verdict: 'inconclusive', because: undecidedText(found, level) }
}

function undecidedText({ ratio, lower, upper, slowerP }: Bounded, level: number): string {
  if (lower > LEAST_RATIO)
    return `Looks slower by ${percent(ratio)}, not confirmed (p ${round(slowerP)}, needed ${round(level)}).`
  return `Anything from ${signed(lower)} to ${signed(upper)} is possible.`
}

/** A duet meets the same noise on both sides, so what single runs stray by does not concern it. */
function isWithinFloor({ design, floor, ratio, repetitions }: Bounded): boolean {
  if (floor === null || design === 'duet') return false
  const repeated = design === 'interleaved' ? Math.sqrt(repetitions) : 1
  return Math.log(ratio) <= floor.logRatio / repeated
}

function detectableOf(evidence: Evidence): number | null {
  const moments = shiftMoments(evidence.sample)
  if (moments === null) return null
  const { standardError, degreesOfFreedom } = moments
  return finite(
    Math.exp(detectableShift(standardError, degreesOfFreedom, supportLevel(evidence), Math.log(LEAST_RATIO))),
  )
}

function outlook(evidence: Evidence, { estimate }: Shift) {
  const moments = shiftMoments(evidence.sample)
  const confirmed = repetitionsNeeded(moments?.scale ?? 0, estimate - Math.log(LEAST_RATIO), (count) =>
    supportLevel({ ...evidence, repetitions: count }),
  )
  const excluded = repetitionsNeeded(
    moments?.scale ?? 0,
    Math.log(FAILING_RATIO) - estimate,
    () => BOUND_ALPHA,
  )
  const counts = [confirmed, excluded].filter((count) => count !== null)
  return {
    detectable: detectableOf(evidence),
    runsNeeded: counts.length === 0 ? null : Math.max(Math.min(...counts), leastUseful(evidence)),
  }
}

/** What was done already did not decide; a stored baseline is no interleaved pair, so there it may be fewer. */
function leastUseful({ design, repetitions }: Evidence): number {
  return design === 'stored' || design === 'single' ? 3 : repetitions + 1
}

function finite(value: number): number | null {
  return Number.isFinite(value) && value < 1000 ? value : null
}

function percent(ratio: number): string {
  const share = Math.abs(ratio - 1) * 100
  return `${share < 9.95 ? Number(share.toFixed(1)) : Math.round(share)} %`
}

function signed(ratio: number): string {
  return `${ratio < 1 ? '-' : '+'}${percent(ratio)}`
}

function round(value: number): string {
  return Number(value.toPrecision(2)).toString()
}
