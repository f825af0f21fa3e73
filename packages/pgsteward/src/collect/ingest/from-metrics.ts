// Metrics into operations, pools and levels: by the names of our package, which are the stable conventions', and the older ones.

import { ATTRIBUTE, METRIC, METRIC_SUFFIX, SCOPE } from '@pgsteward/instrument/names'
import type { OperationIdentity } from '../../model/application.ts'
import { EXPORT_SCOPE } from '../../model/export-scope.ts'
import {
  type BucketCounts,
  fromExplicit,
  fromExponential,
  percentileOf,
} from '../../stats/duration-histogram.ts'
import type { Attributes, HistogramPoint, Metric, NumberPoint } from './decoded.ts'
import type { Increases } from './increases.ts'
import {
  callerOf,
  callName,
  endpointOf,
  isPostgres,
  requestName,
  statementOf,
  statusOf,
  textAt,
} from './known-attributes.ts'
import type { Counted, ReportDraft } from './report-draft.ts'

/** Kinds of which this process sends spans: they are counted there, see from-spans.ts. */
export type CountedBySpans = ReadonlySet<'request' | 'query' | 'call'>

type Named = Partial<OperationIdentity> & Pick<OperationIdentity, 'kind' | 'name'>

const QUERIES = new Set<string>([METRIC.queryDuration])
const REQUESTS = new Set<string>([METRIC.requestDuration, 'http.server.duration'])
const CALLS = new Set<string>([METRIC.callDuration, 'http.client.duration'])
/** Of the SDK itself. */
const IGNORED = /^otel\./

export function readMetrics(
  draft: ReportDraft,
  metrics: readonly Metric[],
  increases: Increases,
  bySpans: CountedBySpans,
): void {
  const pools = poolsOf(draft)
  for (const metric of metrics) {
    if (IGNORED.test(metric.name) || metric.scope === EXPORT_SCOPE) continue
    if (pools.read(metric, increases)) continue
    for (const point of metric.histograms) {
      const increase = increases.ofHistogram(metric, point)
      if (increase === null || increase.count <= 0) continue
      readHistogram(draft, metric, increase, bySpans)
    }
    for (const point of metric.numbers) readNumber(draft, metric, point, increases, bySpans)
  }
  pools.finish()
}

function readHistogram(
  draft: ReportDraft,
  metric: Metric,
  point: HistogramPoint,
  bySpans: CountedBySpans,
): void {
  const { attributes } = point
  const unitMs = MS_PER_UNIT[metric.unit]
  if (QUERIES.has(metric.name)) {
    if (!isPostgres(attributes)) return
    draft.endpoint(endpointOf(attributes))
    if (bySpans.has('query')) return
    draft.add(queryOf(draft, attributes), { ...durations(point, unitMs ?? 1000), errors: errorsOf(point) })
  } else if (REQUESTS.has(metric.name)) {
    if (bySpans.has('request')) return
    const errors = statusOf(attributes) >= 500 ? point.count : 0
    draft.add(
      { kind: 'request', name: requestName(attributes) },
      { ...durations(point, unitMs ?? 1000), errors },
    )
  } else if (CALLS.has(metric.name)) {
    if (bySpans.has('call')) return
    draft.add(
      { kind: 'call', name: callName(attributes), route: textAt(attributes, ATTRIBUTE.withinRequest) },
      { ...durations(point, unitMs ?? 1000), errors: errorsOf(point) },
    )
  } else {
    const name = withoutSuffix(metric, METRIC_SUFFIX.duration)
    // sizes and the like are counted, their sum is no time
    const counted = unitMs === undefined ? { count: point.count } : durations(point, unitMs)
    draft.add(metricOf(draft, name, attributes), counted)
  }
}

function readNumber(
  draft: ReportDraft,
  metric: Metric,
  point: NumberPoint,
  increases: Increases,
  bySpans: CountedBySpans,
): void {
  const { attributes } = point
  if (metric.shape === 'gauge' || !metric.isMonotonic) {
    const { unit, factor } = levelUnit(metric.unit)
    draft.level(metric.name, unit, attributes, point.value * factor)
    return
  }
  const value = increases.ofNumber(metric, point)
  if (value === null || value <= 0) return
  const errors = withoutSuffix(metric, METRIC_SUFFIX.errors)
  const request = { kind: 'request', name: requestName(attributes) } as const
  if (metric.name === METRIC.dropped) {
    draft.drop(textAt(attributes, ATTRIBUTE.droppedKind) ?? 'other', value)
  } else if (metric.name in QUERY_SUMS) {
    if (bySpans.has('query')) return
    draft.add(queryOf(draft, attributes), { [QUERY_SUMS[metric.name]!]: value })
  } else if (metric.name === METRIC.requestQueries) {
    if (!bySpans.has('request')) draft.add(request, { rows: value })
  } else if (metric.name === METRIC.requestQueryTime) {
    const queryMs = value * (MS_PER_UNIT[metric.unit] ?? 1000)
    if (!bySpans.has('request')) draft.add(request, { queryMs })
  } else if (errors !== metric.name) draft.add(metricOf(draft, errors, attributes), { errors: value })
  else draft.add(metricOf(draft, metric.name, attributes), { count: value })
}

const QUERY_SUMS: Readonly<Record<string, 'rows' | 'errors' | 'skippedRows'>> = {
  [METRIC.queryRows]: 'rows',
  [METRIC.queryErrors]: 'errors',
  [METRIC.querySkippedRows]: 'skippedRows',
}

/** Only our own package promises what the ends of its names mean. */
function withoutSuffix({ scope, name }: Metric, suffix: string): string {
  return scope === SCOPE && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name
}

function queryOf(draft: ReportDraft, attributes: Attributes): Named {
  const { name, fingerprint, text } = statementOf(attributes)
  if (fingerprint !== null && text !== null) draft.text(fingerprint, text)
  return {
    kind: 'query',
    name,
    fingerprint,
    route: textAt(attributes, ATTRIBUTE.withinRequest),
    model: textAt(attributes, ATTRIBUTE.model),
    action: textAt(attributes, ATTRIBUTE.action),
    caller: callerOf(attributes),
  }
}

const PLACES = new Set<string>([
  ATTRIBUTE.withinRequest,
  ATTRIBUTE.file,
  ATTRIBUTE.line,
  ATTRIBUTE.function,
  ATTRIBUTE.outcome,
])

function metricOf(draft: ReportDraft, name: string, attributes: Attributes): Named {
  const labels = Object.fromEntries(Object.entries(attributes).filter(([key]) => !PLACES.has(key)))
  return {
    kind: 'metric',
    name,
    route: textAt(attributes, ATTRIBUTE.withinRequest),
    caller: callerOf(attributes),
    labels: draft.labelsOf(labels),
  }
}

/** A stock SDK tells failures by an attribute, ours by a sum of their own. */
function errorsOf({ attributes, count }: HistogramPoint): number {
  return attributes[ATTRIBUTE.errorType] === undefined ? 0 : count
}

/** By UCUM, as metrics' units are written. */
const MS_PER_UNIT: Readonly<Record<string, number>> = {
  s: 1000,
  ms: 1,
  us: 0.001,
  µs: 0.001,
  ns: 1e-6,
  min: 60_000,
  h: 3_600_000,
}

function levelUnit(unit: string): { unit: 'ms' | 'bytes' | 'ratio' | 'count'; factor: number } {
  const ms = MS_PER_UNIT[unit]
  if (ms !== undefined) return { unit: 'ms', factor: ms }
  if (unit === 'By') return { unit: 'bytes', factor: 1 }
  if (unit === 'kBy' || unit === 'KiBy') return { unit: 'bytes', factor: 1024 }
  if (unit === 'MBy' || unit === 'MiBy') return { unit: 'bytes', factor: 1024 ** 2 }
  return unit === '1' ? { unit: 'ratio', factor: 1 } : { unit: 'count', factor: 1 }
}

function durations(point: HistogramPoint, unitMs: number): Partial<Counted> {
  const histogram = countsOf(point, unitMs)
  const highest = histogram.counts.length === 0 ? null : percentileOf(histogram, 1)
  return {
    count: point.count,
    totalMs: (point.sum ?? 0) * unitMs,
    // of a cumulative histogram the maximum is of all its time
    maxMs:
      point.max === null ? (highest ?? 0) : Math.min(point.max * unitMs, highest ?? Number.POSITIVE_INFINITY),
    histogram,
  }
}

function countsOf({ buckets, max }: HistogramPoint, unitMs: number): BucketCounts {
  return buckets.kind === 'exponential'
    ? fromExponential(buckets, unitMs)
    : fromExplicit({ ...buckets, max }, unitMs)
}

const POOL_NAMES = ['db.client.connection.pool.name', 'pool.name']
const POOL_COUNT = new Set<string>([METRIC.poolCount, 'db.client.connections.usage'])
const POOL_MAX = new Set<string>([METRIC.poolMax, 'db.client.connections.max'])
const POOL_PENDING = new Set<string>([METRIC.poolPending, 'db.client.connections.pending_requests'])
const POOL_WAIT = new Set<string>([METRIC.poolWait, 'db.client.connections.wait_time'])
const POOL_METRIC = /^(pgsteward\.)?db\.client\.connections?\./

/** Counts of one state may come in several points; they add up. */
function poolsOf(draft: ReportDraft) {
  const sums = new Map<string, { used: number; idle: number }>()
  const nameOf = (attributes: Attributes) => textAt(attributes, ...POOL_NAMES) ?? 'pool'
  return {
    /** True: it was a metric of pools. */
    read: (metric: Metric, increases: Increases): boolean => {
      if (!POOL_METRIC.test(metric.name)) return false
      for (const { attributes, value } of metric.numbers) {
        const name = nameOf(attributes)
        draft.endpoint(endpointOf(attributes) ?? endpointOfName(name))
        if (POOL_COUNT.has(metric.name)) {
          const sum = sums.get(name) ?? { used: 0, idle: 0 }
          const state = textAt(attributes, ATTRIBUTE.poolState, 'state') === 'idle' ? 'idle' : 'used'
          sum[state] += Math.max(0, value)
          sums.set(name, sum)
        } else if (POOL_MAX.has(metric.name)) draft.pool(name, { max: value })
        else if (POOL_PENDING.has(metric.name)) draft.pool(name, { waiting: Math.max(0, value) })
        else if (metric.name === METRIC.poolOldestCheckout)
          draft.pool(name, { oldestCheckoutMs: value * 1000, oldestCheckoutBy: callerOf(attributes) })
      }
      for (const point of metric.histograms) {
        if (!POOL_WAIT.has(metric.name)) continue
        const waited = increases.ofHistogram(metric, point)
        if (waited === null || waited.count <= 0) continue
        const counts = countsOf(waited, MS_PER_UNIT[metric.unit] ?? 1000)
        draft.pool(nameOf(point.attributes), { waitP95Ms: percentileOf(counts, 0.95) })
      }
      return true
    },
    finish: () => {
      for (const [name, sum] of sums) draft.pool(name, sum)
    },
  }
}

/** A stock SDK names a pool `host:port/database` and says no more. */
function endpointOfName(name: string) {
  const [, host, port, database] = /^([\w.-]+):(\d+)\/([^/?]+)$/.exec(name) ?? []
  return host === undefined || database === undefined ? null : { host, port: Number(port), database }
}
