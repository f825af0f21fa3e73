// Prometheus' text exposition format 0.0.4. Whatever labels hold, one odd name must not cost the whole scrape.

import type { HistogramSample, Labels, MetricFamily } from './metric-family.ts'

export function prometheusText(families: readonly MetricFamily[]): string {
  return families
    .map((family) => {
      const { name, help, type } = family
      const lines = linesOf(family)
      return lines.length === 0
        ? ''
        : [`# HELP ${name} ${help.replace(/[\\\n]/g, ' ')}`, `# TYPE ${name} ${type}`, ...lines, ''].join(
            '\n',
          )
    })
    .join('')
}

function linesOf(family: MetricFamily): readonly string[] {
  const { name } = family
  if (family.type === 'histogram')
    return family.samples.flatMap((sample) => histogramLines(name, family.bounds, sample))
  return family.samples.flatMap(({ labels, value }) =>
    value === null || Number.isNaN(value) ? [] : [`${name}${labelText(labels)} ${numberText(value)}`],
  )
}

function histogramLines(
  name: string,
  bounds: readonly number[],
  { labels, counts, sum }: HistogramSample,
): readonly string[] {
  const lines: string[] = []
  let upTo = 0
  for (const [index, count] of counts.entries()) {
    upTo += count
    const le = numberText(bounds[index] ?? Number.POSITIVE_INFINITY)
    lines.push(`${name}_bucket${labelText(labels, `le="${le}"`)} ${upTo}`)
  }
  return [...lines, `${name}_sum${labelText(labels)} ${sum}`, `${name}_count${labelText(labels)} ${upTo}`]
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value)
  return value > 0 ? '+Inf' : '-Inf'
}

/** Names that become the same are one label, and the last one wins: a label that stands twice makes the whole text invalid. */
function labelText(labels: Labels, bound?: string): string {
  const byName = new Map(Object.entries(labels).map(([name, value]) => [labelName(name), value]))
  const pairs = [...byName].map(([name, value]) => `${name}="${escapeValue(value)}"`)
  if (bound !== undefined) pairs.push(bound)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

/** Those of histograms and summaries, which no other label may have. */
const TAKEN: ReadonlySet<string> = new Set(['le', 'quantile'])

function labelName(name: string): string {
  const plain = name.replace(/[^a-zA-Z0-9_]/g, '_')
  // names that begin with two underscores are Prometheus' own
  return TAKEN.has(plain) || /^(\d|__|$)/.test(plain) ? `label_${plain}` : plain
}

function escapeValue(value: string): string {
  return value.toWellFormed().replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
