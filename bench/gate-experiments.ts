// What the gate and naive rules make of measured pairs: experiments grow by the sequential rule, and every pair serves once.

import { compareRuns } from '../packages/pgsteward/src/gate/compare-runs.ts'
import { nextStep } from '../packages/pgsteward/src/gate/next-step.ts'
import { Random } from '../packages/pgsteward/src/load/engine/random.ts'
import type { Comparison, Verdict } from '../packages/pgsteward/src/model/comparison.ts'
import type { LoadRun } from '../packages/pgsteward/src/model/load-run.ts'
import type { Pair } from './gate-runs.ts'

export interface Experiment {
  readonly verdict: Verdict
  readonly repetitions: number
  readonly comparison: Comparison
}

/** One after the other from the pairs, as long as enough are left for the next step. */
export function experimentsOf(pairs: readonly Pair[], isSwapped = false): readonly Experiment[] {
  const done: Experiment[] = []
  let at = 0
  for (;;) {
    let comparison: Comparison | null = null
    let repetitions = 0
    for (;;) {
      const next = nextStep(comparison, repetitions)
      if (next.step === 'done') break
      if (at + repetitions + next.repetitions > pairs.length) return done
      repetitions += next.repetitions
      const used = pairs.slice(at, at + repetitions)
      const [base, head] = [used.map((pair) => pair.base), used.map((pair) => pair.head)]
      comparison = isSwapped ? compareRuns(asSide(head), asSide(base)) : compareRuns(base, head)
    }
    at += repetitions
    if (comparison !== null) done.push({ verdict: comparison.verdict, repetitions, comparison })
  }
}

const asSide = (runs: readonly LoadRun[]) => runs

/** The same pairs in other orders: more experiments, which share their runs. */
export function reshuffled(pairs: readonly Pair[], times: number): readonly Experiment[] {
  const random = new Random(3, pairs.length)
  return Array.from({ length: times }, () => {
    const order = pairs.map((pair) => ({ pair, at: random.next() })).sort((a, b) => a.at - b.at)
    return experimentsOf(order.map(({ pair }) => pair))
  }).flat()
}

/** One run against one: fails when p95 (or any of p50 and p95) of any endpoint, or of all requests, rose by over 15 %. */
export function naiveRules({ base, head }: Pair): { readonly p95: boolean; readonly any: boolean } {
  const rose = (name: string, field: 'p50Ms' | 'p95Ms') => {
    const [before, after] = [base, head].map(
      (run) => run.series.find((series) => series.name === name)?.percentiles[field],
    )
    return (after ?? 0) > (before ?? Number.POSITIVE_INFINITY) * 1.15
  }
  const names = base.series.map(({ name }) => name)
  return { p95: rose('all', 'p95Ms'), any: names.some((name) => rose(name, 'p50Ms') || rose(name, 'p95Ms')) }
}

/** Standard deviation of ln(p50 or p95) between identical runs, from pairs of neighbours; `robust` ignores wild ones. */
export function betweenRuns(
  pairs: readonly Pair[],
  field: 'p50Ms' | 'p95Ms',
): { readonly plain: number; readonly robust: number } {
  const logs = pairs
    .flatMap(({ base, head }) => [base, head])
    .flatMap((run) => Math.log(run.series[0]?.percentiles[field] ?? Number.NaN))
  const sorted = [...logs].sort((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)]!
  const mean = logs.reduce((sum, each) => sum + each, 0) / logs.length
  const deviations = logs.map((each) => Math.abs(each - middle)).sort((a, b) => a - b)
  return {
    plain: Math.sqrt(logs.reduce((sum, each) => sum + (each - mean) ** 2, 0) / Math.max(1, logs.length - 1)),
    robust: 1.4826 * (deviations[Math.floor(deviations.length / 2)] ?? Number.NaN),
  }
}

/** Standard deviation of one run's ln(p50 or p95), from differences within identical pairs. */
export function strayOfPairs(pairs: readonly Pair[], field: 'p50Ms' | 'p95Ms'): number {
  const squares = pairs.map(({ base, head }) => {
    const [before, after] = [base, head].map((run) => run.series[0]?.percentiles[field] ?? Number.NaN)
    return Math.log(after! / before!) ** 2
  })
  return Math.sqrt(squares.reduce((sum, each) => sum + each, 0) / squares.length / 2)
}

/** Wilson's 95 % interval of a share (1927): `2.0 % [0.6-7.0]`. */
export function shareText(hits: number, of: number): string {
  if (of === 0) return '-'
  const z = 1.96
  const ratio = hits / of
  const centre = (ratio + (z * z) / (2 * of)) / (1 + (z * z) / of)
  const half = (z / (1 + (z * z) / of)) * Math.sqrt((ratio * (1 - ratio)) / of + (z * z) / (4 * of * of))
  const percent = (value: number) => Math.max(0, value * 100).toFixed(1)
  return `${hits}/${of} = ${percent(ratio)} % [${percent(centre - half)} to ${percent(centre + half)}]`
}
