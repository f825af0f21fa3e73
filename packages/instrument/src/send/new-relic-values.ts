// What is measured, in the forms that New Relic's agent takes: metrics as five numbers under a name, events of flat attributes.

import { METRIC_SUFFIX } from '../names.ts'
import type {
  DurationHistogram,
  MetricIncrease,
  QueryIdentity,
  RepeatEvent,
  Scalar,
  SlowQueryEvent,
} from '../record/drained.ts'

/** The agent takes it only with all five. */
export interface AgentMetric {
  readonly count: number
  readonly total: number
  readonly min: number
  readonly max: number
  readonly sumOfSquares: number
}

export type AgentAttributes = Readonly<Record<string, Scalar>>

/** Buckets to a doubling; see DurationHistogram. */
const BUCKETS_PER_OCTAVE = 8
/** Of a custom event's text. */
const MAX_TEXT = 255
/** Of a value in a metric's name. */
const MAX_PART = 40
const MAX_PARTS = 3

/** In seconds. Least and squares are of the buckets' middles, so off by 4.5 % and 9 % at most; count, total and most are exact. */
export function durationMetric(duration: DurationHistogram): AgentMetric {
  const { count, counts, offset, zeroCount } = duration
  const total = duration.sumMs / 1000
  const max = duration.maxMs / 1000
  let min = zeroCount > 0 ? 0 : max
  let sumOfSquares = 0
  for (const [at, inBucket] of counts.entries()) {
    if (inBucket === 0) continue
    const middle = Math.min(max, 2 ** ((offset + at + 0.5) / BUCKETS_PER_OCTAVE) / 1000)
    min = Math.min(min, middle)
    sumOfSquares += inBucket * middle * middle
  }
  // what no five numbers of real values could say would be refused by whoever checks
  return {
    count,
    total,
    min: count === 0 ? 0 : Math.min(min, total / count),
    max,
    sumOfSquares: count === 0 ? 0 : Math.max(sumOfSquares, (total * total) / count),
  }
}

/** One measurement; counts are in its total. */
export function numberMetric(value: number): AgentMetric {
  return { count: 1, total: value, min: value, max: value, sumOfSquares: value * value }
}

/** `message.delivery.duration/sms`: the values of a few attributes, in the order of their names. */
export function metricName({ name, kind, attributes }: MetricIncrease): string {
  const parts = Object.keys(attributes)
    .sort()
    .slice(0, MAX_PARTS)
    .map((key) => String(attributes[key]).replaceAll('/', '_').slice(0, MAX_PART))
  return [bareName({ name, kind }), ...parts].join('/')
}

export function bareName({ name, kind }: Pick<MetricIncrease, 'name' | 'kind'>): string {
  return kind === 'duration' ? name + METRIC_SUFFIX.duration : name
}

/** Parameters stay here; the statement has no literals. */
export function slowQueryAttributes(event: SlowQueryEvent): AgentAttributes {
  return told({
    ...identityAttributes(event),
    durationMs: event.durationMs,
    waitedForPoolMs: event.waitedForPoolMs,
    severity: event.severity,
    rows: event.rows,
    sqlState: event.sqlState,
    happenedAt: event.at,
    traceId: event.traceId,
    spanId: event.spanId,
  })
}

export function repeatAttributes(event: RepeatEvent): AgentAttributes {
  return told({
    ...identityAttributes(event),
    repetitions: event.repetitions,
    totalMs: event.totalMs,
    happenedAt: event.at,
    traceId: event.traceId,
  })
}

function identityAttributes(query: QueryIdentity) {
  return {
    statement: query.text,
    summary: query.summary,
    fingerprint: query.fingerprint,
    operation: query.operation,
    collection: query.collection,
    database: query.endpoint.database,
    model: query.model,
    action: query.action,
    route: query.route,
    caller: query.caller === null ? null : `${query.caller.file}:${query.caller.line}`,
  }
}

/** Without what is unknown; texts are cut as New Relic would, which may halve a character otherwise. */
function told(values: Readonly<Record<string, Scalar | null>>): AgentAttributes {
  const attributes: Record<string, Scalar> = {}
  for (const [name, value] of Object.entries(values)) {
    if (value === null || (typeof value === 'number' && !Number.isFinite(value))) continue
    attributes[name] = typeof value === 'string' ? cut(value) : value
  }
  return attributes
}

function cut(text: string): string {
  if (text.length <= MAX_TEXT) return text
  const shortened = text.slice(0, MAX_TEXT)
  return shortened.isWellFormed() ? shortened : shortened.slice(0, -1)
}
