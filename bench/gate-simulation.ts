// The gate's rules on simulated repetitions: log ratios of pairs whose runs stray by a given coefficient of variation, normal or with
// heavy tails (Student's t with three degrees of freedom), endpoints correlated as they are on one host. Seeded: the same each time.

import { FAILING_RATIO } from '../packages/pgsteward/src/gate/bands.ts'
import { judgeSamples } from '../packages/pgsteward/src/gate/judge-samples.ts'
import { nextStep } from '../packages/pgsteward/src/gate/next-step.ts'
import { verdictTogether } from '../packages/pgsteward/src/gate/verdict-together.ts'
import { Random } from '../packages/pgsteward/src/load/engine/random.ts'
import type { ComparedSeries, Comparison, Verdict } from '../packages/pgsteward/src/model/comparison.ts'

export type Tail = 'normal' | 'heavy'

export interface SimulatedCell {
  readonly variation: number
  readonly tail: Tail
  readonly comparisons: number
  /** 1.25: head is a quarter slower. */
  readonly factor: number
}

export interface SimulatedResult {
  readonly verdicts: Readonly<Record<Verdict, number>>
  readonly meanRepetitions: number
  /** Of as many single pairs: rose by over 15 %. */
  readonly naive: number
}

/** Shared by all endpoints of a pair: the host's part of the variance. */
const SHARED = 0.6

export function simulate(cell: SimulatedCell, experiments: number, seed: number): SimulatedResult {
  const random = new Random(seed, 0)
  const draw = () => (cell.tail === 'normal' ? normal(random) : heavy(random))
  const verdicts = { pass: 0, warn: 0, fail: 0, inconclusive: 0, invalid: 0 }
  let repetitionsDone = 0
  let naive = 0
  for (let count = 0; count < experiments; count += 1) {
    const differences: number[][] = Array.from({ length: cell.comparisons }, () => [])
    let comparison: Comparison | null = null
    for (;;) {
      const done = differences[0]!.length
      const next = nextStep(comparison, done)
      if (next.step === 'done') break
      for (let more = 0; more < next.repetitions; more += 1) {
        const common = draw()
        for (const each of differences)
          each.push(
            Math.log(cell.factor) +
              cell.variation * Math.SQRT2 * (Math.sqrt(SHARED) * common + Math.sqrt(1 - SHARED) * draw()),
          )
      }
      comparison = judged(differences)
    }
    verdicts[comparison!.verdict] += 1
    repetitionsDone += differences[0]!.length
    if (differences[0]![0]! > Math.log(FAILING_RATIO)) naive += 1
  }
  return { verdicts, meanRepetitions: repetitionsDone / experiments, naive }
}

function judged(differences: readonly (readonly number[])[]): Comparison {
  const samples = differences.map((each) => ({
    sample: { kind: 'paired' as const, differences: [...each] },
    baseMs: 20,
    floor: null,
  }))
  const judgements = judgeSamples(samples, {
    design: 'interleaved',
    repetitions: differences[0]!.length,
    isSequential: true,
  })
  const series = judgements.map((judgement) => judgement as unknown as ComparedSeries)
  // what the sequential rule looks at, and nothing more
  return {
    verdict: verdictTogether(series, [], false),
    series,
    comparisons: series.length,
  } as unknown as Comparison
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
}

/** Student's t with three degrees of freedom, at the standard deviation of 1. */
function heavy(random: Random): number {
  const chi = normal(random) ** 2 + normal(random) ** 2 + normal(random) ** 2
  return normal(random) / Math.sqrt(chi / 3) / Math.sqrt(3)
}

/** A series of 60 commits with a step at the 41st (factor 1: none), strays as given. */
export function trunkSeries(
  variation: number,
  tail: Tail,
  factor: number,
  random: Random,
): readonly number[] {
  return Array.from({ length: 60 }, (_, at) => {
    const noise = tail === 'normal' ? normal(random) : heavy(random)
    return 20 * (at >= 40 ? factor : 1) * Math.exp(variation * noise)
  })
}
