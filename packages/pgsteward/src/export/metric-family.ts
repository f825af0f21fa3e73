// A metric with all its values at a moment, in no format: what /metrics writes as text and OTLP as data points.

export type Labels = Readonly<Record<string, string>>

export interface NumberFamily {
  /** By Prometheus' conventions: base units, `_total` for counters. */
  readonly name: string
  readonly help: string
  /** A counter counts since this process began. */
  readonly type: 'gauge' | 'counter'
  /** A null value is left out: Prometheus has no word for "not known". */
  readonly samples: readonly { readonly labels: Labels; readonly value: number | null }[]
}

/** Counts since this process began. */
export interface HistogramFamily {
  readonly name: string
  readonly help: string
  readonly type: 'histogram'
  /** Upper bounds, growing, in the unit of the name. */
  readonly bounds: readonly number[]
  readonly samples: readonly HistogramSample[]
}

export interface HistogramSample {
  readonly labels: Labels
  /** One a bound and one for what lies above all of them; not summed up. */
  readonly counts: readonly number[]
  readonly sum: number
}

export type MetricFamily = NumberFamily | HistogramFamily
