// Counters and histograms since the process began as increases since they were told last, for receivers that want delta temporality.

import type { Labels, MetricFamily } from './metric-family.ts'

export interface Increases {
  readonly of: (families: readonly MetricFamily[]) => readonly MetricFamily[]
}

/** Remembers what was told last. Gauges pass; a counter that fell counts from zero. */
export function increases(): Increases {
  const last = new Map<string, readonly number[]>()
  /** Of several numbers that belong together: if one of them fell, all began anew. */
  const since = (key: string, now: readonly number[]): readonly number[] => {
    const before = last.get(key) ?? []
    last.set(key, now)
    const isNew = now.some((value, index) => value < (before[index] ?? 0))
    return isNew ? now : now.map((value, index) => value - (before[index] ?? 0))
  }
  const keyOf = (name: string, labels: Labels) => JSON.stringify([name, ...Object.entries(labels)])
  return {
    of: (families) =>
      families.map((family): MetricFamily => {
        if (family.type === 'gauge') return family
        if (family.type === 'histogram')
          return {
            ...family,
            samples: family.samples.map(({ labels, counts, sum }) => {
              const [sumSince, ...countsSince] = since(keyOf(family.name, labels), [sum, ...counts])
              return { labels, counts: countsSince, sum: sumSince! }
            }),
          }
        return {
          ...family,
          samples: family.samples.map(({ labels, value }) => ({
            labels,
            value: value === null ? null : since(keyOf(family.name, labels), [value])[0]!,
          })),
        }
      }),
  }
}
