// The sequential rule of an experiment: three repetitions, then two more as long as something is unconfirmed, nine at most. It ends
// early when the verdict is a failure, or for futility when no slowdown of 10 % is left to be found.

import type { ComparedSeries, Comparison } from '../model/comparison.ts'
import { MOST_REPETITIONS, START_REPETITIONS, STEP_REPETITIONS } from './support-level.ts'

export type NextStep =
  | { readonly step: 'continue'; readonly repetitions: number; readonly because: string }
  | { readonly step: 'done'; readonly because: string }

/** `comparison` null: nothing has run yet. */
export function nextStep(
  comparison: Comparison | null,
  repetitions: number,
  most: number = MOST_REPETITIONS,
): NextStep {
  const start = Math.min(START_REPETITIONS, most)
  if (comparison === null || repetitions < start)
    return {
      step: 'continue',
      repetitions: start - repetitions,
      because: `an experiment begins with ${start}`,
    }
  if (comparison.verdict === 'invalid') return { step: 'done', because: 'the runs cannot be compared' }
  if (comparison.verdict === 'fail') return { step: 'done', because: 'a slowdown is confirmed' }
  const open = comparison.series.filter(isOpen)
  if (open.length === 0) return { step: 'done', because: 'everything is decided' }
  if (repetitions >= most)
    return {
      step: 'done',
      because: `${most} repetitions are the most; ${open.length} of ${comparison.comparisons} comparisons stay open`,
    }
  return {
    step: 'continue',
    repetitions: Math.min(STEP_REPETITIONS, most - repetitions),
    because: `${open.length} of ${comparison.comparisons} comparisons ${open.length === 1 ? 'is' : 'are'} not decided`,
  }
}

/** Beyond it a slowdown is looked for further; below, it is a matter for the trunk's series. */
const WORTH_MORE = 1.1

function isOpen({ verdict, band, ratio, upper }: ComparedSeries): boolean {
  if (verdict === 'inconclusive') return true
  return verdict === 'pass' && band === null && (ratio ?? 0) > WORTH_MORE && (upper ?? 0) > WORTH_MORE
}
