// The recorder's increases and levels as data points of OTLP, each as text beside the metric it belongs to.

import { ATTRIBUTE, METRIC, METRIC_SUFFIX } from '../names.ts'
import type {
  CallIncrease,
  Drained,
  DurationHistogram,
  MetricIncrease,
  PoolState,
  RequestIncrease,
} from '../record/drained.ts'
import { callSiteValues, endpointValues, queryValues, type Values } from './otlp-attributes.ts'
import { attributesOf, histogramOf, nanosOf, numberOf } from './otlp-values.ts'

type Shape = 'delta' | 'level' | 'gauge' | 'histogram'

export interface Point {
  readonly metric: string
  readonly unit: string
  readonly shape: Shape
  readonly json: string
}

const DELTA = 1
const CUMULATIVE = 2

/** `startedAt`: of the process, milliseconds since the epoch; where levels begin. Points of one metric stand side by side. */
export function metricPoints(drained: Drained, startedAt: number): readonly Point[] {
  const points: Point[] = []
  const span = { startTimeUnixNano: nanosOf(drained.from), timeUnixNano: nanosOf(drained.to) }
  const since = { startTimeUnixNano: nanosOf(startedAt), timeUnixNano: span.timeUnixNano }
  let latest: Values | null = null
  let attributes = ''
  const push = (metric: string, unit: string, shape: Shape, values: Values, data: object) => {
    const time = shape === 'level' ? since : shape === 'gauge' ? { timeUnixNano: span.timeUnixNano } : span
    // a statement has points of several metrics with the same attributes, which are most of the work
    if (values !== latest) {
      latest = values
      attributes = JSON.stringify(attributesOf(values))
    }
    const json = `{"attributes":${attributes},${JSON.stringify({ ...time, ...data }).slice(1)}`
    points.push({ metric, unit, shape, json })
  }
  const histogram = (metric: string, values: Values, duration: DurationHistogram) =>
    push(metric, 's', 'histogram', values, histogramOf(duration))
  const add = (metric: string, unit: string, values: Values, increase: number) => {
    if (increase !== 0) push(metric, unit, 'delta', values, numberOf(increase, unit))
  }

  for (const query of drained.queries) {
    const values = queryValues(query)
    histogram(METRIC.queryDuration, values, query.duration)
    add(METRIC.queryRows, '{row}', values, query.rows)
    add(METRIC.querySkippedRows, '{row}', values, query.skippedRows)
    add(METRIC.queryErrors, '{error}', values, query.errors)
  }
  for (const request of drained.requests) {
    const values = requestValues(request)
    histogram(METRIC.requestDuration, values, request.duration)
    add(METRIC.requestQueries, '{query}', values, request.queries)
    add(METRIC.requestQueryTime, 's', values, request.queryMs / 1000)
  }
  for (const call of drained.calls) histogram(METRIC.callDuration, callValues(call), call.duration)
  for (const metric of drained.metrics) {
    const values = metricValues(metric)
    if (metric.kind === 'duration' && metric.duration !== null) {
      histogram(metric.name + METRIC_SUFFIX.duration, values, metric.duration)
      add(metric.name + METRIC_SUFFIX.errors, '{error}', values, metric.errors)
    } else if (metric.kind === 'count') add(metric.name, metric.unit, values, metric.value)
    else if (Number.isFinite(metric.value))
      push(metric.name, metric.unit, 'gauge', values, numberOf(metric.value, metric.unit))
  }
  for (const pool of drained.pools) {
    const values = poolValues(pool)
    const level = (metric: string, unit: string, value: number, more: Values = {}) =>
      push(metric, unit, 'level', { ...values, ...more }, numberOf(value, unit))
    level(METRIC.poolCount, '{connection}', pool.idle, { [ATTRIBUTE.poolState]: 'idle' })
    level(METRIC.poolCount, '{connection}', Math.max(0, pool.total - pool.idle), {
      [ATTRIBUTE.poolState]: 'used',
    })
    level(METRIC.poolMax, '{connection}', pool.max)
    level(METRIC.poolPending, '{request}', pool.waiting)
    if (pool.wait.count > 0) histogram(METRIC.poolWait, values, pool.wait)
    if (pool.oldestCheckoutMs !== null)
      push(
        METRIC.poolOldestCheckout,
        's',
        'gauge',
        { ...values, ...callSiteValues(pool.oldestCheckoutBy) },
        numberOf(pool.oldestCheckoutMs / 1000, 's'),
      )
  }
  for (const [kind, count] of Object.entries(drained.dropped))
    add(METRIC.dropped, '{item}', { [ATTRIBUTE.droppedKind]: kind }, count)
  return points.sort((a, b) => (a.metric < b.metric ? -1 : a.metric > b.metric ? 1 : 0))
}

/** The `metrics` of a body, without brackets: each metric once. */
export function metricsJson(points: readonly Point[]): string {
  const metrics: string[] = []
  for (let from = 0; from < points.length; ) {
    const { metric, unit, shape } = points[from]!
    let to = from + 1
    while (points[to]?.metric === metric && points[to]?.shape === shape && points[to]?.unit === unit) to++
    const dataPoints = `"dataPoints":[${points
      .slice(from, to)
      .map(({ json }) => json)
      .join(',')}]`
    metrics.push(
      `{"name":${JSON.stringify(metric)},"unit":${JSON.stringify(unit)},${dataJson(shape, dataPoints)}}`,
    )
    from = to
  }
  return metrics.join(',')
}

function dataJson(shape: Shape, dataPoints: string): string {
  if (shape === 'gauge') return `"gauge":{${dataPoints}}`
  if (shape === 'histogram') return `"exponentialHistogram":{"aggregationTemporality":${DELTA},${dataPoints}}`
  const temporality = shape === 'delta' ? DELTA : CUMULATIVE
  return `"sum":{"aggregationTemporality":${temporality},"isMonotonic":${shape === 'delta'},${dataPoints}}`
}

function requestValues({ method, route, statusCode }: RequestIncrease): Values {
  return {
    [ATTRIBUTE.method]: method,
    [ATTRIBUTE.route]: route,
    [ATTRIBUTE.scheme]: 'http',
    [ATTRIBUTE.statusCode]: statusCode > 0 ? statusCode : null,
    [ATTRIBUTE.errorType]: statusCode >= 500 ? String(statusCode) : null,
  }
}

function callValues({ method, host, port, route, statusCode }: CallIncrease): Values {
  return {
    [ATTRIBUTE.method]: method,
    [ATTRIBUTE.serverAddress]: host,
    [ATTRIBUTE.serverPort]: port,
    [ATTRIBUTE.withinRequest]: route,
    [ATTRIBUTE.statusCode]: statusCode > 0 ? statusCode : null,
    [ATTRIBUTE.errorType]: statusCode === 0 ? '_OTHER' : statusCode >= 400 ? String(statusCode) : null,
  }
}

function metricValues(metric: MetricIncrease): Values {
  return {
    ...metric.attributes,
    [ATTRIBUTE.withinRequest]: metric.route,
    ...callSiteValues(metric.caller),
  }
}

function poolValues(pool: PoolState): Values {
  return {
    [ATTRIBUTE.poolName]: pool.name,
    [ATTRIBUTE.system]: 'postgresql',
    ...endpointValues(pool.endpoint),
  }
}
