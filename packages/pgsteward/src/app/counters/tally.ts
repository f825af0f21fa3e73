// Sums since this process began, by metric and labels: what counters and histograms of /metrics and OTLP are. The store's sums would
// fall when history is thinned out; these only grow, and begin again at zero with the process, as Prometheus and OTLP expect.

import type { Labels, MetricFamily } from '../../export/metric-family.ts'
import type { BucketCounts } from '../../stats/duration-histogram.ts'
import { explicitCounts } from '../../stats/explicit-counts.ts'

export interface CounterMetric {
  readonly name: string
  readonly help: string
}

export interface HistogramMetric extends CounterMetric {
  readonly boundsSeconds: readonly number[]
}

interface Sum {
  readonly labels: Labels
  value: number
  readonly counts: number[]
}

export class Tally {
  readonly #metrics = new Map<string, { metric: CounterMetric | HistogramMetric; sums: Map<string, Sum> }>()

  /** By 0 too: a series that is there before anything happened shows the first increase. */
  add(metric: CounterMetric, labels: Labels, increase: number): void {
    if (increase >= 0) this.#sum(metric, labels).value += increase
  }

  observe(metric: HistogramMetric, labels: Labels, durations: BucketCounts, totalMs: number): void {
    const sum = this.#sum(metric, labels)
    const boundsMs = metric.boundsSeconds.map((bound) => bound * 1000)
    for (const [index, count] of explicitCounts(durations, boundsMs).entries())
      sum.counts[index] = (sum.counts[index] ?? 0) + count
    sum.value += Math.max(0, totalMs) / 1000
  }

  families(): readonly MetricFamily[] {
    return [...this.#metrics.values()].map(({ metric: { name, help, ...rest }, sums }) =>
      'boundsSeconds' in rest
        ? {
            name,
            help,
            type: 'histogram',
            bounds: rest.boundsSeconds,
            samples: [...sums.values()].map(({ labels, value, counts }) => ({
              labels,
              counts: [...counts],
              sum: value,
            })),
          }
        : {
            name,
            help,
            type: 'counter',
            samples: [...sums.values()].map(({ labels, value }) => ({ labels, value })),
          },
    )
  }

  #sum(metric: CounterMetric | HistogramMetric, labels: Labels): Sum {
    let entry = this.#metrics.get(metric.name)
    if (entry === undefined) {
      entry = { metric, sums: new Map() }
      this.#metrics.set(metric.name, entry)
    }
    const key = JSON.stringify(Object.entries(labels))
    let sum = entry.sums.get(key)
    if (sum === undefined) {
      sum = { labels, value: 0, counts: [] }
      entry.sums.set(key, sum)
    }
    return sum
  }
}
