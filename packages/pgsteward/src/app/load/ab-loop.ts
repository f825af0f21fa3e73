// The order of an A/B experiment: base and head by turns or at the same instant, as many repetitions as the sequential rule asks for,
// in a random order within each pair, so that warming up, throttling and neighbours meet both sides alike.

import { disturbedNote } from '../../gate/disturbed.ts'
import type { NextStep } from '../../gate/next-step.ts'
import type { Comparison } from '../../model/comparison.ts'
import type { InvalidReason, LoadRun } from '../../model/load-run.ts'

export const SIDES = ['base', 'head'] as const
export type Side = (typeof SIDES)[number]
export type AbDesign = 'interleaved' | 'duet'

export interface AbLoop {
  readonly design: AbDesign
  readonly most: number
  /** From 0 to 1, of a seed: which side begins. */
  readonly chance: () => number
  readonly signal: AbortSignal
  /** Measures one side once; of a duet both are called at once. Rejects when nothing could be measured. */
  readonly measure: (side: Side, repetition: number) => Promise<LoadRun>
  readonly judge: (base: readonly LoadRun[], head: readonly LoadRun[]) => Comparison
  readonly nextStep: (comparison: Comparison | null, repetitions: number, most: number) => NextStep
  /** After each repetition: what is known so far, and why it goes on or ends. */
  readonly onRepetition: (done: number, comparison: Comparison, because: string) => void
  /** A repetition was left out: why. */
  readonly onAgain: (note: string) => void
}

export interface AbResult {
  readonly base: readonly LoadRun[]
  readonly head: readonly LoadRun[]
  /** Null: not one repetition was completed. */
  readonly comparison: Comparison | null
  /** What happened on the way: repetitions made again, an interruption. */
  readonly notes: readonly string[]
  readonly isInterrupted: boolean
}

/** The generator's or the machine's bad moment, not the code's: such a pair is left out and made again. */
const BAD_MOMENTS: ReadonlySet<InvalidReason> = new Set([
  'generator-starved',
  'schedule-lag',
  'rate-not-reached',
])
/** Pairs beyond the most repetitions, in place of those left out. */
const MOST_AGAIN = 3
/** And in place of those that the machine's host disturbed: its spells pass, and what is left out costs nothing but time. */
const MOST_UNDISTURBED = 9

export async function abLoop(loop: AbLoop): Promise<AbResult> {
  const { design, most, signal, judge, nextStep, onRepetition } = loop
  const base: LoadRun[] = []
  const head: LoadRun[] = []
  const leftOut: string[] = []
  let comparison: Comparison | null = null
  let wanted = 0
  let told = 0
  let calmer = MOST_UNDISTURBED
  const tell = (because: string) => {
    if (comparison !== null && base.length > told) onRepetition(base.length, comparison, because)
    told = base.length
  }
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    if (base.length >= wanted) {
      const next = nextStep(comparison, base.length, most)
      tell(next.because)
      if (next.step === 'done')
        return { base, head, comparison, notes: notesOf(leftOut), isInterrupted: false }
      wanted = base.length + next.repetitions
    } else tell(`${wanted} repetitions at least`)
    const pair = await measurePair(loop, attempt, design)
    if (pair === null) break
    const moment = badMoment(pair)
    const disturbed = moment === null && calmer > 0 ? disturbedNote([pair.base, pair.head]) : null
    if (disturbed !== null) {
      // a host that never rests is judged as it is, when these are used up
      calmer -= 1
      leftOut.push(disturbed.replace(/\.$/, ''))
      loop.onAgain(`made again: ${disturbed}`)
      continue
    }
    if (moment !== null) {
      leftOut.push(moment)
      const isLast = attempt >= most + MOST_AGAIN + (MOST_UNDISTURBED - calmer)
      loop.onAgain(`${isLast ? 'left out' : 'left out and made again'}: ${moment}`)
      if (!isLast) continue
      // with no whole pair at all the runs themselves say what is wrong
      if (base.length > 0) return { base, head, comparison, notes: notesOf(leftOut), isInterrupted: false }
    }
    base.push(pair.base)
    head.push(pair.head)
    comparison = judge(base, head)
    // what can't be compared now won't be by repeating
    if (comparison.verdict === 'invalid') {
      tell('the runs cannot be compared')
      return { base, head, comparison, notes: notesOf(leftOut), isInterrupted: false }
    }
  }
  const interruption = `Interrupted after ${base.length} whole repetition${base.length === 1 ? '' : 's'}: what was measured until then is kept.`
  return { base, head, comparison, notes: [interruption, ...notesOf(leftOut)], isInterrupted: true }
}

function notesOf(leftOut: readonly string[]): readonly string[] {
  const [first] = leftOut
  if (first === undefined) return []
  return [
    leftOut.length === 1
      ? `One repetition was left out: ${first}.`
      : `${leftOut.length} repetitions were left out, the first of them: ${first}.`,
  ]
}

type Pair = Readonly<Record<Side, LoadRun>>

/** Null: interrupted before both were measured. */
async function measurePair(
  { chance, measure, signal }: AbLoop,
  repetition: number,
  design: AbDesign,
): Promise<Pair | null> {
  const order: readonly Side[] = chance() < 0.5 ? ['base', 'head'] : ['head', 'base']
  const runs: Partial<Record<Side, LoadRun>> = {}
  try {
    if (design === 'duet')
      await Promise.all(
        order.map(async (side) => {
          runs[side] = await measure(side, repetition)
        }),
      )
    else
      for (const side of order) {
        if (signal.aborted) return null
        runs[side] = await measure(side, repetition)
      }
  } catch (error) {
    if (signal.aborted) return null
    throw error
  }
  const { base, head } = runs
  if (base === undefined || head === undefined) return null
  return base.ended === 'interrupted' || head.ended === 'interrupted' ? null : { base, head }
}

function badMoment(pair: Pair): string | null {
  for (const side of SIDES) {
    const reason = pair[side].invalid.find((each) => BAD_MOMENTS.has(each.reason))
    if (reason !== undefined) return `${side}, ${reason.detail.replace(/\.$/, '')}`
  }
  return null
}
