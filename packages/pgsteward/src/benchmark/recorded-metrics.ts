// What a benchmark has recorded: samples by metric and by run within this process.

import { StewardError } from '../model/error.ts'
import { median } from '../stats/order-statistics.ts'
import type { BenchmarkMetric, Better } from './benchmark-types.ts'

export interface RecordedMetric {
  readonly name: string
  readonly unit: string
  readonly better: Better
  /** By run; a run may lack it. */
  readonly runs: readonly (readonly number[])[]
}

export class RecordedMetrics {
  readonly #metrics = new Map<string, { unit: string; better: Better; runs: number[][] }>()
  #run = 0

  get isEmpty(): boolean {
    return this.#metrics.size === 0
  }

  nextRun(): void {
    this.#run += 1
  }

  add({ name, value, unit = 'ms', better = 'lower' }: BenchmarkMetric): void {
    const values = typeof value === 'number' ? [value] : value
    for (const each of values)
      if (!Number.isFinite(each) || each < 0)
        throw new StewardError('usage', `${each} is no value of the metric ${JSON.stringify(name)}`, {
          detail: 'A sample is a finite number that is not negative.',
        })
    const known = this.#metrics.get(name) ?? { unit, better, runs: [] }
    if (known.unit !== unit || known.better !== better)
      throw new StewardError('usage', `the metric ${JSON.stringify(name)} has two meanings`, {
        detail: `It was recorded in ${known.unit}, ${known.better} is better; now in ${unit}, ${better} is better.`,
      })
    this.#metrics.set(name, known)
    known.runs[this.#run] ??= []
    known.runs[this.#run]!.push(...values)
  }

  list(): readonly RecordedMetric[] {
    return [...this.#metrics].map(([name, { unit, better, runs }]) => ({
      name,
      unit,
      better,
      runs: runs.filter((samples) => samples !== undefined && samples.length > 0),
    }))
  }
}

/** One value a run: its median, which one slow sample does not move. */
export function valuesOf({ runs }: RecordedMetric): readonly number[] {
  return runs.map((samples) => median(samples))
}
