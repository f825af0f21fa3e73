// A body of OTLP as we read it, whichever way it was written: plain numbers, milliseconds, cut texts. Next: to-reports.ts.

import type { BucketCounts } from '../../stats/duration-histogram.ts'

export type Signal = 'metrics' | 'logs' | 'traces'

export type Attributes = Readonly<Record<string, string | number | boolean>>

export interface NumberPoint {
  readonly attributes: Attributes
  readonly startMs: number
  readonly atMs: number
  readonly value: number
}

export type Buckets =
  | ({ readonly kind: 'exponential'; readonly scale: number; readonly zeroCount: number } & BucketCounts)
  | { readonly kind: 'explicit'; readonly bounds: readonly number[]; readonly counts: readonly number[] }

export interface HistogramPoint {
  readonly attributes: Attributes
  readonly startMs: number
  readonly atMs: number
  readonly count: number
  /** In the metric's unit; null where it was not sent. */
  readonly sum: number | null
  readonly max: number | null
  readonly buckets: Buckets
}

export interface Metric {
  /** The instrumentation scope's name. */
  readonly scope: string
  readonly name: string
  readonly unit: string
  readonly shape: 'gauge' | 'sum' | 'histogram'
  readonly isMonotonic: boolean
  readonly isDelta: boolean
  readonly numbers: readonly NumberPoint[]
  readonly histograms: readonly HistogramPoint[]
}

export type SpanKind = 'server' | 'client' | 'other'

export interface Span {
  readonly traceId: string
  readonly spanId: string
  /** Empty: a root. */
  readonly parentSpanId: string
  readonly name: string
  readonly kind: SpanKind
  readonly endMs: number
  readonly durationMs: number
  readonly isError: boolean
  readonly attributes: Attributes
}

export interface LogRecord {
  readonly atMs: number
  readonly event: string
  readonly body: string
  readonly traceId: string
  readonly attributes: Attributes
}

/** What one process sent in one body. */
export interface Decoded {
  readonly resource: Attributes
  readonly metrics: readonly Metric[]
  readonly spans: readonly Span[]
  readonly logs: readonly LogRecord[]
  /** Data points, spans or records beyond the bound. */
  readonly dropped: number
}
