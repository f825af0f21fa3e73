// A body of OTLP/HTTP, JSON or protobuf, into what one process each told. Unknown fields are ignored, a wrong type is refused.

import type { Decoded, HistogramPoint, LogRecord, Metric, NumberPoint, Signal, Span } from './decoded.ts'
import { readProtobuf } from './otlp-messages.ts'
import {
  attributesOf,
  type Fields,
  fieldsOf,
  idOf,
  listOf,
  MAX_TEXT,
  momentOf,
  numberOf,
  numbersOf,
  optionalNumberOf,
  scalarOf,
  textOf,
  UnreadableBody,
} from './read-value.ts'

export type Encoding = 'json' | 'protobuf'

/** Of a body: data points, spans and log records together. Our own package sends some thousands. */
const MAX_ITEMS = 50_000
/** Exponential histograms have 160 by default; more says nothing more. */
const MAX_BUCKETS = 1_024

/** Throws UnreadableBody. */
export async function decodeOtlp(
  signal: Signal,
  encoding: Encoding,
  bytes: Uint8Array,
): Promise<readonly Decoded[]> {
  const body = await parse(signal, encoding, bytes)
  const budget = { left: MAX_ITEMS, dropped: 0 }
  const resources = listOf(body[RESOURCES[signal]], RESOURCES[signal])
  return resources.map((each) => decodeResource(signal, fieldsOf(each, RESOURCES[signal]), budget))
}

const RESOURCES = { metrics: 'resourceMetrics', logs: 'resourceLogs', traces: 'resourceSpans' } as const
const SCOPES = { metrics: 'scopeMetrics', logs: 'scopeLogs', traces: 'scopeSpans' } as const

async function parse(signal: Signal, encoding: Encoding, bytes: Uint8Array): Promise<Fields> {
  try {
    if (encoding === 'protobuf') return fieldsOf(await readProtobuf(signal, bytes), 'the body')
    return fieldsOf(JSON.parse(Buffer.from(bytes).toString('utf8')), 'the body')
  } catch (error) {
    if (error instanceof UnreadableBody) throw error
    throw new UnreadableBody(`the body is no ${encoding === 'json' ? 'JSON' : 'protobuf'} of ${signal}`)
  }
}

interface Budget {
  left: number
  dropped: number
}

/** Beyond the bound the rest is left out, counted. */
function within(budget: Budget, list: readonly unknown[]): readonly unknown[] {
  const taken = list.slice(0, Math.max(0, budget.left))
  budget.left -= taken.length
  budget.dropped += list.length - taken.length
  return taken
}

function decodeResource(signal: Signal, fields: Fields, budget: Budget): Decoded {
  const droppedBefore = budget.dropped
  const metrics: Metric[] = []
  const spans: Span[] = []
  const logs: LogRecord[] = []
  for (const each of listOf(fields[SCOPES[signal]], SCOPES[signal])) {
    const part = fieldsOf(each, SCOPES[signal])
    const scope = textOf(fieldsOf(part.scope, 'scope').name, 'scope.name')
    if (signal === 'metrics')
      for (const metric of listOf(part.metrics, 'metrics'))
        metrics.push(...metricsOf(scope, fieldsOf(metric, 'metric'), budget))
    else if (signal === 'traces')
      for (const span of within(budget, listOf(part.spans, 'spans')))
        spans.push(spanOf(fieldsOf(span, 'span')))
    else
      for (const record of within(budget, listOf(part.logRecords, 'logRecords')))
        logs.push(logOf(fieldsOf(record, 'logRecord')))
  }
  return {
    resource: attributesOf(fieldsOf(fields.resource, 'resource').attributes, 'the attributes of resource'),
    metrics,
    spans,
    logs,
    dropped: budget.dropped - droppedBefore,
  }
}

const DELTA = new Set<unknown>([1, '1', 'AGGREGATION_TEMPORALITY_DELTA'])

function metricsOf(scope: string, fields: Fields, budget: Budget): readonly Metric[] {
  const name = textOf(fields.name, 'the name of metric', 255)
  const place = `metric ${name}`
  const of = (shape: Metric['shape'], data: Fields, points: Partial<Metric>): Metric => ({
    scope,
    name,
    unit: textOf(fields.unit, `the unit of ${place}`, 63),
    shape,
    isMonotonic: data.isMonotonic === true,
    isDelta: DELTA.has(data.aggregationTemporality),
    numbers: [],
    histograms: [],
    ...points,
  })
  const pointsOf = (data: Fields) => within(budget, listOf(data.dataPoints, `dataPoints of ${place}`))
  const found: Metric[] = []
  for (const shape of ['gauge', 'sum'] as const) {
    if (!isThere(fields, shape)) continue
    const data = fieldsOf(fields[shape], place)
    found.push(
      of(shape, data, { numbers: pointsOf(data).map((each) => numberPointOf(fieldsOf(each, place), place)) }),
    )
  }
  for (const shape of ['histogram', 'exponentialHistogram'] as const) {
    if (!isThere(fields, shape)) continue
    const data = fieldsOf(fields[shape], place)
    const histograms = pointsOf(data).map((each) =>
      histogramPointOf(fieldsOf(each, place), place, shape === 'exponentialHistogram'),
    )
    found.push(of('histogram', data, { histograms }))
  }
  return found
}

function isThere(fields: Fields, name: string): boolean {
  return fields[name] !== undefined && fields[name] !== null
}

function spanOfTime(fields: Fields, place: string) {
  return {
    startMs: momentOf(fields.startTimeUnixNano, `startTimeUnixNano of ${place}`),
    atMs: momentOf(fields.timeUnixNano, `timeUnixNano of ${place}`),
  }
}

function numberPointOf(fields: Fields, place: string): NumberPoint {
  return {
    attributes: attributesOf(fields.attributes, `the attributes of ${place}`),
    ...spanOfTime(fields, place),
    value:
      optionalNumberOf(fields, 'asDouble', `asDouble of ${place}`) ??
      optionalNumberOf(fields, 'asInt', `asInt of ${place}`) ??
      0,
  }
}

function histogramPointOf(fields: Fields, place: string, isExponential: boolean): HistogramPoint {
  return {
    attributes: attributesOf(fields.attributes, `the attributes of ${place}`),
    ...spanOfTime(fields, place),
    count: atLeast0(numberOf(fields.count, `count of ${place}`)),
    sum: optionalNumberOf(fields, 'sum', `sum of ${place}`),
    max: optionalNumberOf(fields, 'max', `max of ${place}`),
    buckets: isExponential ? exponentialOf(fields, place) : explicitOf(fields, place),
  }
}

function exponentialOf(fields: Fields, place: string): HistogramPoint['buckets'] {
  const positive = fieldsOf(fields.positive, `positive of ${place}`)
  const scale = numberOf(fields.scale, `scale of ${place}`)
  const offset = numberOf(positive.offset, `offset of ${place}`)
  if (!Number.isInteger(scale) || scale < -10 || scale > 20)
    throw new UnreadableBody(`scale of ${place} is not within -10 and 20`)
  if (!Number.isInteger(offset)) throw new UnreadableBody(`offset of ${place} is no whole number`)
  return {
    kind: 'exponential',
    scale,
    zeroCount: atLeast0(numberOf(fields.zeroCount, `zeroCount of ${place}`)),
    offset,
    counts: numbersOf(positive.bucketCounts, `bucketCounts of ${place}`, MAX_BUCKETS).map(atLeast0),
  }
}

function explicitOf(fields: Fields, place: string): HistogramPoint['buckets'] {
  const bounds = numbersOf(fields.explicitBounds, `explicitBounds of ${place}`, MAX_BUCKETS)
  const counts = numbersOf(fields.bucketCounts, `bucketCounts of ${place}`, MAX_BUCKETS + 1).map(atLeast0)
  if (counts.length > 0 && counts.length !== bounds.length + 1)
    throw new UnreadableBody(`bucketCounts of ${place} are not one more than explicitBounds`)
  if (bounds.some((bound, index) => index > 0 && bound <= bounds[index - 1]!))
    throw new UnreadableBody(`explicitBounds of ${place} do not grow`)
  return { kind: 'explicit', bounds, counts }
}

function atLeast0(value: number): number {
  return value > 0 ? Math.min(value, Number.MAX_SAFE_INTEGER) : 0
}

const SERVER = new Set<unknown>([2, 'SPAN_KIND_SERVER'])
const CLIENT = new Set<unknown>([3, 'SPAN_KIND_CLIENT'])
const ERROR = new Set<unknown>([2, 'STATUS_CODE_ERROR'])

function spanOf(fields: Fields): Span {
  const startMs = momentOf(fields.startTimeUnixNano, 'startTimeUnixNano of span')
  const endMs = momentOf(fields.endTimeUnixNano, 'endTimeUnixNano of span')
  return {
    traceId: idOf(fields.traceId, 'traceId of span'),
    spanId: idOf(fields.spanId, 'spanId of span'),
    parentSpanId: idOf(fields.parentSpanId, 'parentSpanId of span'),
    name: textOf(fields.name, 'the name of span', 255),
    kind: SERVER.has(fields.kind) ? 'server' : CLIENT.has(fields.kind) ? 'client' : 'other',
    endMs,
    durationMs: Math.max(0, endMs - startMs),
    isError: ERROR.has(fieldsOf(fields.status, 'status of span').code),
    attributes: attributesOf(fields.attributes, 'the attributes of span'),
  }
}

function logOf(fields: Fields): LogRecord {
  const attributes = attributesOf(fields.attributes, 'the attributes of logRecord')
  const body = scalarOf(fields.body, 'the body of logRecord', MAX_TEXT)
  const named = textOf(fields.eventName, 'eventName of logRecord', 255)
  return {
    atMs:
      momentOf(fields.timeUnixNano, 'timeUnixNano of logRecord') ||
      momentOf(fields.observedTimeUnixNano, 'observedTimeUnixNano of logRecord'),
    // before events had a field of their own they were named by an attribute
    event: named !== '' ? named : String(attributes['event.name'] ?? ''),
    body: typeof body === 'string' ? body : '',
    traceId: idOf(fields.traceId, 'traceId of logRecord'),
    attributes,
  }
}
