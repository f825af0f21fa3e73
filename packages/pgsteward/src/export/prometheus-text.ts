// Prometheus' text exposition format 0.0.4, with its naming conventions: base units, _total for counters.

export interface MetricFamily {
  readonly name: string
  readonly help: string
  readonly type: 'gauge' | 'counter'
  /** A null value is left out: Prometheus has no word for "not known". */
  readonly samples: readonly {
    readonly labels: Readonly<Record<string, string>>
    readonly value: number | null
  }[]
}

export function prometheusText(families: readonly MetricFamily[]): string {
  return families
    .map(({ name, help, type, samples }) => {
      const lines = samples.flatMap(({ labels, value }) =>
        value === null ? [] : [`${name}${labelText(labels)} ${value}`],
      )
      return lines.length === 0
        ? ''
        : [`# HELP ${name} ${help.replace(/[\\\n]/g, ' ')}`, `# TYPE ${name} ${type}`, ...lines, ''].join(
            '\n',
          )
    })
    .join('')
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name.replace(/[^a-zA-Z0-9_]/g, '_')}="${escapeValue(value)}"`,
  )
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
