// How small a p-value has to be, adjusted for all comparisons, for a band. One false alarm in a hundred gates at most, over all looks
// at one experiment: repeating until something shows would find it in noise too, so the hundredth is spent over the looks, most of it
// on the last (as O'Brien and Fleming do, 1979; Bonferroni's sum is on the safe side because the looks share their runs).

export const START_REPETITIONS = 3
export const STEP_REPETITIONS = 2
export const MOST_REPETITIONS = 9

/** At 3, 5, 7 and 9 repetitions. bench/results/gate.md has the false alarms that come of it. */
const SPENT = [0.001, 0.002, 0.004, 0.006] as const
const ONE_LOOK = 0.01

export interface LookNumber {
  readonly repetitions: number
  /** One of several looks at a growing experiment; runs that are compared once may spend all at once. */
  readonly isSequential: boolean
}

export function supportLevel({ repetitions, isSequential }: LookNumber): number {
  if (!isSequential) return ONE_LOOK
  const look = Math.ceil((repetitions - START_REPETITIONS) / STEP_REPETITIONS)
  return SPENT[Math.min(Math.max(look, 0), SPENT.length - 1)]!
}
